"""The record of a meeting: written by ASEC, circulated to the members, corrected, adopted."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks
from aipbi.workflow import jobs, parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from review.meetings import record, rules, verbs
from review.meetings.enums import MeetingState
from review.meetings.forms import AdoptForm, CirculateForm, CorrectionForm, RecordForm
from review.meetings.models import Correction, Meeting, Record
from review.rounds.deadlines import SECRETARIAT

RECORD_JOB = "meeting_record"
HELD = frozenset({MeetingState.HELD.value})


@register
class WriteRecord(Move):
    """opened: the record is written, and again after corrections; every version stays."""

    name = "write_record"
    model = Meeting
    during = HELD
    who = rules.secretariat
    label = gettext_lazy("Write the record")
    done = gettext_lazy("Record saved as a new version")
    help = gettext_lazy(
        "Date, presence, decisions, conditions and statements stand in the record as they were recorded. "
        "Here you write what stands around them. The fields begin with the last version’s words or, the first time, "
        "with the notes of the agenda taken at the meeting and standing words for opening and closing: change what was otherwise."
    )
    form = RecordForm
    audience = Audience.ASEC

    @property
    def beside(self) -> bool:  # type: ignore[override]
        """A version that says all and that nobody asked to correct is not written again first."""
        last = Record.latest(self.subject.pk)
        if last is None or record.is_stale(self.subject, last):
            return False
        return not Correction.objects.filter(record=last).exists()

    def initial(self) -> dict[str, Any]:
        """Start with the last version's words, the first time with what was noted at the meeting."""
        last = Record.latest(self.subject.pk)
        return {**record.first_words(self.subject), **(last.texts if last else {})}

    def effect(self) -> None:
        """Freeze the next version, with all that it says."""
        last = Record.latest(self.subject.pk)
        self.record = Record.objects.create(  # type: ignore[misc]
            meeting=self.subject,
            number=last.number + 1 if last else 1,
            texts=dict(self.data),
            content=record.content(self.subject, self.data),
            written_at=self.now,
            written_by=self.as_.person,
        )
        jobs.ask(RECORD_JOB, self.subject)

    def kept(self) -> dict[str, Any]:
        """Keep which version; what it says is in its row, which is never changed."""
        return {"version": self.record.number}

    def after(self) -> str:
        """Go to the record."""
        return record.page(self.subject)


@register
class CirculateRecord(Move):
    """opened: the newest version goes to the members for corrections."""

    name = "circulate_record"
    model = Meeting
    during = HELD
    who = rules.secretariat
    label = gettext_lazy("Circulate the record")
    done = gettext_lazy("Record circulated")
    help = gettext_lazy("The FG-GVC members are told, and may ask for corrections.")
    form = CirculateForm
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """There must be a version that has not gone out, and nothing left open in it."""
        last = Record.latest(self.subject.pk)
        if last is None:
            yield _("The record has not been written yet.")
        elif last.circulated_at:
            yield _("Version %(n)s was circulated. Write the next one first.") % {"n": last.number}
        elif record.is_stale(self.subject, last):
            yield _("Something was recorded after version %(n)s was written. Write the record once more.") % {
                "n": last.number
            }

    def initial(self) -> dict[str, Any]:
        """Propose ten working days."""
        return {"corrections_by": clocks.calendar(SECRETARIAT).add(clocks.calendar(SECRETARIAT).day(self.now), 10)}

    def effect(self) -> None:
        """Date it."""
        self.record = Record.latest(self.subject.pk)
        assert self.record  # noqa: S101 - see `reasons`
        self.record.circulated_at = self.now
        self.record.corrections_by = clocks.calendar(SECRETARIAT).end_of(self.data["corrections_by"])
        self.record.save(update_fields=["circulated_at", "corrections_by"])

    def details(self) -> dict[str, Any]:
        """Say which version."""
        return {"version": self.record.number if self.record else 0}

    def tells(self) -> Iterable[Tell]:
        """Tell the FG-GVC, who may ask for corrections until the day."""
        assert self.record  # noqa: S101 - as above
        for party in verbs.members():
            yield Tell(
                party, _("The record of a meeting waits for your corrections"), to_act=True,
                due=self.record.corrections_by, path=record.page(self.subject),
            )  # fmt: skip

    def after(self) -> str:
        """Go to the record."""
        return record.page(self.subject)


