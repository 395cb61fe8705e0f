"""The consolidated report (R6): figures computed and frozen, both views kept, read by whom the access table says."""

import pytest
from django.db import transaction
from django.db.utils import Error

from aipbi.workflow.errors import Blocked, Invalid
from review.models import ConsolidatedReport
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def filed(people):
    """Two experts who differ by two levels on parameter 2 and on criterion 1."""
    case = steps.under_assessment(people)
    steps.file(people, case, 1, level_2=3)
    steps.file(people, case, 2, level_2=1, verdict_1="partly")
    return case


def write(people, case, **texts):
    return do(steps.fresh(case), "file_consolidated", people.asec(), **{**steps.TEXTS, **texts})


def test_r6_figures_come_from_the_filed_assessments(people, filed):
    assert write(people, filed).state == "assessed"
    figures = ConsolidatedReport.objects.get().figures
    assert figures["experts"] == ["A", "B"]
    assert figures["lines"][1] | {"question": ""} == {
        "number": 2, "code": "challenges_faced", "question": "", "levels": [3, 1], "mean": "2.00", "spread": 2, "late": [],
    }  # fmt: skip
    assert figures["criteria"][0]["majority"] == ""
    assert figures["criteria"][1]["majority"] == "met"


def test_r6_strong_differences_are_said_in_words(people, filed, signed_in):
    write(people, filed)
    page = signed_in(people.seom("TH")).get(f"/cases/{filed.case.code}/review/").text
    assert page.count("The experts differ strongly") == 1
    assert "Invite one more expert" not in page


def test_r6_waits_for_every_expert_on_the_case(people):
    case = steps.under_assessment(people)
    steps.file(people, case, 1)
    with pytest.raises(Blocked, match="Not every expert"):
        write(people, case)


def test_r6_an_expert_taken_off_no_longer_counts(people):
    case = steps.under_assessment(people, 3)
    for number in (1, 2, 3):
        steps.file(people, case, number)
    do(
        case.invitations.get(expert=people.expert(2).person.pk),
        "withdraw_invitation",
        people.asec(),
        reason="Moved to a partner.",
    )
    write(people, case)
    assert ConsolidatedReport.objects.get().figures["experts"] == ["A", "B"]


def test_r6_the_minority_is_heard_where_verdicts_differ(people, filed):
    with pytest.raises(Blocked, match="Say what others hold"):
        write(people, filed, minority_view="")


@pytest.mark.parametrize("text", ["summary", "majority_view"])
def test_r6_the_texts_are_asked(people, filed, text):
    with pytest.raises(Invalid, match=text):
        write(people, filed, **{text: ""})


@pytest.mark.parametrize(
    "statement", ["UPDATE review_consolidatedreport SET figures = '{}'", "DELETE FROM review_consolidatedreport", "TRUNCATE review_consolidatedreport CASCADE"]
)  # fmt: skip
def test_r6_nobody_edits_figures_not_even_by_plain_sql(people, filed, statement):
    from django.db import connection

    write(people, filed)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert ConsolidatedReport.objects.get().figures["experts"] == ["A", "B"]


def test_u5_who_reads_the_report(people, filed, signed_in):
    write(people, filed, majority_view="Majority-4471", summary="Summary-4472")
    page = f"/cases/{filed.case.code}/review/"
    for reader in (people.seom("LA"), people.seom("TH"), people.asec()):
        assert "Majority-4471" in signed_in(reader).get(page).text
    for other in (people.proponent(), people.expert(1)):
        text = signed_in(other).get(page).text
        assert "Majority-4471" not in text
        assert "Summary-4472" not in text
    for stranger in (people.fg_gvc("TH"), people.seom("VN"), people.expert(3), people.body("AMEM"), people.admin()):
        assert signed_in(stranger).get(page).status_code == 404


def test_u5_the_proponent_reads_the_summary_after_the_decision_and_no_more(people, signed_in):
    case = steps.before_fg_gvc(people)
    page = f"/cases/{case.case.code}/review/"
    assert steps.TEXTS["summary"] not in signed_in(people.proponent()).get(page).text
    steps.say(people, case, LA="approve", TH="no_objection", MY="approve", SG="approve")
    steps.decide(people, case, "approved")
    text = signed_in(people.proponent()).get(page).text
    assert steps.TEXTS["summary"] in text
    assert steps.TEXTS["conditions"] in text
    for hidden in (steps.TEXTS["majority_view"], steps.TEXTS["minority_view"], "Mean", "Expert A"):
        assert hidden not in text
