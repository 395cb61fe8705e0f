"""The language of the case search: reading what was typed into terms, or into faults with their places (R7).

    query = { [ "-" ] term }        all terms hold; "-" turns one round
    term  = key ":" value { "," value } | value
    value = word | '"' words '"'    any of the values holds

Pure: `terms.py` says which keys there are and what they mean.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

MOST_TERMS = 20
# What other searches know; taken for words to find they would quietly find nothing.
JOINS = frozenset({"AND", "OR", "NOT"})

_VALUE = r'"[^"]*"|[^\s",]+'
_TERM = re.compile(
    rf"(?P<not>-?)(?:(?P<key>[a-z]+):(?P<values>(?:{_VALUE})(?:,(?:{_VALUE}))*)?|(?P<word>\"[^\"]*\"|[^\s\"]+))",
    re.IGNORECASE,
)
_ONE = re.compile(_VALUE)
# A key inside a word, right behind a sign, with what follows it up to the next sign: `(is:open)`.
_INSIDE = re.compile(r"(?<![^\W_])(?P<key>[a-z]+):(?P<value>[\w-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Value:
    """One value as typed, without its quotation marks, and where it begins, counted from 0."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Term:
    """What must hold; `key` is empty for words. `at` is where it begins, counted from 0."""

    key: str
    values: tuple[Value, ...]
    negated: bool
    at: int


class Why:
    """What can be wrong with a query."""

    QUOTE = "quote"
    KEY = "key"
    NOTHING = "nothing"
    VALUE = "value"
    DATE = "date"
    REFERENCE = "reference"
    JOIN = "join"
    SIGN = "sign"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong (one of `Why`), with the word, its key, where it begins and the nearest word that is known."""

    why: str
    word: str
    at: int
    key: str = ""
    nearest: str = ""


def read(text: str, keys: Collection[str]) -> tuple[list[Term], list[Fault]]:
    """Return the terms of a query and what is wrong with it; both in the order in which they were typed."""
    terms: list[Term] = []
    faults: list[Fault] = []
    at = 0
    while (rest := text[at:]).strip():
        at += len(rest) - len(rest.lstrip())
        found = _TERM.match(text, at)
        if found is None:
            return terms, [*faults, Fault(Why.QUOTE, text[at:], at)]
        at = found.end()
        _take(found, keys, terms, faults)
    if len(terms) > MOST_TERMS:
        faults.append(Fault(Why.MANY, terms[MOST_TERMS].key, terms[MOST_TERMS].at))
    return terms, faults


def nearest(word: str, known: Collection[str]) -> str:
    """Return the known word that is most like this one, or nothing."""
    return next(iter(get_close_matches(word.casefold(), known, n=1, cutoff=0.65)), "")


def values_of(term: Term, known: Mapping[str, str], faults: list[Fault]) -> list[str]:
    """Return what the term's values stand for; `known` is by the words in small letters. Adds what is not known."""
    meant = []
    for value in term.values:
        word = value.text.casefold()
        if word in known:
            meant.append(known[word])
        else:
            faults.append(Fault(Why.VALUE, value.text, value.at, term.key, nearest(word, known)))
    return meant


def _take(found: re.Match[str], keys: Collection[str], terms: list[Term], faults: list[Fault]) -> None:
    at, negated = found.start(), bool(found["not"])
    if found["key"] is None:
        # A lone "-" is a word like any other; a word that holds a colon but no key is looked for as it stands.
        text = found["word"].strip('"')
        bare = text == found["word"]
        if bare and text in JOINS:
            faults.append(Fault(Why.JOIN, text, at))
        elif bare and (inside := _key_inside(text, keys)):
            faults.append(Fault(Why.SIGN, text, found.start("word"), nearest=inside))
        elif text:
            terms.append(Term("", (Value(text, found.start("word")),), negated, at))
        return
    key = found["key"].casefold()
    if key not in keys:
        faults.append(Fault(Why.KEY, found["key"], found.start("key"), nearest=nearest(key, keys)))
    elif not found["values"]:
        faults.append(Fault(Why.NOTHING, found["key"], found.start("key")))
    else:
        start = found.start("values")
        values = tuple(Value(one[0].strip('"'), start + one.start()) for one in _ONE.finditer(found["values"]))
        terms.append(Term(key, values, negated, at))


def _key_inside(word: str, keys: Collection[str]) -> str:
    """Return the first `key:value` that signs keep from being one, or nothing: brackets are not of this language."""
    inside = (one for one in _INSIDE.finditer(word) if one["key"].casefold() in keys)
    return next((f"{one['key'].casefold()}:{one['value']}" for one in inside), "")
