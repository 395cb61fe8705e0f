"""A barrier of several cases: taking it up for all of them, and its page (F1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.request import PortalRequest
from aipbi.asean.models import Category
from aipbi.forms import Radios
from aipbi.workflow.errors import Invalid, NotYours, Refused
from aipbi.workflow.forms import say_what_to_do
from facilitation import barriers, common
from facilitation.enums import WORKED_ON, CommonState
from facilitation.models import BodyRequest, Challenge, CommonBarrier
from facilitation.rules import COLLECTIVE, INSIDE
from facilitation.views.case import moves_now
from proposals import timeline

MOST = 200
_NEW = "new"


class GroupForm(forms.Form):
    """A new common barrier, or one that is there already."""

    into = forms.ChoiceField(label=gettext_lazy("Where they are worked on together"), widget=Radios)
    title = forms.CharField(
        label=gettext_lazy("Title of the new one"), help_text=gettext_lazy("The barrier in one line, without naming a company."),
        max_length=200, required=False,
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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        there = (
            CommonBarrier.objects.filter(state=CommonState.OPEN).select_related("case").order_by("-opened_at")[:MOST]
        )
        self.known = {str(one.pk): one for one in there}
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
    keys = [int(key) for key in asked.getlist("challenge")[:MOST] if key.isdecimal() and len(key) < 10]  # noqa: PLR2004 - a number of the database
    seen = Challenge.objects.visible_to(request.capacity).filter(pk__in=keys)
    chosen = list(barriers.laid_out(seen))
    left_out = [one for one in chosen if one.common_id or one.state not in WORKED_ON]
    joins = [one for one in chosen if one not in left_out]
    form = GroupForm(request.POST if request.method == "POST" else None)
    errors: list[str] = []
    if request.method == "POST" and joins and form.is_valid():
        data = form.cleaned_data
        try:
            if data["into"] == _NEW:
                words = {name: data[name] for name in ("title", "category", "description")}
                one = common.begin(as_=request.capacity, challenges=joins, **words)
            else:
                one = form.known[data["into"]]
                common.join(one, joins, as_=request.capacity)
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
