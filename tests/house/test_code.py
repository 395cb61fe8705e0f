"""What always holds of the code itself: layers, lint, types, migrations, deployment, words."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import tinycss2
from django.core.management import call_command
from django.template.base import Lexer, TokenType

from tests.support.stack import environment

ROOT = Path(__file__).resolve().parent.parent.parent
BIN = Path(sys.executable).parent


def run(*command: str, **more: str) -> None:
    done = subprocess.run(command, cwd=ROOT, env=environment(**more), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_ruff_finds_nothing():
    run(str(BIN / "ruff"), "check", ".")


def test_the_code_is_formatted():
    run(str(BIN / "ruff"), "format", "--check", ".")


def test_types_hold():
    run(str(BIN / "mypy"))


def test_imports_run_one_way():
    run(str(BIN / "lint-imports"))


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_deployment_check_finds_nothing():
    run(
        sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING",
        PORTAL_DEMO="0", SECRET_KEY="x" * 25 + "0123456789abcdefghijklmnopqrstuvwxyz", ALLOWED_HOSTS="portal.example.org",
        PORTAL_URL="https://portal.example.org", INSECURE_COOKIES="0",
    )  # fmt: skip


TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt"})
# The name of the product's own marks, and what is the same in every language.
SAME_EVERYWHERE = re.compile(r"&\w+;|AIPBI|ASEAN|FG-GVC|SEOM|ASEC|PDF|JSON|CSV|XLSX|DOCX|SHA-256|USD|HS|OK|tCO₂e")


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_every_word_of_a_page_can_be_translated(path):
    assert untranslated(path.read_text()) == []


def untranslated(source: str) -> list[str]:
    """Return the words that stand in a template outside `translate` and `blocktranslate`."""
    source = re.sub(r"\{% comment %\}.*?\{% endcomment %\}", "", source, flags=re.DOTALL)
    # Blocks that fill a tag's attributes speak to nobody.
    source = re.sub(r"\{% block \w*(?:class|attributes) %\}.*?\{% endblock %\}", "", source, flags=re.DOTALL)
    text, inside = "", False
    for token in Lexer(source).tokenize():
        if token.token_type == TokenType.BLOCK:
            word = token.contents.split()[0]
            inside = word == "blocktranslate" or (inside and word != "endblocktranslate")
        elif token.token_type == TokenType.TEXT and not inside:
            text += token.contents
        elif token.token_type == TokenType.VAR:
            text += "0"
    text = re.sub(r"<(script|style|code)\b.*?</\1>", " ", text, flags=re.DOTALL)
    spoken = re.findall(r'(?:aria-label|alt|title|placeholder)="([^"<>]*)"', text)
    spoken.append(re.sub(r"<!--.*?-->|<[^>]*>", "\n", text, flags=re.DOTALL))
    words = SAME_EVERYWHERE.sub(" ", "\n".join(spoken))
    return re.findall(r"[^\W\d_]{2,}(?:[^\n]*)", words)


def test_a_bare_word_is_found():
    assert untranslated('<p>{% translate "Fine" %} <b>Bare words</b></p>') == ["Bare words"]
    assert untranslated('<p aria-label="Bare">{{ x }}</p>') == ["Bare"]
    assert untranslated("{% blocktranslate %}Fine{% endblocktranslate %}") == []


STYLESHEETS = sorted((ROOT / "static" / "css").glob("*.css"))


@pytest.mark.parametrize("path", STYLESHEETS, ids=lambda path: path.name)
def test_no_rule_of_a_stylesheet_stands_in_another(path):
    assert nested(path.read_text()) == []


def nested(source: str) -> list[str]:
    """Return the rules that stand inside another: one brace that is not closed hides all that follows."""
    rules = tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True)
    for rule in list(rules):
        if rule.type == "at-rule" and rule.lower_at_keyword in {"media", "supports"}:
            rules += tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
    return [
        tinycss2.serialize(inner.prelude).strip()
        for rule in rules
        if rule.type == "qualified-rule"
        for inner in tinycss2.parse_blocks_contents(rule.content, skip_comments=True, skip_whitespace=True)
        if inner.type == "qualified-rule"
    ]


def test_a_rule_in_a_rule_is_found():
    assert nested("a { color: red } b { color: blue; .c { color: green }") == [".c"]
    assert nested("@media print { b { color: blue; } .c { color: green } }") == []
