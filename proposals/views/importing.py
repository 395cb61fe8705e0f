"""Starting a proposal from a file in the interchange format."""

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.documents.uploads import tidy_name
from proposals import interchange, verbs

# A page of faults that can still be read; what is beyond shows once these are mended.
SHOWN = 200


class ImportForm(forms.Form):
    """A file, and whether it may have gaps."""

    use_required_attribute = False
    file = forms.FileField(
        label=gettext_lazy("Proposal file"),
        help_text=gettext_lazy(
            "A file in the format aipbi-proposal/1, as this portal writes it; its name ends in .json."
        ),
        widget=forms.FileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": gettext_lazy("Choose a file"),
            "empty": gettext_lazy("This file is empty. Choose another file."),
        },
    )
    unfinished = forms.BooleanField(
        label=gettext_lazy("The file is a draft that is not finished"),
        help_text=gettext_lazy(
            "Take it in with its gaps, and with answers that are not right yet. You can mend them here."
        ),
        required=False,
    )

    def clean_file(self) -> bytes:
        """Return what is in the file; one that is too large is not read at all."""
        upload = self.cleaned_data["file"]
        if upload.size > interchange.MOST_BYTES:
            raise forms.ValidationError(
                _("The file is larger than %(most)s MB, which no proposal is.")
                % {"most": interchange.MOST_BYTES // 1_000_000},
            )
        self.name = tidy_name(upload.name)
        content: bytes = upload.read()
        return content


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
