"""Several acts at the same moment, by real threads on real connections."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connection

from aipbi.workflow.errors import Refused


def at_once(*acts: Callable[[], Any]) -> list[Refused | None]:
    """Run all acts at the same moment; return what each came to: None, or its refusal."""
    start = Barrier(len(acts))
    came: list[Refused | None] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=30)
            act()
        except Refused as refusal:
            came[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return came
