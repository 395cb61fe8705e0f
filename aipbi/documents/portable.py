"""What must not be in a PDF: a password, scripts, actions, other files (P6)."""

import zipfile
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from aipbi.documents import apart

_START, _END, _TAIL = b"%PDF-", b"%%EOF", 4096

SAYS: dict[str, Promise] = {
    "cut": _("This PDF stops before its end. Save it or download it again, and choose the new copy."),
    "broken": _("This PDF is damaged: it has no pages that can be read. Save it again, and choose the new copy."),
    "both": _("This file is a PDF and an archive in one. Print it to a new PDF and choose that."),
    "locked": _("This PDF is protected by a password or against copying. Save it without protection."),
    "script": _("This PDF contains a program (JavaScript). Print it to a new PDF and choose that."),
    "act": _("This PDF starts something when it is opened or clicked. Print it to a new PDF and choose that."),
    "form": _(
        "This PDF is a form of a kind (XFA) that most people cannot read. Print it to a new PDF and choose that."
    ),
    "files": _("This PDF carries other files inside. Add those files one by one, and print the PDF to a new one."),
    "hard": _(
        "This PDF cannot be checked: it takes too long or too much memory. Print it to a new PDF and choose that."
    ),
}


def fault_in(content: BinaryIO) -> str:
    """Return what stands against the PDF, as a key of `SAYS`, or nothing. `content` is open for reading."""
    content.seek(0)
    whole = content.read()
    if not whole.startswith(_START):
        return "broken"
    if _END not in whole[-_TAIL:]:
        return "cut"
    content.seek(0)
    if zipfile.is_zipfile(content):
        return "both"
    try:
        word = apart.run("inspect_pdf", whole).decode()
    except apart.GaveUpError:
        return "hard"
    return "" if word == "fine" else word