def circulated(meeting: Meeting) -> Record | None:
    """Return the newest version of the record if it was circulated."""
    last = Record.latest(meeting.pk)
    return last if last and last.circulated_at else None


@register
class AskCorrection(Move):
    """opened: a member says what should read otherwise in the version that was circulated."""

    name = "ask_correction"
    model = Meeting
    during = HELD
    who = rules.member
    label = gettext_lazy("Ask for a correction")
    done = gettext_lazy("Correction asked for")
    form = CorrectionForm
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """There must be a version to correct."""
        if circulated(self.subject) is None:
            yield _("The record has not been circulated yet.")

    def effect(self) -> None:
        """Keep it."""
        self.record = circulated(self.subject)
        Correction.objects.create(  # type: ignore[misc]
            meeting=self.subject, record=self.record, office=self.as_.office, person=self.as_.person,
            text=self.data["text"], at=self.now,
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """Keep on which version; the words are for the members."""
        return {"version": self.record.number if self.record else 0}

    def repeats(self, entered: Any, kept: Any) -> bool:
        """Whether the very same words were asked for already."""
        return Correction.objects.filter(
            meeting=self.subject, person=self.as_.person, text=entered.get("text")
        ).exists()

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(
            parties.asec(), _("A member asks for a correction of the record of a meeting"), to_act=True,
            path=record.page(self.subject),
        )  # fmt: skip

    def after(self) -> str:
        """Go to the record."""
        return record.page(self.subject)


@register
class AdoptRecord(Move):
    """opened → record adopted: the members agree to the version that was circulated last."""

    name = "adopt_record"
    model = Meeting
    on = "adopt_record"
    who = rules.presiding_or_secretariat
    label = gettext_lazy("Adopt the record")
    done = gettext_lazy("Record adopted")
    help = gettext_lazy(
        "It ends the meeting: nothing more is recorded. What was not decided is free for another agenda."
    )
    form = AdoptForm
    audience = Audience.STATES
    warning = True

    def reasons(self) -> Iterable[str]:
        """The newest version must have been circulated, and say all that was recorded."""
        last = circulated(self.subject)
        if last is None:
            yield _("The newest version of the record has not been circulated yet.")
        elif record.is_stale(self.subject, last):
            yield _("Something was recorded after version %(n)s was written. Write the record once more.") % {
                "n": last.number
            }

    @property
    def asked(self) -> list[Correction]:
        """What members asked to read otherwise in this version: it is not taken up in what is adopted."""
        last = circulated(self.subject)
        return list(last.corrections.select_related("office__ams").order_by("pk")) if last else []

    @property
    def time_left(self) -> date | None:
        """Until which day members may ask for corrections; None once that day is over, or before it was set."""
        last = circulated(self.subject)
        until = last.corrections_by if last else None
        return timezone.localdate(until) if until and until > self.now else None

    def effect(self) -> None:
        """Keep the same words as the final version, which says that it is adopted, and free what was not decided."""
        last = circulated(self.subject)
        assert last  # noqa: S101 - see `reasons`
        last.pk, last.number, last.pdf, last.docx = None, last.number + 1, None, None
        last.adopted_at, last.adopted_how = self.now, self.data["how"]
        last.save(force_insert=True)
        self.record = last
        verbs.close_items(self.subject, self.now)
        jobs.ask(RECORD_JOB, self.subject)

    def details(self) -> dict[str, Any]:
        """Say which version, and whether it was adopted before corrections were due, as all agreed."""
        return {"version": self.record.number} | ({"early": True} if self.data.get("early") else {})

    def tells(self) -> Iterable[Tell]:
        """Tell the FG-GVC and the Secretariat."""
        for party in (*verbs.members(), parties.asec()):
            yield Tell(party, _("The record of a meeting was adopted"), path=record.page(self.subject))

    def after(self) -> str:
        """Go to the record."""
        return record.page(self.subject)
