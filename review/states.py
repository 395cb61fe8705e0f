"""Member States in sentences."""

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _

from aipbi.asean.names import member_states_in_text


def in_words(codes: Iterable[str], names: Mapping[str, str] | None = None) -> str:
    """Return the Member States in ASEAN's order: `Lao PDR, the Philippines and Viet Nam`. Unknown codes stay codes.

    `names` are those of `member_states_in_text`, where a caller has read them for many such sentences.
    """
    wanted, names = set(codes), names or member_states_in_text()
    found = [name for code, name in names.items() if code in wanted] + sorted(wanted - set(names))
    if len(found) < 2:  # noqa: PLR2004 - an "and" joins two
        return "".join(found)
    return _("%(first)s and %(last)s") % {"first": ", ".join(found[:-1]), "last": found[-1]}
