"""`manage.py walk_case FILE --until STATE`: a case file through the same door as everybody, by the demo offices."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from aipbi.workflow import walk
from aipbi.workflow.walk import Stopped, Walk
from monitoring import demo
from proposals.enums import State


class Command(BaseCommand):
    help = "Take a case file through its life with the offices of the demonstration, printing each move."

    def add_arguments(self, parser: CommandParser) -> None:
        walk.discover()
        parser.add_argument("file", type=Path, metavar="FILE", help="a proposal in the format aipbi-proposal/1")
        parser.add_argument(
            "--until", default=State.MONITORING, choices=[*walk.STEPS, State.CLOSED], metavar="STATE",
            help="the state to stop in: %(choices)s (default: %(default)s)",
        )  # fmt: skip

    def handle(self, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("walk_case works in the demonstration only (PORTAL_DEMO=1): it acts for every office.")
        demo.load_offices()
        try:
            proposal = demo.bring_in(options["file"], say=self.stdout.write)
            walked = Walk(proposal, say=self.stdout.write)
            proposal = walked.to(options["until"])
        except (Stopped, demo.Unread) as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(f"Case:      {proposal.case.code}")
        self.stdout.write(f"Reference: {proposal.case.reference or 'none yet'}")
        self.stdout.write(f"State:     {proposal.state} ({proposal.state_label})")
        self.stdout.write(f"Letter:    {demo.letter_path(proposal) or 'none yet'}")
