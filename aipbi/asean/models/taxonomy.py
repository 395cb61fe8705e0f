"""Sectors, value chains and their stages, fields of expertise, and the chapters of the Harmonized System (P1, R1)."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, Reference, matches, slug
from aipbi.asean.models.bodies import Category
from aipbi.asean.models.criteria import Parameter

# HS 2022 has chapters 01 to 97; chapter 77 is reserved and holds no goods.
HS_CHAPTER = r"^(0[1-9]|[1-68][0-9]|7[0-689]|9[0-7])$"


@tracked
class Sector(Coded):
    """An industrial sector."""

    class Meta(Coded.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


@tracked
class ValueChain(Coded):
    """A value chain inside a sector."""

    sector = models.ForeignKey(Sector, models.PROTECT, related_name="chains", verbose_name=_("sector"))

    class Meta(Coded.Meta):
        verbose_name = _("value chain")
        verbose_name_plural = _("value chains")


@tracked
class Stage(Reference):
    """A step of a value chain, in the order in which things move through it."""

    natural = ("chain_id", "code")

    chain = models.ForeignKey(
        ValueChain, models.PROTECT, related_name="stages", verbose_name=_("value chain"), db_index=False
    )
    code = models.CharField(_("code"), max_length=40, validators=[slug])
    label = models.CharField(_("label"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("chain", "order", "code")
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [models.UniqueConstraint(fields=["chain", "code"], name="stage_once_per_chain")]

    def __str__(self) -> str:
        return self.label


def _codes(label: Any) -> ArrayField:
    """Return a column of codes, written as `one,two` in the administration and `one;two` in a file."""
    return ArrayField(models.CharField(max_length=40), verbose_name=label, blank=True, default=list)


@tracked
class Expertise(Coded):
    """A field in which experts are at home, and what of a case it bears on (R1).

    `sectors`, `categories` (of facilitation) and `parameters` hold codes: an expert of the field
    suits a case of such a sector, with such a roadblock or request, or that answers such a parameter.
    """

    sectors = _codes(_("sectors"))
    categories = _codes(_("categories of facilitation"))
    parameters = _codes(_("parameters of the criteria"))

    class Meta(Coded.Meta):
        verbose_name = _("field of expertise")
        verbose_name_plural = _("fields of expertise")

    def clean(self) -> None:
        """Raise ValidationError for a code that nothing carries."""
        super().clean()
        if faults := dict(self._faults()):
            raise ValidationError(faults)

    def _faults(self) -> Iterator[tuple[str, str]]:
        for field, model in (("sectors", Sector), ("categories", Category), ("parameters", Parameter)):
            known = set(model._default_manager.values_list("code", flat=True))
            if unknown := sorted(set(getattr(self, field)) - known):
                yield field, say("Nothing has the code %(codes)s.") % {"codes": ", ".join(unknown)}


@tracked
class HSChapter(Reference):
    """A chapter of the Harmonized System, 2022 edition."""

    code = models.CharField(
        _("chapter"),
        max_length=2,
        primary_key=True,
        validators=[RegexValidator(HS_CHAPTER, _("Chapters run from 01 to 97; there is no chapter 77."))],
    )
    title = models.CharField(_("title"), max_length=120)

    class Meta:
        ordering = ("code",)
        verbose_name = _("HS chapter")
        verbose_name_plural = _("HS chapters")
        constraints = [matches("code", HS_CHAPTER, "hs_chapter_exists")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
