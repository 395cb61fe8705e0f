"""Settings and labels are remembered, and right the moment an administrator has changed them."""

from threading import Thread

import pytest
from django.db import connection, transaction

from aipbi.asean import defaults, names
from aipbi.asean.cache import remember
from aipbi.asean.load import load
from aipbi.asean.models import Default, MemberState


@pytest.mark.django_db
def test_settings_have_the_types_of_their_kinds():
    assert defaults.get("experts_minimum") == 2
    assert defaults.get("greenfield_open") is True
    assert defaults.get("portal_label") == "ASEAN Industrial Project-Based Initiative"
    with pytest.raises(LookupError, match="“no_such”"):
        defaults.get("no_such")


@pytest.mark.django_db
def test_labels_by_code():
    assert names.member_state_names()["LA"] == "Lao PDR"
    assert next(iter(names.member_state_names())) == "BN"
    assert names.category_names()["talent"] == "Movement of talent"
    assert names.sector_names()["ev_upstream"] == "Electric vehicles and upstream materials"
    assert names.chain_names()["wind"] == "Wind power"
    assert names.stage_names()["ev_battery", "cells"] == "Cells"


@pytest.mark.django_db
def test_a_transaction_sees_its_own_change_and_leaves_no_trace_when_undone():
    with transaction.atomic():
        row = Default.objects.get(key="experts_minimum")
        row.value = 3
        row.save()
        assert defaults.get("experts_minimum") == 3
        transaction.set_rollback(True)
    assert defaults.get("experts_minimum") == 2


@pytest.mark.usefixtures("committed_db")
class TestCommitted:
    def test_the_second_reading_asks_no_database(self, django_assert_num_queries):
        first = names.member_state_names()
        with django_assert_num_queries(0):
            assert names.member_state_names() == first

    def test_a_saved_setting_is_right_in_the_next_request(self):
        assert defaults.get("experts_minimum") == 2
        row = Default.objects.get(key="experts_minimum")
        row.value = 3
        row.save()
        assert defaults.get("experts_minimum") == 3

    def test_a_change_undone_is_never_remembered(self):
        with transaction.atomic():
            row = MemberState.objects.get(code="LA")
            row.name = "Laos"
            row.save()
            assert names.member_state_names()["LA"] == "Laos"
            transaction.set_rollback(True)
        assert names.member_state_names()["LA"] == "Lao PDR"

    def test_a_reader_that_asked_before_the_commit_does_not_bring_the_old_value_back(self, monkeypatch):
        # What is shown is the hold, not how long a stalled machine takes for one thread.
        monkeypatch.setattr("aipbi.asean.cache.HELD_SECONDS", 300)

        def slow_read():
            old = "before"
            writer = Thread(target=_save_a_setting)
            writer.start()
            writer.join()
            return old

        assert remember(Default._meta.label, slow_read) == "before"
        assert defaults.get("file_megabytes") == 26

    def test_loading_forgets_what_was_remembered(self, django_assert_num_queries):
        names.member_state_names()
        load()
        with django_assert_num_queries(1):
            names.member_state_names()

    def test_without_a_cache_the_database_answers(self, settings, caplog):
        settings.CACHES = {
            "default": {
                "BACKEND": "django.core.cache.backends.redis.RedisCache",
                "LOCATION": "unix:///nowhere/redis.sock",
            }
        }
        assert names.member_state_names()["LA"] == "Lao PDR"
        row = Default.objects.get(key="experts_minimum")
        row.value = 3
        row.save()
        assert defaults.get("experts_minimum") == 3
        assert "cache did not answer" in caplog.text


def _save_a_setting():
    try:
        row = Default.objects.get(key="file_megabytes")
        row.value = 26
        row.save()
    finally:
        connection.close()
