"""What comes out: each cell with its sign, for the public and, with reasons and proof, for the Secretariat."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from monitoring.disclosure.data import Contributions, Coords, Earlier, Key
from monitoring.disclosure.rules import Reason


class Status(StrEnum):
    """What stands in a cell."""

    PUBLISHED = "published"
    ZERO = "zero"
    SUPPRESSED = "suppressed"
    NOT_REPORTED = "not_reported"


SIGNS: Mapping[Status, str] = {Status.ZERO: "0", Status.SUPPRESSED: "c", Status.NOT_REPORTED: ":"}
"""What is printed instead of a value: `c` for confidential, `:` for not reported, as Eurostat does."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a release. `value`, `reason`, `interval` and `contributors` are for the Secretariat alone."""

    indicator: str
    coords: Coords
    status: Status
    value: float | None = None
    reason: Reason | None = None
    interval: tuple[float, float] | None = None
    """What an outsider can tell of a suppressed value from everything that is public."""
    contributors: int = 0

    @property
    def shown(self) -> str | float | None:
        """What may be published: a number, or a sign."""
        return self.value if self.status == Status.PUBLISHED else SIGNS[self.status]


@dataclass(frozen=True, slots=True)
class Proof:
    """What the audit of one family of indicators did."""

    indicators: tuple[str, ...]
    questions: int
    """Figures and sensitive cells, times two sides, that the solver had to be asked about."""
    programmes: int
    """Linear programmes solved on the way."""
    unanswered: int
    """Questions left open by the final pattern: those that earlier releases have answered, else 0."""
    cheapest: bool
    """Whether the pattern is proven to be the cheapest."""
    fallback: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """How much information a release keeps."""

    cells: int
    published: int
    primary: int
    complementary: int
    value: float
    """Sum over indicators of all cells' absolute values, each as a share of its indicator's; so at most their number."""
    value_suppressed: float

    @property
    def share(self) -> float:
        """The share of reported cells that is published."""
        return self.published / self.cells if self.cells else 0.0


@dataclass(slots=True)
class Outcome:
    """A release, ready to be looked at: who publishes it takes `public()` and nothing else."""

    contributions: Contributions
    projects: int
    """How many projects report; published also where nothing else can be."""
    cells: dict[Key, Cell]
    proofs: list[Proof] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What the Secretariat must know: fallbacks, what earlier releases have told, that nothing passes."""

    def public(self) -> list[dict[str, str | float | None]]:
        """Return the rows that may leave the portal: values and signs, without reasons, parameters or intervals."""
        return [{"indicator": cell.indicator, **dict(cell.coords), "value": cell.shown} for cell in self.cells.values()]

    def as_earlier(self) -> Earlier:
        """Return the release as later ones must take it into account."""
        shown = {Status.PUBLISHED, Status.ZERO}
        return Earlier(self.contributions, frozenset(key for key, cell in self.cells.items() if cell.status in shown))

    @property
    def kept(self) -> Kept:
        """Measure what was kept."""
        return kept(list(self.cells.values()))


def kept(cells: Sequence[Cell]) -> Kept:
    """Measure how much of the reported cells is published."""
    reported = [cell for cell in cells if cell.status != Status.NOT_REPORTED]
    hidden = [cell for cell in reported if cell.status == Status.SUPPRESSED]
    extra = {Reason.COMPLEMENTARY, Reason.RATIO, Reason.FALLBACK}
    whole: dict[str, float] = {}
    for cell in reported:
        whole[cell.indicator] = whole.get(cell.indicator, 0.0) + abs(cell.value or 0.0)
    return Kept(
        cells=len(reported),
        published=len(reported) - len(hidden),
        primary=sum(cell.reason not in extra for cell in hidden),
        complementary=sum(cell.reason in extra for cell in hidden),
        value=float(sum(total > 0 for total in whole.values())),
        value_suppressed=sum(abs(cell.value or 0.0) / (whole[cell.indicator] or 1.0) for cell in hidden),
    )
