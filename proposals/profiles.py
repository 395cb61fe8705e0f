"""Keeping the profile of a case in step with its newest version (P9)."""

from collections.abc import Iterator
from typing import Any

from django.contrib.postgres.search import SearchVector
from django.db.models import Value

from proposals.models import Profile, Version

_SUMMARY = 2000
# What PostgreSQL holds of one case's words is a megabyte.
_MOST = 250_000


def keep(version: Version) -> Profile:
    """Write what the version says into the profile of its case; called where it is frozen, in the same transaction."""
    proposal = version.proposal
    earlier = Profile.objects.filter(proposal=proposal.follows_id).values_list("family_id", flat=True).first()
    return Profile.objects.update_or_create(
        proposal=proposal,
        defaults={
            "version": version,
            "family_id": earlier or proposal.follows_id or proposal.pk,
            "frozen_at": version.frozen_at,
            **columns(version.document),
            "answers": answers(version.document),
        },
    )[0]


def columns(document: dict[str, Any]) -> dict[str, Any]:
    """Return the columns of a profile that follow from a document which was handed in."""
    participants = document.get("participants") or []
    return {
        "value_chain": document.get("value_chain") or "",
        "places": sorted({f"{one['stage']}:{one['ams']}" for one in participants}),
        "products": products(one["hs"] for one in document.get("products") or []),
        "sites": sorted({site(name) for one in participants for name in one.get("sites") or []}),
        "words": SearchVector(Value(_text(document)), config="english"),
    }


def answers(document: dict[str, Any]) -> SearchVector:
    """Return every answer of a document as the search reads it, but for its files: not everybody may know of each."""
    said = {name: value for name, value in document.items() if name != "attachments"}
    return SearchVector(Value("\n".join(_leaves(said))[:_MOST]), config="english")


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _leaves(part)
    elif isinstance(value, str):
        yield value


def products(codes: Any) -> list[str]:
    """Return the headings and subheadings of HS codes: `8507` and `850760` of `8507.60`."""
    digits = [code.replace(".", "") for code in codes]
    return sorted({part for code in digits for part in (code[:4], code)})


def site(name: str) -> str:
    """Return the name of a site as it is compared: blanks and capitals make no difference."""
    return " ".join(name.casefold().split())[:200]


def _text(document: dict[str, Any]) -> str:
    parts = [
        document.get("title"),
        *(one.get("description") for one in document.get("products") or []),
        *(one.get("role") for one in document.get("participants") or []),
        str(document.get("summary") or "")[:_SUMMARY],
    ]
    return "\n".join(str(part) for part in parts if part)
