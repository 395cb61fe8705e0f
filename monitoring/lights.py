"""The light of an indicator, with the rule that made it in words: the way gone against the time gone (M4).

Time runs from the first day of the project to the end of the plan's last period. On course is who has gone at
least nine tenths of the way that the time gone asks for, behind who has gone half of it, off course who has
gone less. A line whose target is its baseline is on course as long as it holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.enums import Better
from monitoring.progress import Progress, Row

ON_COURSE, BEHIND = Decimal("0.9"), Decimal("0.5")
HUNDRED = Decimal(100)


class Course(TextChoices):
    """How far a line is where it should be by now."""

    ON_COURSE = "on_course", gettext_lazy("On course")
    BEHIND = "behind", gettext_lazy("Behind")
    OFF_COURSE = "off_course", gettext_lazy("Off course")
    UNKNOWN = "unknown", gettext_lazy("Not known")

    @property
    def tone(self) -> str:
        """Colour of its tag; the words say the same."""
        return {"on_course": "green", "behind": "yellow", "off_course": "red", "unknown": "grey"}[self.value]


@dataclass(frozen=True, slots=True)
class Light:
    """Where a line stands, and why in one sentence."""

    course: Course
    words: str

    @property
    def label(self) -> str:
        """The light in words."""
        return str(self.course.label)

    @property
    def tone(self) -> str:
        """Colour of its tag."""
        return self.course.tone


def put(found: Iterable[Progress], begins: date, ends: date) -> list[Progress]:
    """Return the progress with a light on each row, for a project that runs between the two days."""
    return [replace(one, rows=[replace(row, light=_of(row, one, begins, ends)) for row in one.rows]) for one in found]


def whole(one: Progress) -> Light:
    """Return the light of an indicator: of all Member States together where they add up, else the worst of theirs."""
    lights = [row.light for row in one.rows if row.light is not None]
    together = [row.light for row in one.rows if row.total and row.light is not None and row.target is not None]
    worst = [Course.OFF_COURSE, Course.BEHIND, Course.UNKNOWN, Course.ON_COURSE]
    return together[0] if together else min(lights, key=lambda light: worst.index(light.course))


def _of(row: Row, one: Progress, begins: date, ends: date) -> Light:
    reports = [other.report for other in ([row] if row.report else one.rows) if other.report is not None]
    if row.actual is None or not reports:
        return Light(Course.UNKNOWN, _("No figure has been accepted yet."))
    if row.target is None:
        return Light(Course.UNKNOWN, _("It has no target of its own."))
    base, until = row.baseline or Decimal(0), max(report.period_until for report in reports)
    if row.target == base:
        worse = row.actual > base if one.head.indicator.better == Better.DOWN else row.actual < base
        course = Course.OFF_COURSE if worse else Course.ON_COURSE
        return Light(course, _("The target is to hold the baseline.") + (" " + _("It fell back.") if worse else ""))
    days = Decimal((until - begins).days + 1) / Decimal(max((ends - begins).days + 1, 1))
    gone, way = min(max(days, Decimal(0)), Decimal(1)), (row.actual - base) / (row.target - base)
    said = {"way": f"{way * HUNDRED:.0f}", "time": f"{gone * HUNDRED:.0f}", "day": date_format(until, "j F Y")}
    words = _("%(way)s %% of the way by %(day)s, when %(time)s %% of the time was gone.") % said
    if way >= gone * ON_COURSE:
        return Light(Course.ON_COURSE, words)
    if way >= gone * BEHIND:
        return Light(Course.BEHIND, words + " " + _("That is less than nine tenths of what the time asks for."))
    return Light(Course.OFF_COURSE, words + " " + _("That is less than half of what the time asks for."))
