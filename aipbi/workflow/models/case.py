"""The case everything hangs on, and the abstract subject whose state a move changes."""

import secrets
from typing import Any, ClassVar, Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMModelMixin

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Team

# Without the letters and digits that are mistaken for one another when read aloud.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


def new_code() -> str:
    """Return a random code of ten signs, as a case is named in addresses."""
    return "".join(secrets.choice(_ALPHABET) for _sign in range(10))


class Case(models.Model):
    """What the lock, the trail and the obligations belong to; the proposal shares its primary key."""

    code = models.CharField(max_length=10, unique=True, default=new_code, editable=False)
    reference = models.CharField(_("reference"), max_length=20, unique=True, null=True, editable=False)  # noqa: DJ001 - unique
    # Staff of partner companies who work on it; none before the first of them is invited (U4).
    team = models.OneToOneField(
        Team, null=True, blank=True, editable=False, on_delete=models.PROTECT, related_name="case"
    )
    trail_count = models.PositiveIntegerField(default=0, editable=False)
    trail_head = models.CharField(max_length=64, default="", blank=True, editable=False)

    objects: ClassVar[models.Manager["Case"]]

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def __str__(self) -> str:
        return self.reference or self.code


class SubjectQuerySet(models.QuerySet[Any]):
    """A queryset that leaves the database for a person starts with `visible_to`."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep what the capacity may see, by the access table of its app (U5)."""
        raise NotImplementedError(f"{type(self).__name__} must say what a {viewer.role} sees")

    def on_case(self, code: str) -> Self:
        """Keep those of the case named `code`, with the case at hand."""
        path = self.model.case_path
        return self.filter(**{f"{path}__code": code}).select_related(path)


class Subject(FSMModelMixin, models.Model):
    """Something with a state that only moves change.

    A concrete subject has `kind` (its word in addresses), a protected `state`, a foreign key
    `proposal` (whose primary key is the case's) and a queryset with `visible_to`.
    """

    kind: ClassVar[str]
    # How the case is reached from here.
    case_path: ClassVar[str] = "proposal__case"
    # The tab of the case page this is shown on.
    tab: ClassVar[str] = "case"
    # States it may begin in beside the state's default.
    starts_also: ClassVar[frozenset[str]] = frozenset()
    state: Any
    proposal_id: int

    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def case_pk(self) -> int:
        """Primary key of the case this belongs to."""
        return self.proposal_id

    def home(self, code: str, viewer: Capacity) -> str:
        """Return the address of the page this is shown on, for this reader."""
        return reverse(self.tab, args=[code])

    @property
    def caption(self) -> str:
        """The line above the page of a move: which case this is about. Nothing a body contact may not read."""
        return self.proposal.case.reference or ""  # type: ignore[attr-defined]

    @property
    def state_label(self) -> str:
        """The state in words for people inside the mechanism."""
        return self.get_state_display()  # type: ignore[attr-defined]
