"""Steps of review for tests, each through the door as everybody else goes."""

from datetime import timedelta

from django.utils import timezone

from aipbi.asean import clocks
from review import walk
from review.enums import Answer
from review.experts.models import ExpertProfile
from review.models import Assessment, Invitation, Position, Round
from review.rounds import deadlines
from tests.support.cases import do, registered
from tests.support.remembered import remembered

NO_CONFLICT = {"has_interest": "no", "was_involved": "no", "other_ties": "no"}
TEXTS = {
    "summary": "The three criteria are met.",
    "majority_view": "Both find the project eligible.",
    "minority_view": "One would see the figures again.",
    "conditions": "Figures by Member State after a year.",
}


def fresh(row):
    return type(row).objects.get(pk=row.pk)


@remembered
def confirmed(people, *codes, name="01-power-trade"):
    """A registered case whose Member States (all of them, or `codes`) have confirmed."""
    case = registered(people, name)
    for participation in case.participations.all():
        if not codes or participation.ams_id in codes:
            do(participation, "confirm", people.seom(participation.ams_id))
    return fresh(case)


def invite(people, case, number, **profile):
    expert = people.expert(number)
    ExpertProfile.objects.update_or_create(person=expert.person, defaults=profile)
    do(fresh(case), "invite_expert", people.asec(), expert=expert.person.pk)
    return Invitation.objects.filter(proposal=case, expert=expert.person.pk).latest("pk")


def accept(people, case, number):
    invitation = invite(people, case, number)
    return do(invitation, "accept_invitation", people.expert(number), **NO_CONFLICT)


@remembered
def under_assessment(people, experts=2, case=None):
    case = case or confirmed(people)
    for number in range(1, experts + 1):
        accept(people, case, number)
    return do(fresh(case), "start_assessment", people.asec())


def of(people, case, number):
    """The assessment of an expert."""
    return Assessment.objects.get(proposal=case, expert=people.expert(number).person.pk)


def save(people, case, number, **changes):
    assessment = of(people, case, number)
    answers = {**walk.filled(assessment), **changes}
    return do(
        assessment, "save_assessment", people.expert(number), **{k: v for k, v in answers.items() if v is not None}
    )


def file(people, case, number, **changes):
    return do(save(people, case, number, **changes), "file_assessment", people.expert(number), own_view="on")


@remembered
def assessed(people, case=None):
    case = under_assessment(people, case=case)
    file(people, case, 1)
    file(people, case, 2)
    return do(fresh(case), "file_consolidated", people.asec(), **TEXTS)


def in_a_month():
    """A day on which everybody in the power-trade case works."""
    everybody = clocks.calendars({"ID", "LA", "MY", "SG", "TH"})
    return deadlines.common(everybody["ID"].day(timezone.now() + timedelta(days=30)), everybody)


def open_round(people, case, **data):
    data = {"instrument": "ad_referendum", "deadline": in_a_month().isoformat(), **data}
    return do(fresh(case), "open_round", people.asec(), **data)


@remembered
def before_fg_gvc(people, *, silence=False, instrument="ad_referendum", case=None):
    data = {"silence_is_no_objection": "on"} if silence else {}
    case = do(
        assessed(people, case),
        "open_round",
        people.asec(),
        instrument=instrument,
        deadline=in_a_month().isoformat(),
        **data,
    )
    return fresh(case)


def position(case, ams):
    return Position.objects.get(round=Round.objects.get(proposal=case, state__in=["open", "escalated"]), ams=ams)


def say(people, case, **said):
    """Give positions by the FG-GVC members: `say(people, case, LA="approve", TH="object")`."""
    for ams, value in said.items():
        text = "Because of the transit rules." if value in {Answer.OBJECT, Answer.DEFER, Answer.CONDITIONS} else ""
        do(position(case, ams), "give_position", people.fg_gvc(ams), value=value, text=text)


def step_aside(people, case, *states):
    """Let Member States that object say that they step aside."""
    for ams in states:
        do(position(case, ams), "step_aside", people.fg_gvc(ams), basis=f"Note of {ams} of 3 December.")


PUT_OFF = {"question": "Which grid code holds?", "clearing": "The proponent names it."}


def decide(people, case, outcome, as_=None, **data):
    data = {**PUT_OFF, **data} if outcome == "deferred" else data
    return do(
        fresh(case),
        "record_decision",
        as_ or people.chair(),
        outcome=outcome,
        reasons="As the Member States agreed.",
        **data,
    )


def pass_deadline(case):
    """Move the open round into the past, as waiting would."""
    week = timedelta(days=7)
    one = Round.objects.get(proposal=case, state="open")
    Round.objects.filter(pk=one.pk).update(opened_at=one.opened_at - 8 * week, deadline=one.opened_at - week)
