"""`manage.py lifecycle`: draw `docs/lifecycle.md` from the state tables and moves."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from aipbi.workflow import diagram


class Command(BaseCommand):
    help = "Write docs/lifecycle.md from the models' transitions and the moves."

    def handle(self, *_args: Any, **_options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "lifecycle.md"
        path.write_text(diagram.page())
        self.stdout.write(f"Wrote {path.relative_to(settings.BASE_DIR)}.")
