"""Whether a project fits, from a few plain answers (P7, Framework §2.C): what fits, what is missing, what does not.

Nothing here is stored. The answers travel sealed in the reader's own browser until a draft is made of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from proposals.document import empty
from proposals.document.codes import Codes, greenfield_open
from proposals.document.rules import FEWEST_AMS
from proposals.enums import Phase

COOKIE = "aipbi_check"
COOKIE_SECONDS = 30 * 24 * 3600
NOTHING = "none"
ALONE, TOGETHER, UNSURE = "alone", "together", "unsure"
HELP, MONEY = "help", "money"
LOWERS, INCLUDES = "decarbonisation", "inclusion"
_SALT, _FOR = "proposals.eligibility", "for"


class Verdict(StrEnum):
    """What an answer means; the last decides over the whole when it is there."""

    FITS = "fits"
    MISSING = "missing"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the answer: which criterion (0 for none), what it means, and why in words."""

    criterion: int
    verdict: Verdict
    words: str


@dataclass(frozen=True, slots=True)
class Answers:
    """What was answered; empty where it was not. Codes as in the proposal."""

    phase: str = ""
    ams: tuple[str, ...] = ()
    gains: tuple[str, ...] = ()
    origin: str = ""
    categories: tuple[str, ...] = ()
    roadblock: str = ""
    remedy: str = ""
    aims: tuple[str, ...] = ()
    wants: str = ""

    @classmethod
    def of(cls, given: dict[str, Any]) -> "Answers":
        """Return the answers of a form, or of a seal."""
        known = [(name, given[name]) for name in cls.__dataclass_fields__ if name in given]
        kept: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in known}
        return cls(**kept)

    @property
    def sealed(self) -> str:
        """The answers as the browser carries them; `opened` takes them back."""
        return self.sealed_for(None)

    def sealed_for(self, person: int | None) -> str:
        """The same for one person alone, who may not be the last to sign in with this browser."""
        kept = {name: getattr(self, name) for name in self.__dataclass_fields__ if getattr(self, name)}
        return signing.dumps({**kept, _FOR: person} if person else kept, salt=_SALT, compress=True)


def opened(seal: str, person: int | None = None) -> Answers | None:
    """Return the answers that a browser carried, or None when the seal is not ours, too old, or for somebody else."""
    try:
        given = signing.loads(seal, salt=_SALT, max_age=COOKIE_SECONDS)
    except signing.BadSignature:
        return None
    return Answers.of(given) if given.get(_FOR) in (None, person) else None


def overall(found: Iterable[Finding]) -> Verdict:
    """Return what the findings come to: against, when one is; else missing, when one is."""
    verdicts = {one.verdict for one in found}
    return next(one for one in (Verdict.AGAINST, Verdict.MISSING, Verdict.FITS) if one in verdicts)


def findings(answers: Answers, codes: Codes) -> list[Finding]:
    """Return what the answers mean, in the order of the questions."""
    return [*_phase(answers), *_roadblock(answers), *_member_states(answers, codes), *_aims(answers)]


def _phase(answers: Answers) -> Iterator[Finding]:
    match answers.phase:
        case "":
            yield Finding(0, Verdict.MISSING, _("Say how far the project is."))
        case Phase.UNDER_WAY:
            yield Finding(0, Verdict.FITS, _("The project is under way. Such projects have priority."))
        case Phase.GREENFIELD if greenfield_open():
            yield Finding(0, Verdict.FITS, _("Projects not begun are admitted; those under way have priority."))
        case Phase.GREENFIELD:
            yield Finding(0, Verdict.AGAINST, _("Only projects under way are admitted at present."))
        case _:
            yield Finding(0, Verdict.AGAINST, _("An idea is too early: there must be a plan with sites and partners."))


