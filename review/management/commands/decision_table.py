"""`manage.py decision_table`: print the rule of consensus into `docs/decisions/consensus.md`."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from review.rounds import table


class Command(BaseCommand):
    help = "Write the decision table of review.consensus into docs/decisions/consensus.md."

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "decisions" / "consensus.md"
        path.write_text(table.put_into(path.read_text()))
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
