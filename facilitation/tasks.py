"""What the worker does for letters: one PDF each, whatever crashes (F7)."""

import hashlib

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import jobs
from aipbi.workflow.door import perform
from aipbi.workflow.errors import NotOpen
from facilitation.enums import LetterState
from facilitation.letters import produce
from facilitation.models import Letter
from facilitation.moves.approving import PDF_JOB
from facilitation.moves.issuing import Seal


@jobs.handler(PDF_JOB)
def make_letter(progress: jobs.Progress) -> None:
    """Render an approved letter and seal it.

    Safe to run twice and side by side: what it renders is the same each time, the door lets only the
    first seal through, and a seal that cannot be made leaves nothing behind.
    """
    letter = Letter.objects.select_related("proposal").get(pk=progress.job.subject_pk)
    if letter.state != LetterState.APPROVED:
        return
    progress.say(25, _("Composing the letter"))
    progress.say(60, _("Making the PDF"))
    rendered = produce.render(letter)
    progress.say(90, _("Sealing it"))
    content = produce.sign(letter, rendered)
    pdf = SimpleUploadedFile("letter.pdf", content, content_type="application/pdf")
    try:
        perform(
            Seal,
            letter,
            by=None,
            as_=Capacity.clock(),
            data={"rendered": hashlib.sha256(rendered).hexdigest()},
            files={"pdf": pdf},
        )
    except NotOpen:
        letter.refresh_from_db()
        if letter.state != LetterState.SEALED:
            raise
