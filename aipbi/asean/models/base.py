"""What rows of reference data have in common: a natural key, and an order."""

from typing import Any, ClassVar, Generic, Self, TypeVar

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=models.Model)

SLUG = r"^[a-z][a-z0-9_]*$"
# One message for the form; the database holds the same pattern as a check constraint.
slug = RegexValidator(SLUG, _("Use small letters, digits and underscores, beginning with a letter."))


def matches(field: str, pattern: str, name: str) -> models.CheckConstraint:
    """Return the constraint that `field` matches the regular expression `pattern`."""
    return models.CheckConstraint(condition=Q(**{f"{field}__regex": pattern}), name=name)


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Return the constraint that `field` holds one of the `choices`."""
    return models.CheckConstraint(condition=Q(**{f"{field}__in": choices.values}), name=name)


def ends_after_it_starts(row: Any) -> None:
    """Raise ValidationError beside `ends` where it is before `starts`: PostgreSQL makes no range of such days."""
    if row.starts and row.ends and row.ends < row.starts:
        raise ValidationError({"ends": _("The last day must not be before the first day.")})


class NaturalManager(models.Manager[M], Generic[M]):
    """Finds a row by its natural key, the tuple of fields in the model's `natural`."""

    def get_by_natural_key(self, *values: object) -> M:
        """Return the row with these values of the natural key; raise `DoesNotExist`."""
        return self.get(**dict(zip(self.model.natural, values, strict=True)))  # type: ignore[attr-defined]


class Reference(models.Model):
    """A row of reference data, known by its natural key."""

    natural: ClassVar[tuple[str, ...]] = ("code",)

    objects: ClassVar[NaturalManager[Self]] = NaturalManager()

    class Meta:
        abstract = True

    def natural_key(self) -> tuple[Any, ...]:
        """Return the values of the natural key, in the order of `natural`."""
        return tuple(getattr(self, field) for field in self.natural)


class Coded(Reference):
    """A list entry: a code that is stored and compared, a label that is shown, and a place."""

    code = models.CharField(_("code"), max_length=40, primary_key=True, validators=[slug])
    label = models.CharField(_("label"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta(Reference.Meta):
        abstract = True
        ordering = ("order", "code")

    def __str__(self) -> str:
        return self.label
