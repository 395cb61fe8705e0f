"""F7: exactly one PDF per letter, also when its job is run again, fails, or finds what another left."""

import hashlib

from django.core.files.storage import default_storage
from django.utils import timezone

from aipbi.documents import keeping, pdf, sealed
from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from facilitation import tasks
from facilitation.letters import produce
from tests.facilitation.sealing import stored, the_one_pdf


def test_f7_the_job_run_again_makes_nothing_new(story):
    letter = story.approved()
    job = story.job(letter)
    assert jobs.run(job.pk)
    file = the_one_pdf(letter)
    assert not jobs.run(job.pk)
    tasks.make_letter(jobs.Progress(job))
    again = jobs.ask("letter_pdf", letter)
    assert jobs.run(again.pk)
    assert the_one_pdf(letter) == file
    assert len(stored(file)) == 1


def test_f7_a_worker_without_pango_says_so_and_seals_nothing(story, monkeypatch, signed_in):
    def missing(*_args, **_kwargs):
        raise pdf.PdfUnavailableError("PDFs cannot be made: WeasyPrint needs Pango.")

    letter = story.approved()
    job = story.job(letter)
    with monkeypatch.context() as without:
        without.setattr(pdf, "render", missing)
        for _try in range(jobs.ATTEMPTS):
            Job.objects.filter(pk=job.pk).update(next_try_at=timezone.now())
            assert not jobs.run(job.pk)
    letter.refresh_from_db()
    assert (letter.state, letter.pdf) == ("approved", None)
    page = f"/cases/{story.case.case.code}/letters/{letter.pk}/"
    assert "WeasyPrint needs Pango" in signed_in(story.asec).get(page).content.decode()
    shown = signed_in(story.chair).get(page).content.decode()
    assert "The PDF could not be made." in shown
    assert "Pango" not in shown
    story.do("make_letter_again", letter, story.asec)
    assert jobs.run(story.job(letter).pk)
    the_one_pdf(letter)


def test_f7_a_file_left_by_a_killed_worker_is_taken_when_whole_and_written_anew_when_broken(story):
    letter = story.approved()
    rendered = produce.render(letter)
    content = produce.sign(letter, rendered)
    left = produce.keep(letter, content, hashlib.sha256(rendered).hexdigest())
    name = left.content.name
    left.delete()
    other = produce.sign(letter, rendered)
    assert other != content
    assert keeping.once(name.partition("/")[2], other, whole=lambda found: found == content) == (name, content)
    default_storage.delete(name)
    with default_storage.open(name, "wb") as broken:
        broken.write(content[:100])
    assert jobs.run(story.job(letter).pk)
    file = the_one_pdf(letter)
    assert file.content.name == name
    with file.content.open() as kept:
        assert not any(sealed.faults(kept.read()))
    assert len(stored(file)) == 1
