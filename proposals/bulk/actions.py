"""What can be done to many cases at once: the moves that ask the same of each, and reminding whoever owes."""

from collections.abc import Iterable
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow import registry, reminders
from aipbi.workflow.door import check, perform
from aipbi.workflow.errors import Blocked, Invalid, Refused, Stale
from aipbi.workflow.forms import say_what_to_do
from aipbi.workflow.models import Obligation
from aipbi.workflow.moves import Move
from aipbi.workflow.obligations import KINDS, ordered
from proposals.bulk.models import BulkLine
from proposals.models import Proposal
from proposals.search.terms import WAITS_FOR

REMIND = "remind"


class Action:
    """One action: its words, the form it shares between all cases, its dry run and what it does on one case."""

    code: str
    label: Any
    help: Any = ""

    def form(self, as_: Capacity, first: Proposal | None, answers: QueryDict | None = None) -> forms.Form | None:
        """Return the form that is asked once for all cases; None where nothing is asked."""
        raise NotImplementedError

    def plan(self, line: BulkLine, proposal: Proposal, as_: Capacity, answers: QueryDict) -> None:
        """Say in `line` what it would do. Raises Refused with what stands against it. Changes nothing."""
        raise NotImplementedError

    def carry_out(self, line: BulkLine, proposal: Proposal, as_: Capacity, answers: QueryDict) -> str:
        """Do it, and say in words what was done. Raises Refused, in which case nothing was changed."""
        raise NotImplementedError


class Moving(Action):
    """A move, by way of the door."""

    def __init__(self, move: type[Move]) -> None:
        self.move = move
        self.code, self.label, self.help = move.name, move.label, move.help

    def form(self, as_: Capacity, first: Proposal | None, answers: QueryDict | None = None) -> forms.Form | None:
        """Return the move's own form, for the first case."""
        if self.move.form is None:
            return None
        act = self.move(first or Proposal(), as_)
        return (
            self.move.form(answers, move=act)
            if answers is not None
            else self.move.form(move=act, initial=act.initial())
        )

    def plan(self, line: BulkLine, proposal: Proposal, as_: Capacity, answers: QueryDict) -> None:
        """Ask what the door asks."""
        line.seen = proposal.revision
        act = self.move(proposal, as_)
        check(act, data=answers, seen=line.seen)
        line.words = act.would()

    def carry_out(self, line: BulkLine, proposal: Proposal, as_: Capacity, answers: QueryDict) -> str:
        """Go through the door with the revision of the dry run."""
        done = perform(self.move, proposal, by=as_.person, as_=as_, data=answers, seen=line.seen)
        return " ".join([str(done.move.done), *done.move.warnings()])


class RemindForm(forms.Form):
    """Whom to remind, and of what."""

    use_required_attribute = False

    whom = forms.ChoiceField(
        label=gettext_lazy("Whom to remind"),
        choices=[
            ("all", gettext_lazy("Whoever owes something, but the Secretariat")),
            ("proponent", gettext_lazy("Proponents")),
            ("seom", gettext_lazy("SEOM leads")),
            ("expert", gettext_lazy("Technical experts")),
            ("fg-gvc", gettext_lazy("FG-GVC members")),
            ("body", gettext_lazy("Sectoral bodies")),
        ],
        initial="all",
    )
    of = forms.ChoiceField(
        label=gettext_lazy("Of what"),
        help_text=gettext_lazy(
            "Nobody is reminded by hand of the same thing twice in a day, nor while its clock stands still."
        ),
        choices=[
            ("overdue", gettext_lazy("What is overdue")),
            ("soon", gettext_lazy("What is overdue or due within five days")),
            ("all", gettext_lazy("All that is owed")),
        ],
        initial="overdue",
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            say_what_to_do(field)


class Reminding(Action):
    """A reminder to whoever owes something, but the Secretariat itself."""

    code = REMIND
    label = gettext_lazy("Remind whoever owes something")
    help = gettext_lazy("Each office or company is told in the portal and by e-mail what it owes and until when.")

    def form(self, _as: Capacity, _first: Proposal | None, answers: QueryDict | None = None) -> forms.Form | None:
        """Ask whom, and of what."""
        return RemindForm(answers) if answers is not None else RemindForm()

    def plan(self, line: BulkLine, proposal: Proposal, _as: Capacity, answers: QueryDict) -> None:
        """Name everyone who would be reminded."""
        form = RemindForm(answers)
        if not form.is_valid():
            raise Invalid(form)
        owed = list(self._owed(proposal, **form.cleaned_data))
        if not owed:
            raise Blocked([_("Nobody owes anything here that you chose.")])
        told = reminders.already([one.pk for one in owed])
        still = _folded(one for one in owed if one.pk not in told)
        if not still:
            raise Blocked([_("Everyone was reminded by hand today.")])
        line.seen, line.data = proposal.revision, {"owed": [alike[0].pk for alike in still]}
        line.words = _said(still)

    def _owed(self, proposal: Proposal, *, whom: str, of: str) -> Iterable[Obligation]:
        found = Obligation.objects.open().filter(case=proposal.pk, paused_at__isnull=True)
        others = [condition for name, condition in WAITS_FOR.items() if name != "asec"]
        found = found.filter(reduce(or_, others, Q(pk__in=[])) if whom == "all" else WAITS_FOR[whom])
        if of != "all":
            days = timedelta(days=5 if of == "soon" else 0)
            found = found.filter(due_at__lt=timezone.now() + days)
        return ordered(found.exclude(office__role=Role.ASEC)).select_related(
            "office__ams", "office__body", "organisation"
        )

    def carry_out(self, line: BulkLine, proposal: Proposal, as_: Capacity, _answers: QueryDict) -> str:
        """Remind of what the dry run named and is still owed."""
        told = [reminders.by_hand(proposal.pk, pk, as_=as_) for pk in line.data["owed"]]
        reminded = [words for words in told if words]
        if not reminded:
            raise Blocked([_("Nobody was reminded: it is no longer owed, or was reminded of meanwhile.")])
        return _("Reminded: %(whom)s") % {"whom": "; ".join(reminded)}


def _folded(owed: Iterable[Obligation]) -> list[list[Obligation]]:
    """Put together what is answered on one page, and so is reminded of once."""
    found: dict[Any, list[Obligation]] = {}
    for one in owed:
        found.setdefault((one.kind, one.office_id) if KINDS[one.kind].many else one.pk, []).append(one)
    return list(found.values())


def _said(owed: list[list[Obligation]]) -> str:
    return "; ".join(f"{alike[0].party_label}: {reminders.what(alike[0], len(alike))}" for alike in owed)


def known() -> dict[str, Action]:
    """Return every action by its code, moves first."""
    return {name: Moving(move) for name, move in registry.in_bulk("proposal").items()} | {REMIND: Reminding()}


def why(refusal: Refused) -> str:
    """Say in one line why nothing was done, and what happened meanwhile."""
    if isinstance(refusal, Invalid):
        return " ".join(text for errors in refusal.form.errors.values() for text in errors)
    if isinstance(refusal, Stale) and refusal.since:
        return _("It changed after you looked: %(what)s") % {"what": "; ".join(refusal.lines)}
    return refusal.message
