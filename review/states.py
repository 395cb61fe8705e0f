"""Member States in sentences."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from aipbi.asean.names import member_states_in_text


def in_words(codes: Iterable[str]) -> str:
    """Return the Member States in ASEAN's order: `Lao PDR, the Philippines and Viet Nam`. Unknown codes stay codes."""
    wanted, names = set(codes), member_states_in_text()
    found = [name for code, name in names.items() if code in wanted] + sorted(wanted - set(names))
    if len(found) < 2:  # noqa: PLR2004 - an "and" joins two
        return "".join(found)
    return _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}
