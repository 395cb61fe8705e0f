"""Time zones people choose from: the Member States' first."""

from zoneinfo import available_timezones

from django.utils.translation import gettext as _

from aipbi.asean.models import MemberState

_REGIONS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")

Choice = tuple[str, str]


def choices() -> list[tuple[str, list[Choice]]]:
    """Return the choices of a form: where the Member States' offices are, then every other zone by region."""
    members = [
        (zone, f"{_place(zone)} – {name}")
        for zone, name in MemberState.objects.order_by("order").values_list("timezone", "name")
    ]
    taken = {zone for zone, _name in members}
    others = sorted(zone for zone in available_timezones() if zone.startswith(_REGIONS) and zone not in taken)
    return [
        (_("ASEAN Member States"), members),
        (_("Elsewhere"), [(zone, zone.replace("_", " ").replace("/", " – ", 1)) for zone in others]),
    ]


def of_ams(code: str) -> str:
    """Return the zone of a Member State's offices, Jakarta's for any other country."""
    zone = MemberState.objects.filter(code=code).values_list("timezone", flat=True).first()
    return zone or "Asia/Jakarta"


def _place(zone: str) -> str:
    return zone.rsplit("/", 1)[-1].replace("_", " ")
