"""Naming the officer of the Secretariat who looks after a case, and handing it over (R7)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.models import Person
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from proposals import rules
from proposals.enums import ENDED, OPEN, State
from proposals.models import Proposal


class OfficerForm(MoveForm):
    """Whom to name."""

    officer = forms.ModelChoiceField(label=gettext_lazy("Case officer"), queryset=Person.objects.none())

    def prepare(self) -> None:
        """Offer today's officers of the Secretariat."""
        people = [person.pk for person in parties.asec().people()]
        self.fields["officer"].queryset = Person.objects.filter(pk__in=people)  # type: ignore[attr-defined]


@register
class AssignOfficer(Move):
    """ASEC names the officer who looks after the case, or hands it over to another one (R7)."""

    name = "assign_officer"
    model = Proposal
    during = frozenset(OPEN | ENDED) - {State.DRAFT, State.WITH_SEOM, State.NOT_SUPPORTED}
    who = rules.asec
    label = gettext_lazy("Name the case officer")
    beside = True
    in_bulk = True
    done = gettext_lazy("Case officer named")
    form = OfficerForm
    audience = Audience.ASEC

    def refusals(self) -> Iterable[str]:
        """Nothing changes where the officer stays."""
        if self.data["officer"].pk == self.subject.case_officer_id:
            yield _("%(officer)s is the case officer already.") % {"officer": self.data["officer"]}

    def would(self) -> str:
        """Name both officers."""
        before = self.subject.case_officer or _("nobody")
        return _("Case officer: %(before)s → %(after)s") % {"before": before, "after": self.data["officer"]}

    def effect(self) -> None:
        """Write the name."""
        self.before = self.subject.case_officer
        self.subject.case_officer = self.data["officer"]
        self.subject.save(update_fields=["case_officer"])

    def details(self) -> dict[str, Any]:
        """Keep who had it before."""
        return {"before": self.before.pk} if self.before else {}

    def tells(self) -> Iterable[Tell]:
        """Tell the officer, and whoever had it before."""
        yield Tell(parties.officer(self.data["officer"]), _("You are the case officer"))
        if self.before:
            yield Tell(parties.officer(self.before), _("Another officer looks after a case of yours from now on"))
