"""Who is meant by “@…” in an internal note: an officer's name, or what stands before the @ of their e-mail address."""

import re
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aipbi.accounts.models import Person
from aipbi.workflow import parties

# Not within an e-mail address: a mention begins a word.
_AT = re.compile(r"(?:(?<=^)|(?<=[\s(\[“\"',;:]))@(?=\w)", re.MULTILINE)
_WORD = re.compile(r"[\w.\-]+")


def colleagues() -> list[Person]:
    """Return today's officers of the Secretariat by name."""
    return sorted(parties.asec().people(), key=lambda person: str(person).casefold())


def handle(person: Person) -> str:
    """Return what to write after the @ where nothing shorter is clear."""
    return person.name or person.email.partition("@")[0]


def find(words: str, among: list[Person]) -> list[Person]:
    """Return who is mentioned, each once. Raises ValidationError naming every @ that means nobody or several."""
    met: dict[int, Person] = {}
    faults = []
    for rest in _after_each_at(words):
        meant = _meant(rest, among)
        if len(meant) == 1:
            met[meant[0].pk] = meant[0]
            continue
        word = _WORD.match(rest)
        said = f"@{word.group().rstrip('.-') if word else ''}"
        faults.append(
            _("“%(said)s” could be several people: %(who)s. Write the whole name.")
            % {"said": said, "who": ", ".join(map(str, meant))}
            if meant
            else _("“%(said)s” is nobody at the Secretariat. You can mention: %(who)s.")
            % {"said": said, "who": ", ".join(f"@{handle(person)}" for person in among)}
        )
    if faults:
        raise ValidationError(list(dict.fromkeys(faults)))
    return list(met.values())


def _after_each_at(words: str) -> Iterator[str]:
    yield from (words[at.end() : at.end() + 200] for at in _AT.finditer(words))


def _meant(rest: str, among: list[Person]) -> list[Person]:
    """Return those whom the text after an @ can mean: the longest that fits wins."""
    text = rest.casefold()
    fits: list[tuple[int, Person]] = []
    for person in among:
        name, local = person.name.casefold(), person.email.partition("@")[0].casefold()
        spelt = [name, local, name.partition(" ")[0]]
        lengths = [len(one) for one in spelt if one and _starts(text, one)]
        if lengths:
            fits.append((max(lengths), person))
    longest = max((length for length, _person in fits), default=0)
    return [person for length, person in fits if length == longest]


def _starts(text: str, one: str) -> bool:
    """Whether the text begins with this word or these words, and not with a longer one."""
    after = text[len(one) : len(one) + 2]
    return text.startswith(one) and not re.match(r"\w|[.\-]\w", after)
