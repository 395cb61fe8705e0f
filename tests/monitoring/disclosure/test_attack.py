"""Nobody recovers a group's figure: an attack that was written apart from what it attacks (M5)."""

from benchmarks.attacker import attack
from benchmarks.disclosure import threshold_only
from benchmarks.portfolios import portfolio
from monitoring.disclosure import Table
from monitoring.releases.enums import Audience
from monitoring.releases.protecting import TABLES

# In 269, B in the first release was suppressed, and a second in which its project was gone would have told it.
SEEDS = (269, 277, 5000, 5001, 5002, 5003)


def test_nothing_is_recovered_from_random_portfolios_over_several_releases():
    told = 0
    for seed in SEEDS:
        given = portfolio(seed)
        outcomes = given.told()
        assert attack(given.releases, outcomes, given.rules.p_percent) == [], seed
        told += sum(one.kept.published for one in outcomes)
    assert told > 10, "safety is not bought by publishing nothing"


def test_nothing_is_recovered_from_the_tables_that_the_fg_gvc_reads():
    given = portfolio(5002)
    outcomes = given.told([Table(names) for names in TABLES[Audience.INSIDE]])
    assert attack(given.releases, outcomes, given.rules.p_percent) == []


def test_the_attack_succeeds_where_only_the_number_of_contributors_is_looked_at():
    given = portfolio(5002)
    plain = [threshold_only(one, given.rules) for one in given.told()]
    assert attack(given.releases, plain, given.rules.p_percent) != []
