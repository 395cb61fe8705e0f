"""Loading: once, whole or not at all, and never over what an administrator changed."""

import shutil
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from aipbi.asean.files import DATA, FaultyFilesError
from aipbi.asean.load import load
from aipbi.asean.models import (
    Body,
    BodyCategory,
    ChairTerm,
    Clock,
    CriteriaEdition,
    Default,
    Holiday,
    Indicator,
    IndicatorEdition,
    MemberState,
    Parameter,
    Sector,
    Stage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    """A copy of the data files, to be changed."""
    shutil.copytree(DATA, tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def edit(folder):
    """Replace a text in a data file."""

    def replace(file, old, new):
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return folder

    return replace


def append(path, *lines):
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line}\n" for line in lines)


def faults(folder):
    with pytest.raises(FaultyFilesError) as caught, transaction.atomic():
        load(folder)
    return [str(fault) for fault in caught.value.faults]


def test_loading_again_creates_nothing_in_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(37):
        created = load()
    assert set(created.values()) == {0}


def test_what_is_missing_is_created_and_reported(folder):
    append(folder / "holidays.csv", "SG,2026-09-11,Polling Day,no")
    append(folder / "taxonomy.csv", "space,Space,launch,Launch services,design;launch_site=Launch site")
    created = {kind: rows for kind, rows in load(folder).items() if rows}
    assert created == {"sectors": 1, "value chains": 1, "stages": 2, "holidays": 1}
    assert Holiday.objects.get(ams="SG", date=date(2026, 9, 11)).name == "Polling Day"
    assert Stage.objects.get(chain="launch", code="launch_site").label == "Launch site"


def test_an_administrators_edit_survives():
    Clock.objects.filter(code="seom").update(days=25)
    Default.objects.filter(key="file_megabytes").update(value=50)
    Parameter.objects.filter(number=1).update(question="Which project is it?")
    BodyCategory.objects.filter(body__acronym="ACCSQ", category="goods").delete()
    load()
    assert Clock.objects.get(code="seom").days == 25
    assert Default.objects.get(key="file_megabytes").value == 50
    assert Parameter.objects.get(number=1).question == "Which project is it?"
    assert Body.objects.get(acronym="ACCSQ").categories.count() == 1


def test_a_holiday_that_moved_stays_moved_and_a_deleted_one_deleted():
    moved = Holiday.objects.filter(ams="ID", estimated=True).first()
    old, new = moved.date, date(2028, 12, 29)
    moved.date = new
    moved.save()
    Holiday.objects.filter(ams="SG", date=date(2026, 1, 1)).delete()
    load()
    assert not Holiday.objects.filter(ams="ID", date=old).exists()
    assert Holiday.objects.filter(ams="ID", date=new).count() == 1
    assert not Holiday.objects.filter(ams="SG", date=date(2026, 1, 1)).exists()


def test_what_belongs_to_something_deleted_is_left_out(folder):
    Stage.objects.filter(chain="medicines").delete()
    Sector.objects.get(code="medical").chains.all().delete()
    Sector.objects.filter(code="medical").delete()
    append(folder / "taxonomy.csv", "medical,Medical products,vaccines,Vaccines,filling")
    assert not any(load(folder).values())


def test_a_chair_that_an_administrator_entered_keeps_the_shipped_one_out(folder):
    ChairTerm.objects.create(ams_id="TL", starts=date(2029, 1, 1), ends=date(2029, 12, 31))
    append(folder / "chairs.csv", "VN,2029-01-01,2029-12-31", "BN,2030-01-01,")
    assert load(folder)["chairs' terms"] == 1
    assert ChairTerm.objects.on(date(2029, 6, 1)) == "TL"
    assert ChairTerm.objects.on(date(2031, 6, 1)) == "BN"


def test_a_later_edition_comes_whole_and_an_earlier_one_stays_as_it_is(folder):
    Indicator.objects.filter(edition="2025-01", code="O2").delete()
    text = (folder / "criteria-2025-01.json").read_text(encoding="utf-8")
    (folder / "criteria-2030-01.json").write_text(text.replace("2025-01", "2030-01"), encoding="utf-8")
    append(folder / "indicator_editions.csv", "2030-01,Later,2030-01-01")
    append(folder / "indicators.csv", "2030-01,X1,overall,Something else,firm,no,sum,up,1,,,,no,")
    created = {kind: rows for kind, rows in load(folder).items() if rows}
    assert created == {
        "editions of the criteria": 1,
        "criteria": 3,
        "parameters": 9,
        "editions of the indicators": 1,
        "indicators": 1,
    }
    assert CriteriaEdition.objects.get(code="2030-01").parameters.count() == 9
    assert not IndicatorEdition.objects.get(code="2025-01").indicators.filter(code="O2").exists()


FAULTS = [
    ("member_states.csv", "1997-07-23", "23 July 1997", "member_states.csv, line 5: acceded_on: “23 July 1997” value"),
    (
        "member_states.csv",
        "Asia/Brunei",
        "Asia/Bandar",
        "member_states.csv, line 2: timezone: “Asia/Bandar” is not a time zone",
    ),
    ("member_states.csv", "5;7", "5;8", "member_states.csv, line 2: weekend:"),
    ("member_states.csv", "5;7", "Friday", "member_states.csv, line 2: weekend:"),
    ("member_states.csv", ",in_text,", ",inline,", "member_states.csv, line 1: the column in_text is missing"),
    (
        "member_states.csv",
        "Cambodia,Cambodia",
        "Cambodia",
        "member_states.csv, line 3: 6 values where the header names 7",
    ),
    (
        "categories.csv",
        "goods,Movement of goods",
        "goods,",
        "categories.csv, line 2: label: This field cannot be blank.",
    ),
    ("bodies.csv", ",council,", ",board,", "bodies.csv, line 2: kind: Value 'board' is not a valid choice."),
    (
        "bodies.csv",
        "ministerial,AECC",
        "ministerial,SEOM",
        "bodies.csv, line 3: parent: ASEAN body “SEOM” must stand above",
    ),
    (
        "bodies.csv",
        "committee,SEOM,goods,",
        "committee,SEOM,tariffs,",
        "bodies.csv, line 9: category: there is no category of facilitation “tariffs”",
    ),
    (
        "taxonomy.csv",
        "new_energy,New energy,wind",
        "new_energy,Clean energy,wind",
        "taxonomy.csv, line 4: the sector new_energy is called “New energy” on line 2",
    ),
    (
        "hs_chapters.csv",
        "78,Lead",
        "77,Lead",
        "hs_chapters.csv, line 78: code: Chapters run from 01 to 97; there is no chapter 77.",
    ),
    ("hs_chapters.csv", "78,Lead", "76,Lead", "hs_chapters.csv, line 78: HS chapter “76” stands on line 77 already"),
    (
        "criteria-2025-01.json",
        '"number": 9',
        '"number": 10',
        "criteria-2025-01.json, line 113: number: Ensure this value is less than or equal to 9.",
    ),
    ("criteria-2025-01.json", '"level_4"', '"level_5"', "criteria-2025-01.json, line 11: “level_4” is missing"),
    ("criteria-2025-01.json", '"level_4"', '"level_5"', "criteria-2025-01.json, line 11: “level_5” is not known"),
    (
        "criteria-2025-01.json",
        '"parameters": [',
        '"parametres": [',
        "criteria-2025-01.json, line 6: “parameters” is missing",
    ),
    (
        "criteria-2025-01.json",
        '"criteria": [',
        '"criteria": [1, ',
        "criteria-2025-01.json, line 1: “criteria” must be a list of objects",
    ),
    ("criteria-2025-01.json", "},", "}", "criteria-2025-01.json, line 22: Expecting ',' delimiter"),
    (
        "indicators.csv",
        "C1,competitiveness",
        "C1,wealth",
        "indicators.csv, line 2: goal: there is no strategic goal “wealth”",
    ),
    (
        "indicators.csv",
        ",yes,",
        ",maybe,",
        "indicators.csv, line 2: by_ams: “maybe” value must be either True or False.",
    ),
    ("clocks.csv", ",60,", ",sixty,", "clocks.csv, line 5: days: “sixty” value must be an integer."),
    ("clocks.csv", ",60,", ",600,", "clocks.csv, line 5: days: Ensure this value is less than or equal to 366."),
    ("defaults.json", '"value": 25', '"values": 25', "defaults.json, line 34: “value” is missing"),
    ("holidays.csv", "BN,2025-01-01", "XX,2025-01-01", "holidays.csv, line 2: ams: there is no Member State “XX”"),
    (
        "chairs.csv",
        "PH,2026-01-01",
        "PH,2026-02-30",
        "chairs.csv, line 3: starts: “2026-02-30” value has the correct format",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "fault"), FAULTS)
def test_a_fault_is_listed_with_its_file_and_line(edit, file, old, new, fault):
    found = faults(edit(file, old, new))
    assert any(line.startswith(fault) for line in found), found


def test_all_faults_are_listed_and_nothing_is_loaded(edit, folder):
    append(folder / "holidays.csv", "SG,2026-09-11,Polling Day,no")
    edit("clocks.csv", ",60,", ",sixty,")
    edit("hs_chapters.csv", "78,Lead", "77,Lead")
    found = faults(folder)
    assert [line.split(":")[0] for line in found] == ["clocks.csv, line 5", "hs_chapters.csv, line 78"]
    assert not Holiday.objects.filter(ams="SG", date=date(2026, 9, 11)).exists()


def test_what_the_database_alone_can_see_is_listed_too_and_nothing_is_loaded(edit, folder):
    append(folder / "holidays.csv", "SG,2026-09-11,Polling Day,no")
    append(folder / "chairs.csv", "VN,2029-01-01,2029-12-31", "BN,2029-06-01,", "KH,2031-01-01,2030-01-01")
    found = faults(folder)
    assert found == [
        "chairs.csv, line 7: Another Member State chairs on some of these days. Two cannot chair at once.",
        "chairs.csv, line 8: The last day must not be before the first day.",
    ]
    assert not Holiday.objects.filter(ams="SG", date=date(2026, 9, 11)).exists()
    assert not ChairTerm.objects.filter(ams="VN").exists()


def test_a_setting_out_of_its_limits_is_a_fault(folder):
    (folder / "defaults.json").write_text(
        '[{"key": "new_one", "label": "x", "help": "x", "kind": "number",\n "value": 9, "maximum": 5}]',
        encoding="utf-8",
    )
    assert faults(folder) == ["defaults.json, line 1: The value is larger than the largest allowed."]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"code,label,days,counts\nseom,Caf\xe9,1,working\n", "clocks.csv, line 2: this is not UTF-8 text"),
        (b'code,label,days,counts\nseom,"Support,1,working\n', "clocks.csv, line 2: unexpected end of data"),
    ],
)
def test_a_file_that_is_not_text_or_not_csv(folder, content, fault):
    (folder / "clocks.csv").write_bytes(content)
    assert faults(folder) == [fault]


def test_a_file_that_is_not_there(folder):
    (folder / "goals.csv").unlink()
    assert faults(folder) == ["goals.csv, line 1: the file cannot be read: No such file or directory"]


def test_the_command_says_what_it_created():
    MemberState.objects.filter(code="LA").update(name="Laos")
    out = StringIO()
    call_command("load_reference", stdout=out)
    assert out.getvalue() == "Nothing was missing.\n"
    assert MemberState.objects.get(code="LA").name == "Laos"


def test_the_command_lists_faults_one_per_line(edit, monkeypatch):
    folder = edit("clocks.csv", ",60,", ",sixty,")
    monkeypatch.setattr("aipbi.asean.management.commands.load_reference.load", lambda: load(folder))
    with pytest.raises(CommandError, match=r"Nothing was loaded.*\nclocks\.csv, line 5: days"):
        call_command("load_reference")
