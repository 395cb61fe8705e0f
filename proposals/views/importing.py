"""Starting a proposal from a file in the interchange format."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from proposals import interchange, verbs
from proposals.forms.importing import ImportForm

# A page of faults that can still be read; what is beyond shows once these are mended.
SHOWN = 200


@roles(Role.PROPONENT)
@require_http_methods(["GET", "HEAD", "POST"])
def import_(request: PortalRequest) -> HttpResponse:
    """Read a file into a new draft, or list every fault with its place and start nothing."""
    if not request.capacity.writes:
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return render(request, "proposals/write/import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "proposals/write/import.html", {"form": form}, status=422)
    document, found = interchange.parse(form.cleaned_data["file"], unfinished=form.cleaned_data["unfinished"])
    if document is None:
        context = {"form": form, "faults": found[:SHOWN], "count": len(found), "name": form.name}
        return render(request, "proposals/write/import.html", context, status=422)
    proposal = verbs.start_draft(by=request.user, as_=request.capacity, answers=document, source=form.name)
    return redirect("write", proposal.case.code)
