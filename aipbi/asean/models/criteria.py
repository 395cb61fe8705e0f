"""The eligibility criteria as versioned data (Framework §2.C, Figure 4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.asean.history import tracked
from aipbi.asean.models.base import Reference, slug
from aipbi.asean.models.editions import Edition, edition_constraints

CRITERIA = 3
PARAMETERS = 9


@tracked
class CriteriaEdition(Edition):
    """One edition of the criteria."""

    class Meta(Edition.Meta):
        verbose_name = _("edition of the criteria")
        verbose_name_plural = _("editions of the criteria")
        constraints = edition_constraints("criteria_edition")


@tracked
class Criterion(Reference):
    """One of the three criteria that a project must meet."""

    natural = ("edition_id", "number")

    edition = models.ForeignKey(
        CriteriaEdition, models.CASCADE, related_name="criteria", verbose_name=_("edition"), db_index=False
    )
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(CRITERIA)]
    )
    title = models.CharField(_("title"), max_length=200)
    clause = models.CharField(_("clause"), max_length=80, help_text=_("Where the Framework says so."))

    class Meta:
        ordering = ("edition", "number")
        verbose_name = _("criterion")
        verbose_name_plural = _("criteria")
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="criterion_number_once"),
            models.CheckConstraint(condition=Q(number__range=(1, CRITERIA)), name="criterion_number_range"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.title}"


@tracked
class Parameter(Reference):
    """One of the nine parameters: what is asked, and what each rating means (R3).

    `edition` repeats the criterion's, so that numbers and codes are unique per edition; a composite
    foreign key in the database keeps the two the same.
    """

    natural = ("edition_id", "number")

    edition = models.ForeignKey(
        CriteriaEdition, models.CASCADE, related_name="parameters", editable=False, verbose_name=_("edition")
    )
    criterion = models.ForeignKey(Criterion, models.CASCADE, related_name="parameters", verbose_name=_("criterion"))
    number = models.PositiveSmallIntegerField(
        _("number"), validators=[MinValueValidator(1), MaxValueValidator(PARAMETERS)]
    )
    code = models.CharField(_("code"), max_length=40, validators=[slug])
    question = models.CharField(_("question"), max_length=300)
    help = models.TextField(_("help"))
    level_0 = models.TextField(_("level 0"))
    level_1 = models.TextField(_("level 1"))
    level_2 = models.TextField(_("level 2"))
    level_3 = models.TextField(_("level 3"))
    level_4 = models.TextField(_("level 4"))

    class Meta:
        ordering = ("edition", "number")
        verbose_name = _("parameter")
        verbose_name_plural = _("parameters")
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="parameter_number_once"),
            models.UniqueConstraint(fields=["edition", "code"], name="parameter_code_once"),
            models.CheckConstraint(condition=Q(number__range=(1, PARAMETERS)), name="parameter_number_range"),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {self.question}"

    @property
    def levels(self) -> tuple[str, str, str, str, str]:
        """What the ratings 0 to 4 mean, in that order (R3)."""
        return self.level_0, self.level_1, self.level_2, self.level_3, self.level_4

    def clean(self) -> None:
        """Raise ValidationError where the edition has the number or code already."""
        super().clean()
        if not self.criterion_id:
            return
        others = Parameter.objects.filter(edition_id=self.criterion.edition_id).exclude(pk=self.pk)
        for name in ("number", "code"):
            if others.filter(**{name: getattr(self, name)}).exists():
                raise ValidationError({name: _("Another parameter of this edition has it already.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, with the edition of the criterion."""
        self.edition_id = self.criterion.edition_id
        super().save(*args, **kwargs)
