"""What a frozen version says, in the form in which other cases are compared with it (P9)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from proposals.models.proposal import Proposal
from proposals.models.version import Version


class ProfileQuerySet(models.QuerySet["Profile"]):
    """Profiles by who may open their case."""

    def visible_to(self, viewer: Capacity) -> "ProfileQuerySet":
        """Keep the profiles of the cases the capacity may open."""
        return self.filter(proposal__in=Proposal.objects.visible_to(viewer))


class Profile(models.Model):
    """One row per case that was handed in, about its newest version; `profiles.keep` writes it when one is frozen."""

    proposal = models.OneToOneField(Proposal, primary_key=True, on_delete=models.PROTECT, related_name="profile")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    # The first proposal of those that were handed in again one after the other; they are one project.
    family = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()
    value_chain = models.CharField(max_length=60)
    # `stage:AMS`, as in `cells:MY`.
    places = ArrayField(models.CharField(max_length=80))
    # Of each HS code the heading and, where it was given, the subheading, without the point.
    products = ArrayField(models.CharField(max_length=6))
    sites = ArrayField(models.CharField(max_length=200))
    words = SearchVectorField()
    # Every answer in words, for the search of the case list.
    answers = SearchVectorField()

    objects: ClassVar[ProfileQuerySet] = ProfileQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")
        indexes = [
            models.Index(fields=["-frozen_at"], name="profile_newest"),
            models.Index(fields=["value_chain", "-frozen_at"], name="profile_chain"),
            GinIndex(fields=["products"], name="profile_products"),
            GinIndex(fields=["sites"], name="profile_sites"),
            GinIndex(fields=["words"], name="profile_words"),
            GinIndex(fields=["answers"], name="profile_answers"),
        ]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.value_chain}"
