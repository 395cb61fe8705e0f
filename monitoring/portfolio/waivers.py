"""A company's consent that its own figures may be told (M5): given by an owner, revocable for the future."""

from django.db import IntegrityError, transaction
from django.utils import timezone

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Organisation
from aipbi.accounts.rules import require, runs_organisation
from monitoring.models import DisclosureWaiver
from monitoring.portfolio import figures


def of(organisation: Organisation) -> DisclosureWaiver | None:
    """Return the organisation's waiver that holds."""
    return DisclosureWaiver.objects.filter(organisation=organisation, revoked_at__isnull=True).first()


def give(*, as_: Capacity) -> None:
    """Waive the protection of the organisation's own figures, once. Raises PermissionDenied for anybody but an owner."""
    require(runs_organisation(as_, as_.organisation), as_)
    try:
        with transaction.atomic():
            DisclosureWaiver.objects.create(organisation=as_.organisation, given_by=as_.person)  # type: ignore[misc]
    except IntegrityError:
        return  # somebody else of the organisation was first


def revoke(*, as_: Capacity) -> None:
    """Protect the organisation's figures again in releases to come. Raises PermissionDenied for anybody but an owner."""
    require(runs_organisation(as_, as_.organisation), as_)
    found = DisclosureWaiver.objects.filter(organisation=as_.organisation, revoked_at__isnull=True)
    found.update(revoked_at=timezone.now(), revoked_by=as_.person)


def in_force() -> frozenset[str]:
    """Return the heads, as `figures.parents` names them, of which every company has waived: one can't speak for the others."""
    held = set(DisclosureWaiver.objects.filter(revoked_at__isnull=True).values_list("organisation_id", flat=True))
    heads, parents = {str(pk) for pk in held}, figures.parents()
    grouped = {head: [one for one, of_ in parents.items() if of_ == head] for head in parents.values()}
    whole = {head for head, members in grouped.items() if set(members) <= heads}
    return frozenset({one for one in heads if one not in parents} | whole)
