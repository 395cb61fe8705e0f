"""The demonstration's first release, of invented figures of projects that are no cases: a handful of cases would pass no threshold."""

import random
from collections.abc import Iterator
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.workflow.door import perform
from aipbi.workflow.walk import People
from monitoring.disclosure import Contribution, Contributions, Indicator, Kind
from monitoring.models import Release
from monitoring.portfolio.figures import measured
from monitoring.releases import files, protecting, verbs, work
from monitoring.releases.moves.deciding import ApproveRelease, SubmitRelease
from monitoring.releases.moves.filing import FileRelease, PublishRelease

PROJECTS, COMPANIES = 36, 32
STATES = ("ID", "LA", "MY", "TH", "VN")
SECTORS = ("new_energy", "ev_upstream", "automotive", "semiconductors")
CHAINS = ("solar_pv", "ev_battery", "vehicle_parts", "semiconductor_packaging")
# What one project reports of an indicator for one Member State and year, about.
SIZES = {"C1": 4e6, "C2": 2.5e6, "R1": 3, "R2": 1.8e6, "S2": 3e6, "S3": 1, "E1": 140, "E2": 5200, "E3": 9}
CHANGES = "The first release. It tells of the first two years in which projects reported."


def publish() -> Release:
    """Prepare, submit, approve and publish it, as people and the worker would."""
    rows, people = protecting.indicators(today()), People()
    until = date(today().year - 1, 12, 31)
    release, _job = verbs.prepare(as_=people.asec(), figures_until=until, changes=CHANGES)
    given = Contributions(figures(measured(rows), (until.year - 1, until.year)))
    data, kept = work.decided(given, rows, release, lambda _percent, _step: None)
    upload = SimpleUploadedFile("figures.npz", kept, content_type="application/octet-stream")
    clock, asec, chair = Capacity.clock(), people.asec(), people.chair()
    release = perform(FileRelease, release, by=None, as_=clock, data=data, files={"figures": upload}).subject
    said = {"changes": CHANGES, "looked_through": "on"}
    release = perform(SubmitRelease, release, by=asec.person, as_=asec, data=said).subject
    release = perform(ApproveRelease, release, by=chair.person, as_=chair, data={"agreed": "on"}).subject
    stored = work.store(release, files.make(release))
    return perform(PublishRelease, release, by=None, as_=clock, data={"stored": stored}).subject


def figures(indicators: list[Indicator], years: tuple[int, ...]) -> Iterator[Contribution]:
    """Yield invented figures, the same each time: companies of like size, each in two to four Member States."""
    chance = random.Random(2027)  # noqa: S311 - guards nothing
    for number in range(PROJECTS):
        which = chance.randrange(len(SECTORS))
        company, size = f"company {number % COMPANIES}", chance.lognormvariate(0, 0.35)
        states = sorted(chance.sample(STATES, chance.choice([2, 2, 3])))
        for year in years[0 if number % 3 else 1 :]:
            grown = size * (1 + 0.3 * (year - years[0]))
            for one in indicators:
                places = [""] if one.kind == Kind.DISTINCT else states
                items = {"C3": [CHAINS[which]], "S1": states}.get(one.code, [""])
                for state in places:
                    for item in items:
                        yield _figure(
                            chance, one, grown, (f"project {number}", company, state, SECTORS[which], str(year)), item
                        )


def _figure(
    chance: random.Random, one: Indicator, size: float, where: tuple[str, str, str, str, str], item: str
) -> Contribution:
    if one.kind == Kind.DISTINCT:
        return Contribution(*where, one.code, 1.0, None, item)
    value = SIZES.get(one.code.rstrip("p"), 1.0) * size * chance.lognormvariate(0, 0.2)
    if one.kind == Kind.RATIO:
        return Contribution(*where, one.code, round(value), float(round(value * chance.uniform(8, 14))))
    return Contribution(*where, one.code, float(round(value)))
