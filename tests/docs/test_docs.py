"""The documentation says what the program does."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from aipbi.accounts.enums import Role
from aipbi.workflow import diagram
from proposals.enums import PUBLIC_LABELS, State
from review.enums import Answer

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
READS = re.compile(r"""(?:env\.\w+|environ(?:\.get|\.setdefault|\.pop)?)[\[(]\s*"([A-Z][A-Z_]+)\"""")
# Read by Python and Django, not by us.
NOT_OURS = {"DJANGO_SETTINGS_MODULE"}


def read_by_the_program() -> set[str]:
    sources = [*(ROOT / "aipbi").rglob("*.py"), *(ROOT / "deploy").rglob("*.py"), ROOT / "manage.py"]
    return {name for path in sources for name in READS.findall(path.read_text())} - NOT_OURS


def documented() -> set[str]:
    table = (ROOT / "docs" / "operators.md").read_text().partition("## Settings")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `([A-Z_]+)` \|", table, flags=re.MULTILINE))


def test_every_setting_is_documented_and_every_documented_setting_exists():
    assert documented() == read_by_the_program()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_names_only_commands_and_files_that_exist(page):
    text = page.read_text()
    commands = get_commands()
    assert [name for name in re.findall(r"manage\.py (\w+)", text) if name not in commands] == []
    assert [name for name in re.findall(r"script/([\w-]+)", text) if not (ROOT / "script" / name).exists()] == []
    links = [link for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_role_has_its_page():
    assert len(list((ROOT / "docs" / "roles").glob("*.md"))) == 7


def test_the_glossary_says_roles_states_and_positions_as_the_program_does():
    words = (ROOT / "docs" / "glossary.md").read_text()
    lists = [f"- `{one.value}`: {one.label}\n" for one in (*Role, *Answer)]
    table = [f"| `{one.value}` | {one.label} | {PUBLIC_LABELS[one]} |\n" for one in State]
    assert [line for line in lists + table if line not in words] == []


def test_the_picture_of_the_life_is_current():
    assert (ROOT / "docs" / "lifecycle.md").read_text() == diagram.page(), "Run `manage.py lifecycle`."
