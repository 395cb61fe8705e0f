"""What the experts of a case add to the search of the list (R7); the Secretariat alone may ask (R4)."""

from django.db.models import Exists, OuterRef, Q

from proposals.search.language import Term
from proposals.search.terms import Reading
from review.enums import Inviting
from review.experts.models import LIVE, Invitation


def expert(reading: Reading, term: Term) -> Q:
    """A case to which somebody of this name is invited or appointed; `none`: nobody has accepted."""
    found = Q(pk__in=[])
    invited = Invitation.objects.visible_to(reading.viewer).filter(proposal=OuterRef("pk"))
    for value in term.values:
        if value.text.casefold() == "none":
            found |= ~Q(Exists(invited.filter(state=Inviting.ACCEPTED)))
        else:
            named = invited.filter(state__in=LIVE, expert__person__name__icontains=value.text)
            found |= Q(Exists(named))
    return found
