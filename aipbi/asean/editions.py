"""Which edition of criteria and indicators a case begins with, and how the next one is made."""

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.asean.models import CriteriaEdition, Criterion, Indicator, IndicatorEdition, Parameter
from aipbi.asean.models.editions import Edition

E = TypeVar("E", bound=Edition)
M = TypeVar("M", bound=models.Model)
DECEMBER = 12


def criteria_now() -> CriteriaEdition:
    """Return the edition of the criteria in force today at the Secretariat; raise LookupError where none is."""
    return _now(CriteriaEdition)


def indicators_now() -> IndicatorEdition:
    """Return the edition of the indicators in force today at the Secretariat; raise LookupError where none is."""
    return _now(IndicatorEdition)


def in_use(edition: Edition) -> bool:
    """Whether anything outside the reference data refers to the edition: a case keeps the one it began with."""
    return any(
        relation.related_model._default_manager.filter(**{relation.field.name: edition}).exists()
        for relation in edition._meta.get_fields(include_hidden=True)
        if isinstance(relation, models.ForeignObjectRel)
        and relation.related_model._meta.app_label != edition._meta.app_label
        and not relation.related_model._meta.proxy
    )


def copy(edition: E) -> E:
    """Make a new edition with the content of `edition`, to be reworded before it comes into force.

    It takes the first month after today's and after every other edition's, and comes into force with it.
    """
    model = type(edition)
    today = _today()
    with transaction.atomic():
        newest = model.objects.select_for_update().order_by("-in_force_from").first()
        begins = _next_month(max(today, newest.in_force_from) if newest else today)
        made = model(code=f"{begins:%Y-%m}", in_force_from=begins, label=_("Copy of %s") % edition.label)
        made.save(force_insert=True)
        if isinstance(edition, CriteriaEdition):
            _copy_criteria(edition, made)
        else:
            _copy_rows(Indicator.objects.filter(edition_id=edition.pk), edition=made)
    return made


def _copy_criteria(old: CriteriaEdition, new: Edition) -> None:
    for criterion in Criterion.objects.filter(edition=old).order_by("number"):
        parameters = Parameter.objects.filter(criterion=criterion)
        [made] = _copy_rows([criterion], edition=new)
        _copy_rows(parameters, criterion=made)


def _copy_rows(rows: Iterable[M], **changes: Any) -> list[M]:
    made = []
    for row in rows:
        values = {
            field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields if not field.primary_key
        }
        fresh = type(row)(**values)
        for name, value in changes.items():
            setattr(fresh, name, value)
        fresh.save(force_insert=True)
        made.append(fresh)
    return made


def _next_month(day: date) -> date:
    return date(day.year + (day.month == DECEMBER), day.month % DECEMBER + 1, 1)


def _today() -> date:
    return timezone.localdate(timezone=ZoneInfo(settings.SECRETARIAT_TIME_ZONE))


def _now(model: type[E]) -> E:
    found = model.objects.in_force(_today())
    if found is None:
        raise LookupError(f"No {model._meta.verbose_name} is in force; run load_reference")
    return found
