"""Sectors, value chains and their stages, and the chapters of the Harmonized System (P1)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, Reference, matches, slug

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
