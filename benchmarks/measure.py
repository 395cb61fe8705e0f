"""`python -m benchmarks measure`: what each request costs, beside a page with nothing on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO
from statistics import median
from time import perf_counter
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings

from benchmarks import place, table
from benchmarks.asks import EMPTY, Ask, asks

WARM, COUNTED = 3, 5
# Enough to look up a session and a person.
BARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
CASE_LINK = b'href="/cases/'


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request costs. Times are seconds: of this process's CPU, and of waiting for the database."""

    queries: int
    cpu: float
    waited: float
    size: int
    links: int
    """How many links to cases the page has; two sizes are comparable where it has as many."""


def measure(sizes: Sequence[int], *, rounds: int, only: str) -> None:
    """Print the table for the data sets of these sizes."""
    if not sizes:
        raise SystemExit("There is no data set yet: python -m benchmarks seed --cases 10000")
    call_command("setup", static=True, stdout=StringIO())
    with override_settings(MIDDLEWARE=BARE):
        bare = WSGIHandler()
    portal = WSGIHandler()
    costs: dict[str, dict[int, Cost]] = {}
    likes = {}
    for cases in sizes:
        place.use_size(cases)
        chosen = [
            (ask, bare if ask.name == EMPTY else portal) for ask in asks() if ask.name == EMPTY or only in ask.name
        ]
        for name, cost in _costs(chosen, rounds).items():
            costs.setdefault(name, {})[cases] = cost
        likes = {ask.name: ask.like for ask, _handler in chosen}
    print(table.of(costs, likes))


def _costs(chosen: list[tuple[Ask, WSGIHandler]], rounds: int) -> dict[str, Cost]:
    """Ask everything once a round, so that whatever else the machine does falls on all alike."""
    cpu: dict[str, list[float]] = {ask.name: [] for ask, _handler in chosen}
    for turn in range(WARM + rounds):
        for ask, handler in chosen:
            answer = ask.once(handler)
            if turn >= WARM:
                cpu[ask.name].append(answer.cpu)
    return {ask.name: _cost(ask, handler, median(cpu[ask.name])) for ask, handler in chosen}


def _cost(ask: Ask, handler: WSGIHandler, cpu: float) -> Cost:
    """Ask a few times more: counting queries and waiting for answers would be part of the time above."""
    waited = []
    for _turn in range(COUNTED):
        clock = _Clock()
        with connection.execute_wrapper(clock):
            ask.once(handler)
        waited.append(clock.seconds)
    with CaptureQueriesContext(connection) as queries:
        answer = ask.once(handler)
    return Cost(len(queries), cpu, median(waited), len(answer.body), answer.body.count(CASE_LINK))


class _Clock:
    """Adds up the time until the database answered."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], *statement: Any) -> Any:
        begun = perf_counter()
        try:
            return execute(*statement)
        finally:
            self.seconds += perf_counter() - begun
