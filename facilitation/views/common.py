"""A barrier of several cases: taking it up for all of them, and its page (F1)."""

from collections.abc import Sequence
from textwrap import shorten
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.request import PortalRequest
from aipbi.asean.models import Category
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow.errors import Invalid, NotYours, Refused
from aipbi.workflow.forms import say_what_to_do
from facilitation import barriers, common
from facilitation.enums import WORKED_ON, CommonState
from facilitation.models import BodyRequest, Challenge, CommonBarrier
from facilitation.rules import COLLECTIVE, INSIDE
from facilitation.views.case import moves_now
from proposals import timeline

MOST, OFFERED = 200, 30
# Signs of a title, and of what a challenge says below its box.
TITLE, HINT = 200, 160
_NEW = "new"


class GroupForm(forms.Form):
    """A new common barrier, or one that is there already."""

    # A new one needs all of them, one that is there none.
    mark_optional = False

    also = forms.MultipleChoiceField(
        label=gettext_lazy("Other challenges of the same category"),
        help_text=gettext_lazy("Tick those that are the same barrier. The newest come first; the list of barriers has all."),
        choices=[], widget=Checkboxes(hints={}), required=False,
        error_messages={"invalid_choice": gettext_lazy("One of these has ended or is worked on together already. Choose again.")},
    )  # fmt: skip
    into = forms.ChoiceField(label=gettext_lazy("Where they are worked on together"), widget=Radios)
    title = forms.CharField(
        label=gettext_lazy("Title of the new one"), help_text=gettext_lazy("The barrier in one line, without naming a company or a project."),
        max_length=TITLE, required=False,
    )  # fmt: skip
    category = forms.ModelChoiceField(
        label=gettext_lazy("Its category"), queryset=Category.objects.order_by("order"), required=False, empty_label=""
    )
    description = forms.CharField(
        label=gettext_lazy("What stands in the way"),
        help_text=gettext_lazy("The FG-GVC, ASEC and the SEOM leads of its cases read this; proponents do not."),
        widget=forms.Textarea, max_length=4000, required=False,
    )  # fmt: skip
    use_required_attribute = False

    def __init__(self, *args: Any, offered: Sequence[Challenge], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if offered:
            also: Any = self.fields["also"]
            also.choices = [(str(one.pk), f"{one.proposal.case.reference} · {one.proposal.title}") for one in offered]
            also.widget.hints = {str(one.pk): shorten(one.description, HINT, placeholder=" …") for one in offered}
        else:
            del self.fields["also"]
        there = (
            CommonBarrier.objects.filter(state=CommonState.OPEN).select_related("case").order_by("-opened_at")[:MOST]
        )
        self.known = {str(one.pk): one for one in there}
        self.initial.setdefault("into", "" if self.known else _NEW)
        choices = [(_NEW, _("A new common barrier")), *((key, one.caption) for key, one in self.known.items())]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]
        for field in self.fields.values():
            say_what_to_do(field)

    def clean(self) -> dict[str, Any]:
        """A new one needs its words."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("into") == _NEW:
            for name in ("title", "category", "description"):
                if not data.get(name) and name not in self.errors:
                    self.add_error(name, _("A new common barrier needs this."))
        return data


@roles(*COLLECTIVE)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: PortalRequest) -> HttpResponse:
    """Let the challenges that were ticked in the list be worked on together, in a new common barrier or one that is there."""
    asked = request.POST if request.method == "POST" else request.GET
    seen = Challenge.objects.visible_to(request.capacity)
    chosen = list(barriers.laid_out(seen.filter(pk__in=_keys(asked, "challenge"))))
    left_out = [one for one in chosen if one.common_id or one.state not in WORKED_ON]
    joins = [one for one in chosen if one not in left_out]
    offered = _offered(joins, _keys(asked, "also"), request.capacity) if joins else []
    form = GroupForm(request.POST if request.method == "POST" else None, offered=offered, initial=_begin(joins))
    errors: list[str] = []
    if request.method == "POST" and joins and form.is_valid():
        data = form.cleaned_data
        also = [one for one in offered if str(one.pk) in data.get("also", [])]
        try:
            if data["into"] == _NEW:
                words = {name: data[name] for name in ("title", "category", "description")}
                one = common.begin(as_=request.capacity, challenges=[*joins, *also], **words)
            else:
                one = form.known[data["into"]]
                common.join(one, [*joins, *also], as_=request.capacity)
        except NotYours as refusal:
            raise Http404 from refusal
        except Invalid:
            errors = [_("This common barrier has ended meanwhile. Choose another.")]
        except Refused as refusal:
            errors = [refusal.message]
        else:
            messages.success(request, _("These challenges are worked on together now"))
            return redirect("common_barrier", one.pk)
    context = {"form": form, "joins": joins, "left_out": left_out, "errors": errors}
    return render(request, "facilitation/group.html", context, status=422 if errors or form.errors else 200)


def _keys(asked: QueryDict, name: str) -> list[int]:
    """Return the primary keys in an address or a form; what is none is left out."""
    return [int(key) for key in asked.getlist(name)[:MOST] if key.isdecimal() and len(key) < 10]  # noqa: PLR2004 - a number of the database


def _offered(joins: list[Challenge], ticked: list[int], viewer: Capacity) -> list[Challenge]:
    """Return the newest that are like the first of `joins`; what was ticked stays offered when newer ones have come."""
    alike = barriers.like(joins[0], viewer).exclude(pk__in=[one.pk for one in joins]).order_by("-opened_at", "-pk")
    found = list(alike[:OFFERED])
    lost = set(ticked) - {one.pk for one in found}
    return [*found, *(alike.filter(pk__in=lost) if lost else [])]


def _begin(joins: list[Challenge]) -> dict[str, Any]:
    """Begin a new common barrier with its category alone: the leads of other cases do not read a challenge's words (U5)."""
    return {"category": joins[0].category_id} if joins else {}


@roles(*INSIDE)
@require_safe
def page(request: PortalRequest, pk: int) -> HttpResponse:
    """Show a common barrier: its challenges on the cases that the reader may open, and what bodies were asked for all."""
    viewer = request.capacity
    found = CommonBarrier.objects.visible_to(viewer).filter(pk=pk).select_related("case", "category").first()
    if found is None:
        raise Http404
    seen = list(barriers.laid_out(Challenge.objects.visible_to(viewer).filter(common=found)))
    requests = BodyRequest.objects.visible_to(viewer).filter(common=found).select_related("body", "lead_ams")
    context = {
        "one": found,
        "challenges": seen,
        "others": found.challenges.count() - len(seen),
        "requests": list(requests.order_by("number")),
        "moves": moves_now(found, viewer, found.case.code),
        "lines": timeline.lines(found.pk, viewer),
    }
    return render(request, "facilitation/common.html", context)
