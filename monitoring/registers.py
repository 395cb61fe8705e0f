"""What this app adds to the shared ground: its tab, and what follows from the letter."""

from collections.abc import Iterable

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.documents import readers
from aipbi.workflow import parties, tabs, tasks, topics
from aipbi.workflow.following import follows
from aipbi.workflow.moves import Move, Owes, Tell
from monitoring import rules
from monitoring.evidence import PURPOSE
from monitoring.models import Report
from monitoring.obligations import DRAFT_PLAN
from proposals import timeline


def register() -> None:
    """Called once, when the app is ready."""
    tabs.register("monitoring", gettext_lazy("Monitoring"), order=70, shows=rules.reads)
    topics.register(
        "monitoring", gettext_lazy("Monitoring"), gettext_lazy("Plans and reports on results."), "monitoring", order=80
    )
    topics.register(
        "releases", gettext_lazy("Releases of figures"), gettext_lazy("Prepared, approved, published, withdrawn."),
        "monitoring.releases", "monitoring.research", order=85, roles={Role.ASEC, Role.FG_GVC},
    )  # fmt: skip
    timeline.WORDS["prepare_release"] = gettext_lazy("Release begun")
    readers.register(PURPOSE, evidence_readers)
    tasks.sweeper(escalate_late)
    follows("proposal", "issue_letter", after_the_letter)


def evidence_readers(viewer: Capacity) -> Q:
    """Who reads a report reads its evidence: until it is handed in, the organisation alone."""
    return Q(subject_kind=Report.kind, subject_pk__in=Report.objects.visible_to(viewer).values("pk"))


def escalate_late() -> int:
    """Tell of the reports that stay away; return how many."""
    from monitoring.moves.late import escalate  # noqa: PLC0415 - moves need every app's models

    return escalate()


def after_the_letter(act: Move) -> Iterable[Owes | Tell]:
    """Once the letter is issued, ASEC owes the beginning of the plan (L5: 20 working days)."""
    yield Owes(DRAFT_PLAN, parties.asec())
    yield Tell(
        parties.asec(), _("The letter is issued: begin the monitoring plan"), to_act=True,
        path=reverse("monitoring", args=[act.subject.case.code]),
    )  # fmt: skip
