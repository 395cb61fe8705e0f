"""Editions: a case keeps the one it began with; the next one is a copy that is then reworded."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from aipbi.asean import editions
from aipbi.asean.models import CriteriaEdition, Criterion, IndicatorEdition, Parameter

pytestmark = pytest.mark.django_db

WORDING = ("code", "question", "help", "level_0", "level_1", "level_2", "level_3", "level_4")


def today():
    return timezone.localdate(timezone=ZoneInfo("Asia/Jakarta"))


def test_the_newest_edition_in_force_is_taken():
    assert editions.criteria_now().code == "2025-01"
    CriteriaEdition.objects.create(code="2026-02", label="Next", in_force_from=today())
    CriteriaEdition.objects.create(code="2099-01", label="Far", in_force_from=date(2099, 1, 1))
    assert editions.criteria_now().code == "2026-02"
    assert editions.indicators_now().code == "2025-01"
    assert CriteriaEdition.objects.in_force(date(2024, 12, 31)) is None


def test_without_an_edition_in_force_the_error_says_what_to_do():
    IndicatorEdition.objects.update(in_force_from=date(2099, 1, 1))
    with pytest.raises(LookupError, match=r"No edition of the indicators is in force; run load_reference"):
        editions.indicators_now()


def test_a_copy_of_the_criteria_has_all_their_words_and_a_date_to_come():
    made = editions.copy(CriteriaEdition.objects.get(code="2025-01"))
    assert made.in_force_from > today()
    assert made.code == f"{made.in_force_from:%Y-%m}"
    for number in range(1, 10):
        old, new = (
            Parameter.objects.get(edition="2025-01", number=number),
            Parameter.objects.get(edition=made, number=number),
        )
        assert [getattr(old, name) for name in WORDING] == [getattr(new, name) for name in WORDING]
        assert (new.criterion.edition_id, new.criterion.number) == (made.code, old.criterion.number)
    assert Criterion.objects.filter(edition="2025-01").count() == 3


def test_a_copy_of_the_indicators_has_them_all():
    made = editions.copy(IndicatorEdition.objects.get(code="2025-01"))
    columns = ("code", "goal_id", "name", "unit", "by_ams", "aggregation", "better", "order")
    old = IndicatorEdition.objects.get(code="2025-01").indicators.values_list(*columns)
    assert list(made.indicators.values_list(*columns)) == list(old)


def test_two_copies_follow_each_other():
    first = editions.copy(CriteriaEdition.objects.get(code="2025-01"))
    second = editions.copy(first)
    assert second.in_force_from > first.in_force_from


def test_copies_of_december_go_on_in_january():
    CriteriaEdition.objects.create(code="2098-12", label="Far", in_force_from=date(2098, 12, 15))
    assert editions.copy(CriteriaEdition.objects.get(code="2098-12")).code == "2099-01"


def test_an_edition_of_its_own_parts_alone_is_not_in_use():
    edition = CriteriaEdition.objects.get(code="2025-01")
    assert edition.parameters.count() == 9
    assert not editions.in_use(edition)
