"""Whether two names mean the same organisation: capitals, dots and legal forms aside."""

import re

# Legal forms of the region and beyond; a name that is nothing else keeps them.
_FORMS = frozenset(
    {
        "pt", "tbk", "persero", "cv", "sdn", "bhd", "pte", "ltd", "limited", "plc", "co", "company", "corp", "corporation", "inc",
        "incorporated", "llc", "llp", "jsc", "gmbh", "ag", "sa", "sarl", "bv", "nv", "kk", "pcl", "public", "the",
    },
)  # fmt: skip
_ENOUGH = 2


def plain(name: object) -> frozenset[str]:
    """Return the words that make a name; empty for no name."""
    words = re.findall(r"[^\W_]+", str(name or "").casefold().replace(".", ""))
    return frozenset(word for word in words if word not in _FORMS) or frozenset(words)


def alike(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether one name has all words of the other, two or more: perhaps a part of it, for a person to look at."""
    return one != other and len(one & other) >= _ENOUGH and (one <= other or other <= one)