def _roadblock(answers: Answers) -> Iterator[Finding]:
    if not answers.categories:
        yield Finding(1, Verdict.MISSING, _("Say what kind of roadblock the project meets between countries."))
    elif NOTHING in answers.categories:
        words = _("Without a roadblock of one of the four kinds there is nothing the mechanism could facilitate.")
        yield Finding(1, Verdict.AGAINST, words)
    else:
        yield Finding(1, Verdict.FITS, _("The roadblock is of a kind that can be facilitated."))
    match answers.remedy:
        case "":
            yield Finding(1, Verdict.MISSING, _("Say whether one Member State could remove the roadblock alone."))
        case "unsure":
            words = _("Find out whether one Member State could remove the roadblock alone; its ministry can tell you.")
            yield Finding(1, Verdict.MISSING, words)
        case "alone":
            words = _("What one Member State can remove alone is best asked of its own authorities.")
            yield Finding(1, Verdict.AGAINST, words)
        case _:
            yield Finding(1, Verdict.FITS, _("It takes Member States acting together to lower it."))
    match answers.wants:
        case "":
            yield Finding(1, Verdict.MISSING, _("Say whether you ask for facilitation or for money."))
        case "money":
            words = _(
                "The mechanism has no money of its own to give. It can bring lenders together, which is facilitation."
            )
            yield Finding(1, Verdict.AGAINST, words)
        case _:
            yield Finding(1, Verdict.FITS, _("You ask for facilitation, which is what there is."))


def _member_states(answers: Answers, codes: Codes) -> Iterator[Finding]:
    both = [code for code in answers.ams if code in answers.gains]
    if not answers.ams:
        yield Finding(2, Verdict.MISSING, _("Name the Member States that take part."))
    elif len(answers.ams) < FEWEST_AMS:
        yield Finding(2, Verdict.AGAINST, _("At least two Member States must take part; a market alone does not."))
    elif not answers.gains:
        yield Finding(2, Verdict.MISSING, _("Say which of the Member States that take part gain from the project."))
    elif len(both) < FEWEST_AMS:
        yield Finding(2, Verdict.AGAINST, _("At least two Member States must both take part and gain."))
    else:
        named = ", ".join(codes.words("ams", code) for code in both)
        yield Finding(2, Verdict.FITS, _("These take part and gain: %(named)s.") % {"named": named})
    origin = codes.words("ams", answers.origin)
    if not answers.origin:
        words = _("Choose the Member State whose senior economic official (SEOM lead) is to support the proposal.")
        yield Finding(2, Verdict.MISSING, words)
    elif answers.ams and answers.origin not in answers.ams:
        yield Finding(2, Verdict.AGAINST, _("%(ams)s would support it, so it must take part.") % {"ams": origin})
    elif answers.gains and answers.origin not in answers.gains:
        yield Finding(2, Verdict.AGAINST, _("%(ams)s would support it, so it must gain from it.") % {"ams": origin})
    elif answers.ams:
        yield Finding(2, Verdict.FITS, _("%(ams)s can be asked to support it.") % {"ams": origin})


def _aims(answers: Answers) -> Iterator[Finding]:
    if not answers.aims:
        yield Finding(3, Verdict.MISSING, _("Say what the project does for the climate or for people left out."))
    elif NOTHING in answers.aims:
        words = _("The project must help decarbonisation, inclusive development, or both.")
        yield Finding(3, Verdict.AGAINST, words)
    else:
        yield Finding(3, Verdict.FITS, _("It serves an aim of the third criterion. One of the two is enough."))


def begun(answers: Answers) -> dict[str, Any]:
    """Return the document that a draft begins with: every answer in its place, the rest still to be written."""
    document = empty()
    document["phase"] = answers.phase if answers.phase in Phase.values else ""
    document["originating_ams"] = answers.origin
    document["participants"] = [
        {"ams": code, "role": "", "stage": "", "sites": [], "flows_to": []} for code in answers.ams
    ]
    document["roadblocks"] = [
        {"category": code, "ams": [], "description": answers.roadblock if n == 0 else "", "evidence": ""}
        for n, code in enumerate(code for code in answers.categories if code != NOTHING)
    ]
    return document
