"""`manage.py import_proposal FILE --as EMAIL`: read a file in the interchange format, or a filled form, into a draft."""

from argparse import ArgumentParser
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.accounts.models import Person
from aipbi.asean.editions import criteria_now
from aipbi.documents.kinds import NotTakenError, recognise
from proposals import interchange, verbs
from proposals.paper import taking
from proposals.paper.package import UnreadableError
from proposals.paper.reading import read


class Command(BaseCommand):
    help = (
        "Reads a proposal in the format aipbi-proposal/1 into a draft; lists every fault with its place, or imports it whole. "
        "A filled form (DOCX) is read as far as it can be, and what was not read is listed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the file to read")
        parser.add_argument("--as", dest="email", required=True, help="e-mail of the proponent who will own the draft")
        parser.add_argument(
            "--organisation", default="", help="name of the organisation, for somebody who writes for several"
        )
        parser.add_argument(
            "--unfinished", action="store_true", help="take in a draft with gaps and with answers not right yet"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_ = self._writer(options["email"], options["organisation"])
        path: Path = options["file"]
        try:
            content = path.read_bytes()
        except OSError as fault:
            raise CommandError(f"{path} cannot be read: {fault.strerror}.") from fault
        if path.suffix.lower() == ".docx":
            self._form(content, path.name, as_)
            return
        document, found = interchange.parse(content, unfinished=options["unfinished"])
        if document is None:
            for one in found:
                where = f" ({one.place})" if one.place and one.place != one.path else ""
                self.stderr.write(f"{one.path or 'file'}{where}: {one.message}")
            faults = "1 fault" if len(found) == 1 else f"{len(found)} faults"
            raise CommandError(f"{path.name} has {faults}; nothing was imported.")
        proposal = verbs.start_draft(by=as_.person, as_=as_, answers=document, source=path.name)  # type: ignore[arg-type]
        self.stdout.write(f"Draft {proposal.case.code} for {as_.label}: {proposal.title}")

    def _form(self, content: bytes, name: str, as_: Capacity) -> None:
        try:
            recognise(BytesIO(content), name)
            reading = read(content, criteria=criteria_now().code)
        except (NotTakenError, UnreadableError) as fault:
            raise CommandError(f"{name}: {fault} Nothing was imported.") from fault
        for one in reading.unread:
            self.stderr.write(f"unread: {one}")
        proposal = taking.start(reading, by=as_.person, as_=as_, file=name)  # type: ignore[arg-type]
        self.stdout.write(f"Draft {proposal.case.code} for {as_.label}: {proposal.title}")

    def _writer(self, email: str, organisation: str) -> Capacity:
        person = Person.objects.filter(email__iexact=email).first()
        if person is None:
            raise CommandError(f"Nobody here has the e-mail {email}.")
        held = [capacity for capacity in held_by(person) if capacity.writes]
        if organisation:
            held = [capacity for capacity in held if capacity.label == organisation]
        if not held:
            which = f"“{organisation}”" if organisation else "any organisation"
            raise CommandError(f"{email} does not write for {which}; an owner or editor is needed.")
        if len(held) > 1:
            names = ", ".join(f"“{capacity.label}”" for capacity in held)
            raise CommandError(f"{email} writes for {names}. Choose one with --organisation.")
        return held[0]
