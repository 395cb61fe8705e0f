"""`python -m benchmarks kills`: letters made by a worker that is killed again and again (F7).

The queue is emptied twice and PostgreSQL restarted once on the way. Afterwards there must be one
letter, one number, one sealed file and one e-mail to each reader, for everything that was asked.
A mail server counts the e-mails: one that it had taken in the moment of a kill may come once more,
under the same Message-ID, by which mail systems keep one of them.
"""

import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from functools import partial
from time import monotonic, sleep

import psutil
import redis
from django.core.management import call_command
from django.db import OperationalError, connection
from django.utils import timezone

from aipbi.embedded import postgres
from aipbi.embedded.place import Place
from aipbi.workflow.mailing.names import name
from aipbi.workflow.models import Notice, TrailEntry
from benchmarks import place
from benchmarks.approved import approve
from benchmarks.postbox import Postbox
from facilitation.management.commands.verify_letters import faults
from facilitation.models import Letter

MOST_SECONDS = 3600


def survive(size: int, *, letters: int, kills: int) -> None:
    """Ask for the letters, then kill and restart until all are made; SystemExit naming what is not as it must be."""
    place.use_copy(size)
    postbox, since = Postbox(), timezone.now()
    _empty_queue()
    # What the walked cases told is not sent over again.
    Notice.objects.filter(mail_state="waiting").update(mail_state="dropped")
    asked = [letter.pk for letter in approve(letters)]
    print(f"{len(asked)} letters are asked for.", flush=True)
    chance = random.Random(2025)
    moments = sorted(chance.sample(range(1, letters), kills))
    emptied = {moments[kills // 4], moments[3 * kills // 4]}
    begun, worker = monotonic(), _start(postbox)
    for moment in moments:
        _until(partial(_reached, asked, moment))
        sleep(chance.random())
        _kill(worker)
        if moment in emptied:
            _empty_queue()
        if moment == moments[kills // 2]:
            _restart_postgres()
        print(f"killed with {_sealed(asked)} sealed", flush=True)
        worker = _start(postbox)
    _until(lambda: _sealed(asked) == letters)
    _until(lambda: not _unsent(asked))
    _kill(worker)
    print(f"All are sealed and told of, in {monotonic() - begun:.0f} s.", flush=True)
    if found := [*_faults(asked), *_mail_faults(asked, postbox, since, kills)]:
        raise SystemExit("\n".join(found))
    call_command("verify_trail")
    call_command("check_invariants")
    print(f"{letters} letters, each once, sealed and told once, after {kills} kills.")


def _faults(asked: list[int]) -> Iterator[str]:
    letters = Letter.objects.filter(pk__in=asked).select_related("pdf", "proposal__case")
    seals = Counter(
        TrailEntry.objects.filter(action="seal", subject_kind=Letter.kind).values_list("subject_pk", flat=True)
    )
    numbers = Counter(letters.values_list("number", flat=True))
    yield from (f"the number {number} is there {count} times" for number, count in numbers.items() if count > 1)
    yield from (f"{count} entries of a seal for letter {pk}" for pk, count in seals.items() if count > 1)
    for letter in letters:
        of_case = Letter.objects.filter(proposal=letter.proposal).exclude(sequence=None).order_by("sequence")
        sequence = list(of_case.values_list("sequence", flat=True))
        if sequence != list(range(1, len(sequence) + 1)):
            yield f"{letter.number}: the numbers of its case are {sequence}"
        yield from (f"{letter.number}: {fault}" for fault in faults(letter))
    files = set(letters.values_list("pdf__content", flat=True))
    if len(files) != len(asked):
        yield f"{len(files)} files for {len(asked)} letters"
    told = Notice.objects.filter(case__in=letters.values("proposal__case"), what="seal", mail_state="sent")
    twice = Counter(told.values_list("case", "person"))
    yield from (f"case {case}: {count} notices to {person}" for (case, person), count in twice.items() if count > 1)


def _mail_faults(asked: list[int], postbox: Postbox, since: datetime, kills: int) -> Iterator[str]:
    cases = Letter.objects.filter(pk__in=asked).values("proposal__case")
    told = {name(one) for one in Notice.objects.filter(case__in=cases, mail_state="sent", sent_at__gte=since)}
    if missing := told - set(postbox.came):
        yield f"{len(missing)} notices are called sent and no e-mail came"
    again = sum(count - 1 for count in postbox.came.values())
    print(
        f"{postbox.came.total()} e-mails of {len(postbox.came)} notices came, {again} of them once more after a kill."
    )
    if again > kills:
        yield f"{again} e-mails came more than once, after {kills} kills"


def _sealed(asked: list[int]) -> int:
    try:
        return Letter.objects.filter(pk__in=asked, state="sealed").count()
    except OperationalError:
        connection.close()
        return 0


def _reached(asked: list[int], moment: int) -> bool:
    return _sealed(asked) >= moment


def _unsent(asked: list[int]) -> bool:
    cases = Letter.objects.filter(pk__in=asked).values("proposal__case")
    # The clock reminds of all that is overdue in the data set, which would be mailed first.
    Notice.objects.filter(mail_state="waiting").exclude(case__in=cases).update(mail_state="dropped")
    return Notice.objects.filter(case__in=cases, mail_state__in=["waiting", "sending"]).exists()


def _start(postbox: Postbox) -> psutil.Popen:
    environment = {
        **os.environ, "DATABASE_URL": place.copy_url(), "SWEEP_SECONDS": "2", **postbox.environment,
        "DJANGO_SETTINGS_MODULE": "aipbi.settings",
    }  # fmt: skip
    with (place.HOME / "kills.log").open("a") as log:
        return psutil.Popen(
            [sys.executable, "-m", "celery", "-A", "aipbi", "worker", "-B", "-s", str(place.HOME / "beat"), "-c", "1",
             "-l", "WARNING", "--without-mingle", "--without-gossip"],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def _kill(worker: psutil.Popen) -> None:
    for process in (worker, *worker.children(recursive=True)):
        process.send_signal(signal.SIGKILL)
    worker.wait()


def _empty_queue() -> None:
    with closing(redis.Redis.from_url(os.environ["REDIS_URL"])) as server:
        server.flushall()


def _restart_postgres() -> None:
    connection.close()
    where = Place.prepare(place.HOME / "servers")
    postgres.stop(where)
    postgres.start(where, durable=False)


def _until(done: Callable[[], bool]) -> None:
    late = monotonic() + MOST_SECONDS
    while not done():
        if monotonic() > late:
            raise SystemExit(f"Not done within {MOST_SECONDS} s.")
        sleep(0.2)
