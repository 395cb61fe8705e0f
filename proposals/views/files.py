"""The files of a case on its page: what each reader may have, and for its writers a place to add more (P6)."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from aipbi.documents import room
from aipbi.documents.models import StoredFile
from proposals import attachments, rules, verbs
from proposals.moves.files import AddFile
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def files(request: PortalRequest, code: str) -> HttpResponse:
    """List the files the reader may have: the proposal's own, and those that came with its course."""
    proposal = get_case(request, code)
    mine = rules.of_the_team(request.capacity, proposal)
    may_write = rules.writer.test(request.capacity, proposal) and proposal.state in verbs.WRITABLE
    document = proposal.answers if mine else proposal.version.document if proposal.version else {}
    named = attachments.held_by(proposal, document, request.capacity)
    shown = {file.pk for _entry, file in named if file}
    others = (
        StoredFile.objects.visible_to(request.capacity)
        .filter(case_id=proposal.pk)
        .exclude(pk__in=shown)
        .select_related("office__ams", "office__body", "organisation")
        .order_by("stored_at", "pk")
    )
    add = AddFile(proposal, request.capacity)
    context = {
        "named": named,
        "others": list(others),
        "form": AddFile.form(move=add) if may_write and AddFile.form else None,  # type: ignore[truthy-function]
        "add_url": add.url(code),
        "remove_url": add.url(code).replace("/add_file/", "/remove_file/"),
        "seen": proposal.revision,
        "room": room.of(proposal.pk, proposal.organisation, request.capacity) if may_write else None,
    }
    return case_page(request, proposal, "proposals/document/files.html", "files", context)
