"""The codes that a document may use, with their labels: one read, remembered between requests."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models.signals import post_delete, post_save

from aipbi.accounts import countries
from aipbi.accounts.capacity import today
from aipbi.accounts.enums import OrganisationKind
from aipbi.asean import defaults
from aipbi.asean.cache import forget, remember
from aipbi.asean.models import Body, BodyCategory, Category, HSChapter, MemberState, Sector, Stage, ValueChain
from proposals.enums import Phase

_NAME = "document-codes"
_MODELS = (Body, BodyCategory, Category, HSChapter, MemberState, Sector, Stage, ValueChain)


@dataclass(frozen=True, slots=True)
class KnownBody:
    """An ASEAN body, and when it can be asked."""

    name: str
    active_from: date | None
    active_until: date | None

    def on(self, day: date) -> bool:
        """Whether it exists on the day."""
        return (self.active_from is None or self.active_from <= day) and (
            self.active_until is None or day <= self.active_until
        )


@dataclass(frozen=True, slots=True)
class Codes:
    """Every list by its name in the schema: code → label."""

    ams: dict[str, str]
    categories: dict[str, str]
    sectors: dict[str, str]
    chains: dict[str, str]
    sector_of: dict[str, str]
    stages_of: dict[str, dict[str, str]]
    all_bodies: dict[str, KnownBody]
    chapters: dict[str, str]

    @property
    def bodies(self) -> dict[str, str]:
        """The bodies that exist today."""
        return {acronym: body.name for acronym, body in self.all_bodies.items() if body.on(today())}

    def labels(self, of: str, *, chain: Any = None) -> dict[str, str]:
        """Return a list of the schema; the stages are those of the value chain `chain`."""
        match of:
            case "stages":
                return self.stages_of.get(chain, {}) if isinstance(chain, str) else {}
            case "participants":
                return self.ams
            case "countries":
                return countries.names()
            case "kinds":
                return {kind.value: str(kind.label) for kind in OrganisationKind}
            case "phases":
                return {phase.value: str(phase.label) for phase in Phase}
        found: dict[str, str] = getattr(self, of)
        return found

    def words(self, of: str, code: Any, *, chain: Any = None) -> str:
        """Return the label of a code; what is in no list comes back as it is."""
        known = self.all_bodies if of == "bodies" else self.labels(of, chain=chain)
        if of == "bodies":
            return f"{code} – {self.all_bodies[code].name}" if code in known else str(code)
        return str(known.get(code, code)) if isinstance(code, str) else str(code)


def load() -> Codes:
    """Return the codes as they are in the database now."""
    return remember(_NAME, _read)


def greenfield_open() -> bool:
    """Whether projects that have not begun are admitted (P1, *default* on)."""
    return bool(defaults.get("greenfield_open"))


def _read() -> Codes:
    stages: dict[str, dict[str, str]] = {}
    for chain, code, label in Stage.objects.order_by("chain", "order").values_list("chain_id", "code", "label"):
        stages.setdefault(chain, {})[code] = label
    chains = list(ValueChain.objects.order_by("sector__order", "order").values_list("code", "label", "sector_id"))
    return Codes(
        ams=dict(MemberState.objects.order_by("order").values_list("code", "name")),
        categories=dict(Category.objects.order_by("order").values_list("code", "label")),
        sectors=dict(Sector.objects.order_by("order").values_list("code", "label")),
        chains={code: label for code, label, _sector in chains},
        sector_of={code: sector for code, _label, sector in chains},
        stages_of=stages,
        all_bodies={
            acronym: KnownBody(name, first, last)
            for acronym, name, first, last in Body.objects.order_by("acronym").values_list(
                "acronym", "name", "active_from", "active_until",
            )
        },
        chapters=dict(HSChapter.objects.values_list("code", "title")),
    )  # fmt: skip


def watch() -> None:
    """Forget the codes whenever one of them changes; called once, when the app is ready."""
    for model in _MODELS:
        for signal in (post_save, post_delete):
            signal.connect(_changed, sender=model, dispatch_uid=f"{_NAME}-{model.__name__}")


def _changed(**_kwargs: Any) -> None:
    forget(_NAME)
