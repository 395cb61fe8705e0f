"""Closed lists that the code itself depends on; open lists are rows in tables."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class BodyKind(TextChoices):
    """What sort of ASEAN body it is, which says to whom it can escalate."""

    COUNCIL = "council", _("Council")
    MINISTERIAL = "ministerial", _("Ministerial body")
    SENIOR_OFFICIALS = "senior_officials", _("Senior officials")
    COMMITTEE = "committee", _("Committee or experts' group")
    FUND = "fund", _("Fund")
    ASSOCIATED = "associated", _("Associated entity")


class Counts(TextChoices):
    """Which days a clock counts."""

    WORKING = "working", _("Working days")
    CALENDAR = "calendar", _("Calendar days")


class Aggregation(TextChoices):
    """How an indicator adds up over projects and Member States (M1)."""

    SUM = "sum", _("Sum")
    SUM_EXPORTER_SIDE = "sum_exporter_side", _("Sum, each trade counted once on the exporter's side")
    SUM_SAME_METHOD = "sum_same_method", _("Sum of figures made by the same method")
    RATIO_OF_SUMS = "ratio_of_sums", _("Sum of numerators over sum of denominators")
    COUNT_DISTINCT = "count_distinct", _("Count, each thing once")
    COUNT_DISTINCT_BY_STATUS = "count_distinct_by_status", _("Count by status, each thing once")
    DERIVED = "derived", _("Derived from other indicators")
    NONE = "none", _("Does not add up")


class Better(TextChoices):
    """In which direction an indicator improves."""

    UP = "up", _("Higher is better")
    DOWN = "down", _("Lower is better")
    NONE = "none", _("No direction")


class DefaultKind(TextChoices):
    """What a setting holds, in the words PostgreSQL has for JSON values."""

    STRING = "string", _("Text")
    BOOLEAN = "boolean", _("Yes or no")
    NUMBER = "number", _("Whole number")
