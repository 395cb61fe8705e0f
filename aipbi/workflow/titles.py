"""What a case is called, for whoever may open it (U5): a proposal's title, a meeting's or a common barrier's; and notices so called."""

from functools import cache
from typing import Any

from django.apps import apps
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import Case, Notice, Subject

_ENTRY = ("subject_kind", "action", "role", "organisation", "person", "office", "office__ams")
_OWED = (
    "due_at", "paused_at", "closed_at", "organisation", "person", "office", "office__ams",
    *(f"closed_by__{name}" for name in _ENTRY),
)  # fmt: skip
# What a line of a list of notices reads.
_LINE = (
    "case", "case__code", "case__reference", "words", "path", "to_act", "due_at", "created_at", "read_at", "obligation",
    *(f"obligation__{name}" for name in _OWED),
)  # fmt: skip


@cache
def _owners() -> list[Any]:
    """Return the models that have a case of their own, which is then their primary key."""
    return [model for model in apps.get_models() if issubclass(model, Subject) and model._meta.pk.name == "case"]


def titled(found: QuerySet[Any], viewer: Capacity) -> QuerySet[Any]:
    """Add `title` to rows with a case, empty where the viewer may not open it.

    Asked as values beside the rows: PostgreSQL would else first read every case the viewer may open.
    """
    seen = [model._default_manager.visible_to(viewer).filter(pk=OuterRef("case_id")) for model in _owners()]
    return found.annotate(title=Coalesce(*[Subquery(one.values("title")[:1]) for one in seen], Value("")))


def home(case: Case, viewer: Capacity) -> str:
    """Return the address of the page of what a case is about: a proposal, a meeting, a common barrier; '' where the viewer may not open it."""
    for model in _owners():
        if found := model._default_manager.visible_to(viewer).only("pk").filter(pk=case.pk).first():
            return str(found.home(case.code, viewer))
    return ""


def newest(notices: QuerySet[Notice], viewer: Capacity, most: int) -> list[dict[str, Any]]:
    """Return the newest notices as plain lines of what was read (`_LINE`), with `address` and the case's `title`.

    Titles are asked afterwards, of the models alone that these cases belong to: what each lets the viewer see
    takes longer to put into words than to answer.
    """
    of = {f"is_{model.kind}": F(f"case__{model._meta.pk.related_query_name()}") for model in _owners()}
    lines: list[dict[str, Any]] = list(notices.order_by("-created_at", "-pk").values(*_LINE, **of)[:most])
    known: dict[int, str] = {}
    for model in _owners():
        if cases := {line["case"] for line in lines if line[f"is_{model.kind}"]}:
            known |= model._default_manager.visible_to(viewer).filter(pk__in=cases).values_list("pk", "title")
    for line in lines:
        line["address"] = line["path"] or f"/cases/{line['case__code']}/"
        line["title"] = known.get(line["case"], "")
    return lines


def on_visible_cases(viewer: Capacity, path: str = "case") -> Q:
    """Return the condition that the case at `path` is one the viewer may open."""
    met = Q(pk__in=[])
    for model in _owners():
        met |= Q(**{f"{path}__in": model._default_manager.visible_to(viewer).values("pk")})
    return met
