"""The roster of experts (R1) and their invitations to cases (R2)."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import RETURN_VALUE, transition

from aipbi.accounts import countries
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person
from aipbi.asean.history import tracked
from aipbi.asean.models import Expertise, Sector
from aipbi.workflow.models import StateField, Subject
from proposals.models import Proposal
from review.enums import Inviting
from review.experts import languages
from review.rules import ExpertQuerySet, InvitationQuerySet

# Whoever holds such an invitation is on the case, or may still come to be.
LIVE = frozenset({Inviting.INVITED, Inviting.ACCEPTED})
MOST = 50


@tracked
class ExpertProfile(models.Model):
    """What the Secretariat knows of an expert; shares its primary key with the person."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.PROTECT, related_name="expert_profile")
    expertise = models.ManyToManyField(Expertise, verbose_name=_("fields of expertise"), blank=True, related_name="+")
    fields = models.TextField(_("expertise in own words"), blank=True)
    sectors = models.ManyToManyField(Sector, verbose_name=_("sectors"), blank=True, related_name="+")
    languages = ArrayField(
        models.CharField(max_length=3), verbose_name=_("languages"), blank=True, default=list,
        help_text=_("ISO 639 codes, such as en,th"),
    )  # fmt: skip
    nationality = models.CharField(
        _("nationality"), max_length=2, blank=True, help_text=_("ISO 3166 code of two letters, such as MY"),
    )  # fmt: skip
    available = models.BooleanField(_("available for new assessments"), default=True)
    most_at_once = models.PositiveSmallIntegerField(
        _("most assessments at once"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(MOST)],
    )  # fmt: skip
    # Who changed the entry last, as what, and which part of it; the row history keeps each earlier one.
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.ForeignKey(
        Person, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    edited_as = models.CharField(max_length=200, blank=True, editable=False)
    edited_what = models.CharField(max_length=300, blank=True, editable=False)

    objects: ClassVar[ExpertQuerySet] = ExpertQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("expert")
        verbose_name_plural = _("experts")
        constraints = [
            models.CheckConstraint(
                condition=Q(nationality="") | Q(nationality__regex=r"^[A-Z]{2}$"),
                name="expert_nationality_iso",
                violation_error_message=_("Write the two capital letters of ISO 3166, such as MY."),
            ),
            models.CheckConstraint(
                condition=Q(most_at_once__isnull=True) | Q(most_at_once__range=(1, MOST)), name="expert_most_at_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    @property
    def country(self) -> str:
        """The name of the country of nationality, or nothing."""
        return countries.name(self.nationality) if self.nationality else ""

    @property
    def spoken(self) -> str:
        """The languages in words."""
        return languages.in_words(self.languages)

    @property
    def employer(self) -> str:
        """For whom the expert works today, in a line."""
        day = today()
        held = [one for one in self.employments.all() if one.counts_on(day)]
        return "; ".join(dict.fromkeys(one.employer for one in held))


class Invitation(Subject):
    """An expert is asked to assess a case, declares conflicts of interest, and accepts or declines."""

    kind: ClassVar[str] = "invitation"
    tab: ClassVar[str] = "review"

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="invitations")
    expert = models.ForeignKey(ExpertProfile, on_delete=models.PROTECT, related_name="invitations")
    state = StateField(_("invitation"), default=Inviting.INVITED, choices=Inviting)
    message = models.TextField(_("message"), blank=True)
    invited_at = models.DateTimeField()
    # The three questions of the declaration; empty until answered.
    has_interest = models.BooleanField(null=True, blank=True)
    was_involved = models.BooleanField(null=True, blank=True)
    other_ties = models.BooleanField(null=True, blank=True)
    explanation = models.TextField(_("explanation"), blank=True)
    reason = models.TextField(_("reason"), blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[InvitationQuerySet] = InvitationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("invitation of an expert")
        verbose_name_plural = _("invitations of experts")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=Inviting.values), name="invitation_state_known"),
            models.UniqueConstraint(
                fields=["proposal", "expert"],
                condition=Q(state__in=sorted(LIVE)),
                name="invitation_live_once",
            ),
        ]
        indexes = [models.Index(fields=["expert", "proposal"], name="invitation_of_expert")]

    def __str__(self) -> str:
        return f"{self.proposal_id} – {self.expert_id}"

    @property
    def is_live(self) -> bool:
        """Whether the expert is on the case, or may still come to be."""
        return self.state in LIVE

    def home(self, code: str, viewer: Capacity) -> str:
        """Return where the invitation is shown: to an expert who is not on the case, the desk."""
        outside = viewer.role == Role.EXPERT and self.state != Inviting.ACCEPTED
        return reverse("desk") if outside else super().home(code, viewer)

    @transition(
        field=state,
        source=Inviting.INVITED,
        target=RETURN_VALUE(Inviting.ACCEPTED, Inviting.CONFLICTED),
    )
    def accept_invitation(self, answer: str) -> str:
        """The expert declares; with a conflict of interest nobody can accept."""
        return answer

    @transition(field=state, source=Inviting.INVITED, target=Inviting.DECLINED)
    def decline_invitation(self) -> None:
        """The expert cannot take it on."""

    @transition(field=state, source=[Inviting.INVITED, Inviting.ACCEPTED], target=Inviting.WITHDRAWN)
    def withdraw_invitation(self) -> None:
        """ASEC takes the expert off the case."""
