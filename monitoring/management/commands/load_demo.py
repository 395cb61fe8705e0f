"""`manage.py load_demo`: the offices and cases of the demonstration, once."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from aipbi.accounts.demo import DEMO_PEOPLE
from monitoring import demo


class Command(BaseCommand):
    help = "Fill an empty portal with the offices and cases of the demonstration. Does nothing the second time."

    def handle(self, **options: Any) -> None:
        if not settings.PORTAL_DEMO:
            raise CommandError("load_demo works in the demonstration only (PORTAL_DEMO=1).")
        say = self.stdout.write if options["verbosity"] > 1 else (lambda _line: None)
        if demo.load(say):
            self.stdout.write("The demonstration's cases are loaded.")
        self.stdout.write(f"{len(DEMO_PEOPLE)} demo accounts: one click each on the sign-in page.")
        for person in DEMO_PEOPLE:
            say(f"  {person.email:<38}{person.name}")
