"""What the FG-GVC reads in two ways at once stands an attack, together with all that is public (M5, M7)."""

from types import SimpleNamespace

import pytest

from aipbi.accounts.days import today
from benchmarks.attacker import attack
from benchmarks.portfolios import portfolio
from monitoring.disclosure import Cell, Contributions, Status
from monitoring.models import Release
from monitoring.releases import protecting, work
from tests.support import world

PLACES = dict(zip("ABCDEF", ["TH", "VN", "LA", "KH", "ID", "MY"], strict=True))
SECTORS = {"I": "automotive", "II": "new_energy", "III": "ev_upstream"}


def reported(seed):
    """The first release of a random portfolio, in the portal's own codes and in whole numbers."""
    for row in portfolio(seed).releases[0]:
        codes = {"ams": PLACES[row.ams], "sector": SECTORS[row.sector], "indicator": "E1"}
        yield row._replace(value=round(row.value) + 1.0, **codes)


def as_told(decided):
    """What a reader of a telling sees."""
    cells = [
        Cell("E1", tuple(sorted(cell["at"].items())), Status(cell["status"]), value=cell["value"])
        for cell in decided["cells"]
        if cell["indicator"] == "E1"
    ]
    return SimpleNamespace(cells={cell.coords: cell for cell in cells})


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(5003, id="with the public's tables left out of account, 8 figures are recovered"),
        pytest.param(5007, id="with each two-way table by itself, or the grand total left out, some are"),
    ],
)
def test_nothing_is_recovered_from_the_two_way_tables_and_all_that_is_public(db, seed):
    world.offices()
    figures = list(reported(seed))
    release = Release(figures_until=today())
    filed, _kept = work.decided(Contributions(figures), protecting.indicators(today()), release, lambda *_of: None)
    public, inside = filed["decided"]
    assert {len(cell["at"]) for cell in inside["cells"] if cell["status"] == "published"} == {0, 1, 2}
    told = [as_told(public), as_told(inside)]
    assert attack([figures, figures], told, public["rules"]["p_percent"], protecting.CROSSED) == []
