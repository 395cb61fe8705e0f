"""The categories of facilitation and the ASEAN bodies that can act on them (Framework §2.A, §2.B)."""

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aipbi.asean.enums import BodyKind
from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, NaturalManager, Reference, one_of


@tracked
class Category(Coded):
    """One of the kinds of help that the portal arranges (Framework §2.A)."""

    description = models.TextField(_("description"))

    class Meta(Coded.Meta):
        verbose_name = _("category of facilitation")
        verbose_name_plural = _("categories of facilitation")


class Bodies(NaturalManager["Body"]):
    """ASEAN bodies, found by date."""

    def on(self, day: date) -> models.QuerySet["Body"]:
        """Return the bodies that exist on `day`."""
        return self.filter(
            Q(active_from__isnull=True) | Q(active_from__lte=day),
            Q(active_until__isnull=True) | Q(active_until__gte=day),
        )


@tracked
class Body(Reference):
    """An ASEAN body that can act on a barrier, or above one that can."""

    natural = ("acronym",)

    acronym = models.CharField(_("acronym"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind.choices)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("reports to")
    )
    categories = models.ManyToManyField(
        Category, through="BodyCategory", related_name="bodies", verbose_name=_("categories"), blank=True
    )
    active_from = models.DateField(_("first day"), null=True, blank=True)
    active_until = models.DateField(_("last day"), null=True, blank=True)

    objects: ClassVar[Bodies] = Bodies()

    class Meta:
        ordering = ("acronym",)
        verbose_name = _("ASEAN body")
        verbose_name_plural = _("ASEAN bodies")
        constraints = [
            one_of("kind", BodyKind, "body_kind_known"),
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="body_not_its_own_parent",
                violation_error_message=_("A body does not report to itself."),
            ),
            models.CheckConstraint(
                condition=Q(active_until__isnull=True)
                | Q(active_from__isnull=True)
                | Q(active_until__gte=F("active_from")),
                name="body_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
        ]

    def __str__(self) -> str:
        return self.acronym


@tracked
class BodyCategory(Reference):
    """That a body can act in a category; a table of its own so that its changes are kept too."""

    natural = ("body_id", "category_id")

    body = models.ForeignKey(Body, models.CASCADE, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))

    class Meta:
        verbose_name = _("category of the body")
        verbose_name_plural = _("categories of the body")
        constraints = [models.UniqueConstraint(fields=["body", "category"], name="body_category_once")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.category_id}"
