"""E-mails as a test reads them: as files of the folder they are put into."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest


class Mails:
    """Call it for the e-mails written so far; `parts` gives the text and the HTML of one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self) -> list[EmailMessage]:
        return [
            message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.folder.glob("*.eml"))
        ]

    def parts(self, mail: EmailMessage) -> list[str]:
        return [mail.get_body([kind]).get_content() for kind in ("plain", "html")]


@pytest.fixture
def mails(settings, tmp_path) -> Mails:
    settings.EMAIL_BACKEND = "aipbi.workflow.mail.FolderBackend"
    settings.EMAIL_FOLDER = tmp_path
    return Mails(tmp_path)
