"""The ratings side by side as a picture: a dot for each expert's level, a line over the spread, a mark at the mean (R6).

Pure. The table beside it says the same; the picture needs no colour to be read.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from review.assessments.figures import Line

LEFT, STEP, ROW, TOP, RIGHT = 120, 120, 52, 34, 24
DOT = 11
LEVELS = range(5)


@dataclass(frozen=True, slots=True)
class Dot:
    """The experts who gave one level: their letters, and the place of the dot."""

    x: int
    y: int
    letters: str
    width: int

    @property
    def left(self) -> int:
        """Where it begins."""
        return self.x - self.width // 2


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter."""

    line: Line
    y: int
    dots: tuple[Dot, ...]
    start: int
    end: int
    mean_x: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The whole picture, in points."""

    rows: tuple[Row, ...]
    columns: tuple[tuple[int, int], ...]
    width: int
    height: int

    @property
    def bottom(self) -> int:
        """Where the lines of the levels end."""
        return self.height - 10


def draw(lines: Sequence[Line], experts: Sequence[str]) -> Chart:
    """Return the picture of the lines; `experts` are the letters in the order of their levels."""
    rows = tuple(_row(one, experts, TOP + ROW * place + ROW // 2) for place, one in enumerate(lines))
    columns = tuple((level, _x(level)) for level in LEVELS)
    return Chart(rows, columns, LEFT + STEP * (len(LEVELS) - 1) + STEP // 2 + RIGHT, TOP + ROW * len(lines) + 14)


def _x(level: float) -> int:
    return round(LEFT + STEP * level)


def _row(line: Line, experts: Sequence[str], y: int) -> Row:
    given: dict[int, list[str]] = {}
    for letter, level in zip(experts, line.levels, strict=True):
        given.setdefault(level, []).append(letter)
    dots = tuple(
        Dot(_x(level), y, " ".join(letters), 2 * DOT + 14 * (len(letters) - 1))
        for level, letters in sorted(given.items())
    )
    return Row(line, y, dots, _x(min(line.levels)), _x(max(line.levels)), _x(float(line.mean)))
