"""What a person chose about notices, and what follows for those that wait already (N3)."""

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from aipbi.accounts.models import Person
from aipbi.workflow import topics
from aipbi.workflow.models import DigestTime, MailState, Notice, Pace, PaceChoice


def chosen(people: Collection[int], topic: str) -> dict[int, str]:
    """Return, by person, the pace chosen for the topic; who is not there is told at once."""
    if topic == topics.DEADLINES:
        return {}
    return dict(PaceChoice.objects.filter(person__in=people, topic=topic).values_list("person_id", "pace"))


def choices_of(person: Person) -> dict[str, str]:
    """Return what the person chose, by topic."""
    return dict(PaceChoice.objects.filter(person=person).values_list("topic", "pace"))


def choose(*, person: Person, paces: Mapping[str, str], hour: int, weekday: int) -> None:
    """Keep the choices and the times; what waits for a digest and is now wanted at once goes at once.

    A notice that is in a digest already stays there: nothing is told twice, nothing is lost.
    """
    with transaction.atomic():
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        DigestTime.objects.update_or_create(person=person, defaults={"hour": hour, "weekday": weekday})
        for topic, pace in paces.items():
            PaceChoice.objects.update_or_create(person=person, topic=topic, defaults={"pace": pace})
            waiting = Notice.objects.filter(person=person, topic=topic, mail_state=MailState.DIGEST, digest=None)
            if pace == Pace.AT_ONCE:
                waiting.update(mail_state=MailState.WAITING, pace=pace, next_try_at=timezone.now())
            else:
                waiting.update(pace=pace)
