"""`manage.py export_proposal ID`: write a proposal in the interchange format."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q

from proposals import interchange
from proposals.models import Proposal


class Command(BaseCommand):
    help = "Writes a proposal in the format aipbi-proposal/1: a frozen version, or the answers as they stand."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="code or reference of the case, such as AIPBI/2026/0007")
        parser.add_argument(
            "--version-number", type=int, help="number of a frozen version; without it, the answers as they stand"
        )
        parser.add_argument("--to", type=Path, help="file to write; without it, the standard output")

    def handle(self, *args: Any, **options: Any) -> None:
        proposal = Proposal.objects.filter(Q(case__code=options["id"]) | Q(case__reference=options["id"])).first()
        if proposal is None:
            raise CommandError(f"There is no case {options['id']}.")
        document = proposal.answers
        if number := options["version_number"]:
            version = proposal.versions.filter(number=number).first()
            if version is None:
                raise CommandError(f"Case {options['id']} has no version {number}.")
            document = version.document
        content = interchange.dump(document)
        if options["to"]:
            options["to"].write_bytes(content)
        else:
            self.stdout.write(content.decode(), ending="")
