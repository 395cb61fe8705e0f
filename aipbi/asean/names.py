"""Labels by code without a join: the whole list in one read, remembered between requests."""

from typing import Any

from aipbi.asean.cache import forget, remember
from aipbi.asean.models import Body, Category, MemberState, Sector, Stage, ValueChain
from aipbi.asean.models.base import Reference

LABELS: dict[type[Reference], str] = {
    MemberState: "name",
    Body: "name",
    Category: "label",
    Sector: "label",
    ValueChain: "label",
    Stage: "label",
}


def member_state_names() -> dict[str, str]:
    """Return the names of the Member States by code, in ASEAN's order."""
    return _labels(MemberState)


def member_states_in_text() -> dict[str, str]:
    """Return the names of the Member States as they stand inside a sentence, by code, in ASEAN's order."""
    return remember(_in_text(MemberState), lambda: dict(MemberState.objects.values_list("code", "in_text")))


def category_names() -> dict[str, str]:
    """Return the labels of the categories of facilitation by code."""
    return _labels(Category)


def sector_names() -> dict[str, str]:
    """Return the labels of the sectors by code."""
    return _labels(Sector)


def chain_names() -> dict[str, str]:
    """Return the labels of the value chains by code."""
    return _labels(ValueChain)


def body_acronyms() -> list[str]:
    """Return the acronyms of the sectoral bodies."""
    return list(_labels(Body))


def stage_names() -> dict[tuple[str, str], str]:
    """Return the labels of the stages by the codes of value chain and stage."""
    return _labels(Stage)


def changed(sender: type[Reference], **kwargs: Any) -> None:
    """Forget the labels of the model that was saved or deleted."""
    forget(sender._meta.label, _in_text(sender))


def _in_text(model: type[Reference]) -> str:
    return f"{model._meta.label}-in-text"


def _labels(model: type[Reference]) -> dict[Any, str]:
    def read() -> dict[Any, str]:
        rows = model.objects.values_list(*model.natural, LABELS[model])
        return {row[0] if len(row) == 2 else row[:-1]: row[-1] for row in rows}  # noqa: PLR2004 - one code, one label

    return remember(model._meta.label, read)
