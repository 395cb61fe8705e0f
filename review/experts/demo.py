"""The entries of the demonstration's experts on the roster."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from aipbi.accounts.days import today
from aipbi.asean.models import Expertise, Sector
from review.enums import Stating
from review.experts.dated import Absence, Employment
from review.experts.models import ExpertProfile


@dataclass(frozen=True, slots=True)
class Entry:
    """An expert: codes of sectors, fields and languages, own words, and employers as name, group, from, until, standing."""

    sectors: list[str]
    expertise: list[str]
    words: str
    nationality: str
    languages: list[str]
    employers: list[tuple[str, str, date, date | None, Stating]]
    most_at_once: int | None = None
    away: list[tuple[int, int]] = field(default_factory=list)
    """Absences as days from today: the first and the last."""


ENTRIES = {
    "expert-1@experts.example.org": Entry(
        ["new_energy", "digital_economy"], ["power_systems", "renewable_energy"], "Interconnection, tariffs, grid codes",
        "PH", ["en", "fil"],
        [("Institute of Energy Studies", "", date(2019, 6, 1), None, Stating.CONFIRMED)],
    ),
    "expert-2@experts.example.org": Entry(
        ["ev_upstream", "minerals", "semiconductors"], ["materials_metallurgy", "battery_technology"],
        "Nickel and cobalt refining, battery chemistry, life-cycle assessment", "BN", ["en", "ms"],
        [
            ("University of the South Sea", "", date(2021, 1, 4), None, Stating.CONFIRMED),
            ("Borneo Metals Laboratory", "Borneo Metals", date(2012, 3, 1), date(2020, 12, 31), Stating.CONFIRMED),
        ],
    ),
    "expert-3@experts.example.org": Entry(
        ["semiconductors", "ev_upstream", "automotive"], ["trade_customs", "logistics_transport", "standards_conformity"],
        "Transit, customs valuation, cold and bonded chains", "KH", ["en", "km"],
        [("Logistics Research Centre", "", date(2018, 9, 3), None, Stating.CONFIRMED)], most_at_once=9,
    ),
    "expert-4@experts.example.org": Entry(
        ["new_energy", "digital_economy"], ["project_finance", "carbon_accounting"],
        "Blended finance, power purchase agreements, guarantees", "SG", ["en", "zh", "ms"],
        [
            ("Harbour Infrastructure Advisers", "Harbour Advisers", date(2024, 2, 1), None, Stating.STATED),
            ("Straits Power Retail", "Straits Power", date(2016, 5, 2), date(2024, 1, 31), Stating.CONFIRMED),
        ],
        most_at_once=3,
    ),
    "expert-5@experts.example.org": Entry(
        ["new_energy", "agro_industry"], ["carbon_accounting", "social_inclusion", "environmental_assessment"],
        "Emission factors, just transition, safeguards", "TH", ["en", "th", "lo"],
        [("Chao Phraya Policy Institute", "", date(2020, 1, 6), None, Stating.CONFIRMED)], away=[(30, 51)],
    ),
    "expert-6@experts.example.org": Entry(
        ["automotive", "semiconductors", "medical"], ["labour_mobility", "small_firms", "industrial_policy"],
        "Mutual recognition of skills, supplier development", "VN", ["en", "vi"],
        [("Red River School of Labour Relations", "", date(2015, 8, 3), None, Stating.CONFIRMED)],
        most_at_once=2, away=[(-2, 8)],
    ),
}  # fmt: skip


def load_entries() -> None:
    """Fill the entries that nobody has touched; an administrator's or an expert's words in one stay."""
    empty = ExpertProfile.objects.filter(person__email__in=ENTRIES, fields="", employments=None)
    for profile in empty.select_related("person"):
        entry = ENTRIES[profile.person.email]
        profile.fields, profile.nationality = entry.words, entry.nationality
        profile.languages, profile.most_at_once = entry.languages, entry.most_at_once
        profile.save()
        profile.sectors.set(Sector.objects.filter(pk__in=entry.sectors))
        profile.expertise.set(Expertise.objects.filter(pk__in=entry.expertise))
        Employment.objects.bulk_create(
            Employment(expert=profile, employer=name, corporate_group=group, starts=starts, ends=ends, state=state)
            for name, group, starts, ends, state in entry.employers
        )
        Absence.objects.bulk_create(
            Absence(expert=profile, starts=today() + timedelta(days=first), until=today() + timedelta(days=last))
            for first, last in entry.away
        )
