"""Random portfolios for disclosure control: few projects, skewed sizes, releases with projects added or gone."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from monitoring.disclosure import (
    ONE_WAY,
    Contribution,
    Contributions,
    Dimension,
    Indicator,
    Outcome,
    Parameters,
    Table,
    protect,
)

AMOUNT = Indicator("jobs")


@dataclass(frozen=True, slots=True)
class Portfolio:
    """What was reported, release by release, and under which rules it is told."""

    dimensions: tuple[Dimension, ...]
    rules: Parameters
    releases: tuple[tuple[Contribution, ...], ...]

    def told(self, tables: Sequence[Table] = ONE_WAY) -> list[Outcome]:
        """Protect the releases one after the other, each in the light of those before."""
        outcomes: list[Outcome] = []
        for rows in self.releases:
            earlier = [one.as_earlier() for one in outcomes]
            given = Contributions(rows)
            outcomes.append(protect(given, [AMOUNT], self.dimensions, tables=tables, rules=self.rules, earlier=earlier))
        return outcomes


def portfolio(seed: int) -> Portfolio:
    """Make one: 6 to 14 projects of 6 to 14 groups in 4 to 6 Member States, told in two or three releases."""
    chance = random.Random(seed)
    states = "ABCDEF"[: chance.choice([4, 6])]
    sectors = ["I", "II", "III"][: chance.choice([2, 3])]
    years = ["2025", "2026"]
    dimensions = (
        Dimension("ams", dict.fromkeys(states)),
        Dimension("sector", dict.fromkeys(sectors)),
        Dimension("year", dict.fromkeys(years)),
    )
    rules = Parameters(min_contributors=chance.choice([3, 5]), p_percent=chance.choice([5, 10, 15]))
    groups = [f"g{number}" for number in range(chance.randint(6, 14))]
    spread = chance.choice([0.5, 1.0, 1.5])

    def project(name: str) -> list[Contribution]:
        return _project(chance, name, groups, states=states, sectors=sectors, years=years, spread=spread)

    projects = [project(f"p{n}") for n in range(chance.randint(6, 14))]
    releases, added = [projects], 0
    for _turn in range(chance.choice([1, 2])):
        now = [list(rows) for rows in releases[-1]]
        for _change in range(chance.randint(1, 5)):
            what = chance.choice(["added", "gone", "corrected"])
            if what == "added":
                added += 1
                now.append(project(f"q{added}"))
            elif what == "gone" and len(now) > 3:  # noqa: PLR2004 - something must be left
                now.pop(chance.randrange(len(now)))
            else:
                rows = now[chance.randrange(len(now))]
                which = chance.randrange(len(rows))
                rows[which] = rows[which]._replace(value=round(rows[which].value * chance.uniform(0.5, 1.5), 1) + 0.1)
        releases.append(now)
    return Portfolio(dimensions, rules, tuple(tuple(row for rows in one for row in rows) for one in releases))


def _project(
    chance: random.Random,
    name: str,
    groups: list[str],
    *,
    states: str,
    sectors: list[str],
    years: list[str],
    spread: float,
) -> list[Contribution]:
    group, sector = chance.choice(groups), chance.choice(sectors)
    return [
        Contribution(name, group, state, sector, year, AMOUNT.code, round(chance.lognormvariate(4, spread), 1) + 0.1)
        for state in chance.sample(states, chance.choice([1, 2, 2, 3]))
        for year in years[chance.choice([0, 0, 1]) :]
    ]
