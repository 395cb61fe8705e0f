"""What the editions of criteria and of indicators share."""

from datetime import date
from typing import ClassVar, Self, TypeVar

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.asean.models.base import NaturalManager, Reference, matches

E = TypeVar("E", bound="Edition")
EDITION = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


class EditionManager(NaturalManager[E]):
    """Editions, found by date."""

    def in_force(self, day: date) -> E | None:
        """Return the newest edition in force on `day`, or None."""
        return self.filter(in_force_from__lte=day).order_by("-in_force_from").first()


class Edition(Reference):
    """A dated edition: a case keeps the one it began with, whatever comes after."""

    code = models.CharField(
        _("edition"),
        max_length=7,
        primary_key=True,
        validators=[RegexValidator(EDITION, _("Write the year and the month, for example 2025-01."))],
    )
    label = models.CharField(_("label"), max_length=120)
    in_force_from = models.DateField(_("in force from"), unique=True)

    objects: ClassVar[EditionManager[Self]] = EditionManager()

    class Meta:
        abstract = True
        ordering = ("-in_force_from",)

    def __str__(self) -> str:
        return self.label


def edition_constraints(model: str) -> list[models.BaseConstraint]:
    """Return the constraints that every table of editions has; names are unique per table."""
    return [matches("code", EDITION, f"{model}_code_year_month")]
