"""Which form a DOCX is, and which edition of it: told by a property of the document and by a locked control."""

import hashlib
from functools import cache
from xml.etree import ElementTree as ET

from proposals.document.schema import FORMAT, PARTS, Field

FORM = "aipbi-proposal-form"
TAG = "form.edition"
PROPERTIES = "docProps/custom.xml"
_PROPERTY = "{http://schemas.openxmlformats.org/officeDocument/2006/custom-properties}property"


def edition(criteria: str) -> str:
    """Return the edition of the form for an edition of the criteria; it changes with the questions."""
    return f"{criteria}/{_questions()}"


@cache
def _questions() -> str:
    """Return a short fingerprint of what is asked, and how it is answered."""
    asked = [FORMAT]
    for part in PARTS.values():
        fields = (part,) if isinstance(part, Field) else part.fields
        asked += [f"{part.name} {field.name} {field.kind} {field.of}" for field in fields]
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:6]


def mark(criteria: str) -> str:
    """Return what the control in the document says: the form and its edition."""
    return f"{FORM} {edition(criteria)}"


def marked(properties: ET.Element | None, control: str) -> tuple[str, str]:
    """Return form and edition as a document says them, two empty texts where it says none."""
    told = {
        one.get("name"): "".join(one.itertext()).strip()
        for one in ([] if properties is None else properties.iter(_PROPERTY))
    }
    form, _blank, found = control.strip().partition(" ")
    return (told.get("Form") or form, told.get("Form edition") or found.strip())
