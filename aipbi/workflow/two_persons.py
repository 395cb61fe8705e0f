"""Two persons: what somebody put forward, they do not agree to themselves in another office of theirs (U2)."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from aipbi.workflow.models import TrailEntry
from aipbi.workflow.moves import Move


def refusals(act: Move, *put_forward: str) -> Iterable[str]:
    """Yield a refusal where whoever acts made the last of the moves `put_forward` on the same subject."""
    subject = act.subject
    entries = TrailEntry.objects.filter(
        case_id=subject.case_pk, subject_kind=subject.kind, subject_pk=subject.pk, action__in=put_forward
    )
    last = entries.order_by("-number").values_list("person_id", flat=True).first()
    if last is not None and act.as_.person is not None and last == act.as_.person.pk:
        yield _("You put this forward yourself, in another capacity. Somebody else decides on it.")
