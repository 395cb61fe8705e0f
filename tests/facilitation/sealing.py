"""What is true of a letter that was sealed exactly once."""

from django.core.files.storage import default_storage

from aipbi.documents.models import StoredFile
from aipbi.workflow.models import Notice, TrailEntry


def the_one_pdf(letter):
    """Check that the letter has one PDF, sealed once, and return its row."""
    letter.refresh_from_db()
    assert letter.state == "sealed"
    file = StoredFile.objects.get(purpose="letter", subject_pk=letter.pk)
    assert letter.pdf == file
    assert letter.sha256 == file.sha256
    assert TrailEntry.objects.filter(action="seal", subject_pk=letter.pk).count() == 1
    assert Notice.objects.filter(case_id=letter.proposal_id, what="seal").count() == 1
    return file


def stored(file):
    """Names of the files that lie where the PDF lies and begin as its own does: a copy has something behind it."""
    folder, _slash, own = file.content.name.partition("/")
    return [name for name in default_storage.listdir(folder)[1] if name.startswith(own)]
