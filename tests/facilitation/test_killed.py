"""F7: exactly one PDF per letter, whatever runs at once or is killed in the middle; with real commits."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.db import connection
from django.db.models import F

from aipbi.documents.models import StoredFile
from aipbi.workflow import invariants, jobs, trail
from aipbi.workflow.models import Job
from facilitation import tasks
from facilitation.models import Letter
from tests.facilitation.sealing import stored, the_one_pdf
from tests.support.database import ROOT
from tests.support.stack import environment


def test_f7_two_workers_at_once_seal_one_letter(committed_story):
    letter = committed_story.approved()
    job = committed_story.job(letter)
    gate = threading.Barrier(2)

    def work():
        gate.wait()
        try:
            tasks.make_letter(jobs.Progress(job))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        for done in [workers.submit(work) for _n in range(2)]:
            done.result()
    assert len(stored(the_one_pdf(letter))) == 1


KILLED = """
import os, signal, sys
import django
django.setup()
from aipbi.workflow import jobs
from facilitation.letters import produce

keep = produce.keep
def keep_and_die(*letter):
    keep(*letter)
    os.kill(os.getpid(), signal.SIGKILL)
produce.keep = keep_and_die
jobs.run(int(sys.argv[1]))
"""


def test_f7_a_worker_killed_between_the_file_and_the_seal_leaves_exactly_one_letter(committed_story):
    letter = committed_story.approved()
    job = committed_story.job(letter)
    killed = subprocess.run(
        [sys.executable, "-c", KILLED, str(job.pk)],
        cwd=ROOT,
        env=environment(PYTHONPATH=str(ROOT)),
        check=False,
        capture_output=True,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    letter.refresh_from_db()
    job.refresh_from_db()
    assert (letter.state, job.state) == ("approved", "running")
    assert not StoredFile.objects.filter(purpose="letter").exists()
    assert not jobs.run(job.pk), "another worker waits as long as the first may still be alive"
    Job.objects.filter(pk=job.pk).update(beat_at=F("beat_at") - timedelta(minutes=2))
    assert job.pk in jobs.lost()
    assert jobs.run(job.pk)
    file = the_one_pdf(letter)
    assert len(stored(file)) == 1
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
    assert Letter.objects.filter(sequence__isnull=False).count() == 1
