"""The schedule of benefits: what the letter gives, by whom, from when until when (F3, F4)."""

import json
from typing import Any

from facilitation.enums import GIVEN
from facilitation.models import Benefit, Concurrence
from facilitation.queries import standing_words
from proposals.models import Proposal

FORMAT = "aipbi-letter-schedule/1"


def schedule(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the benefits that stand, each with the Member States that concurred, take part still, and no others (F3, D6)."""
    rows = (
        Benefit.objects.filter(proposal=proposal)
        .standing()
        .select_related("category", "body", "agreement")
        .order_by("category__order", "number")
    )
    given = {
        benefit: [word for word in words if word.state in GIVEN] for benefit, words in standing_words(proposal).items()
    }
    return [
        _line(number, row, given[row.pk])
        for number, row in enumerate((row for row in rows if given.get(row.pk)), start=1)
    ]


def _line(number: int, benefit: Benefit, given: list[Concurrence]) -> dict[str, Any]:
    return {
        "number": number,
        "category": {"code": benefit.category_id, "label": benefit.category.label},
        "measure": benefit.measure,
        "given_by": [{"code": word.ams_id, "name": word.ams.name, "conditions": word.conditions} for word in given],
        "body": {"acronym": benefit.body.acronym, "name": benefit.body.name} if benefit.body else None,
        **(
            {"rests_on": {"label": benefit.agreement.label, "name": benefit.agreement.name}}
            if benefit.agreement
            else {}
        ),
        "conditions": benefit.conditions,
        "from": benefit.starts.isoformat() if benefit.starts else None,
        "until": benefit.ends.isoformat() if benefit.ends else None,
        "answers_request": benefit.request_rank,
    }


def schedule_json(said: dict[str, Any]) -> bytes:
    """Return the schedule as machines read it, the way it is attached to the PDF (F5).

    Keys are sorted: the database gives them back in an order of its own.
    """
    document = {
        "format": FORMAT,
        **{key: said[key] for key in ("purpose", "number", "date", "reference", "decision", "member_states")},
        **({"supersedes": said["supersedes"]["number"]} if said.get("supersedes") else {}),
        "benefits": said["schedule"],
    }
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True).encode()
