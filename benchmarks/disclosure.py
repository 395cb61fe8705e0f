"""`python -m benchmarks.disclosure attack --portfolios 1000` and `python -m benchmarks.disclosure release`."""

import argparse
import random
import resource
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import process_time

from benchmarks.attacker import attack
from benchmarks.portfolios import portfolio
from monitoring.disclosure import (
    Cell,
    Contribution,
    Contributions,
    Dimension,
    Indicator,
    Kind,
    Outcome,
    Parameters,
    Reason,
    Status,
    kept,
    protect,
)

BY_ITSELF = set(Reason) - {Reason.COMPLEMENTARY, Reason.RATIO, Reason.FALLBACK}


def threshold_only(outcome: Outcome, rules: Parameters) -> Outcome:
    """Suppress what has too few contributors, and nothing else: what many an office does."""
    return _changed(outcome, lambda cell: cell.contributors < rules.min_contributors)


def whole_rows(outcome: Outcome) -> Outcome:
    """Suppress a whole breakdown as soon as one cell of it is sensitive: safe, and told by nobody."""
    sensitive = {cell.coords for cell in outcome.cells.values() if cell.reason in BY_ITSELF}
    rows = {coords[0][0] for coords in sensitive if coords}
    return _changed(outcome, lambda cell: cell.coords in sensitive or bool(cell.coords and cell.coords[0][0] in rows))


def _changed(outcome: Outcome, hides: object) -> Outcome:
    def told(cell: Cell) -> Cell:
        if cell.status == Status.NOT_REPORTED:
            return cell
        status = Status.SUPPRESSED if hides(cell) else Status.PUBLISHED  # type: ignore[operator]
        return replace(cell, status=status, reason=Reason.THRESHOLD if hides(cell) else None)  # type: ignore[operator]

    return replace(outcome, cells={key: told(cell) for key, cell in outcome.cells.items()})


@dataclass(slots=True)
class Tally:
    """One way of suppressing, over all portfolios."""

    attacked: int = 0
    recovered: int = 0
    cells: int = 0
    published: int = 0
    value: float = 0.0
    hidden: float = 0.0
    cpu: list[float] = field(default_factory=list)

    def add(self, outcomes: Sequence[Outcome], *, recovered: bool | None = None) -> None:
        """Count what one portfolio's releases keep; and, where they were attacked, whether a figure was recovered."""
        self.attacked += recovered is not None
        self.recovered += bool(recovered)
        for outcome in outcomes:
            one = kept(list(outcome.cells.values()))
            self.cells += one.cells
            self.published += one.published
            self.value += one.value
            self.hidden += one.value_suppressed

    def line(self, name: str) -> str:
        """Return its row of the table."""
        cells, value = self.published / self.cells, self.hidden / self.value if self.value else 0.0
        return f"| {name} | {self.recovered} of {self.attacked} | {cells:.1%} | {value:.1%} |"


def run_attacks(seeds: Iterable[int]) -> None:
    """Attack every portfolio, and print what was recovered and what was kept, beside two plain ways."""
    ways = {"disclosure control": Tally(), "threshold only": Tally(), "whole rows": Tally()}
    firsts = {name: Tally() for name in ways}
    for seed in seeds:
        given = portfolio(seed)
        ours = given.told()
        told = (ours, [threshold_only(one, given.rules) for one in ours], [whole_rows(one) for one in ours])
        for (name, tally), outcomes in zip(ways.items(), told, strict=True):
            # What is safe must stand the attack; of the plain ways it is enough to attack every tenth.
            attacked = outcomes is ours or seed % 10 == 0
            found = attack(given.releases, outcomes, given.rules.p_percent) if attacked else []
            if found and outcomes is ours:
                print(f"portfolio {seed}: {found[0]}", flush=True)
            tally.add(outcomes, recovered=bool(found) if attacked else None)
            firsts[name].add(outcomes[:1])
        if ways["disclosure control"].attacked % 10 == 0:
            print(f"{ways['disclosure control'].attacked} portfolios, {process_time():.0f} s of CPU", flush=True)
    # What is kept is that of all portfolios, whichever of them were attacked.
    for title, tallies in (("all releases", ways), ("first releases alone", firsts)):
        print(f"| {title} | portfolios with a figure recovered | cells published | value hidden |")
        print("|---|---|---|---|")
        for name, tally in tallies.items():
            print(tally.line(name))


STATES = [f"S{number}" for number in range(11)]
SECTORS = [f"T{number}" for number in range(20)]
YEARS = [str(year) for year in range(2025, 2030)]
INDICATORS = [
    Indicator("C1", together="C1p"),
    Indicator("C1p", Kind.RATIO),
    Indicator("C2", together="C2p"),
    Indicator("C2p", Kind.RATIO),
    Indicator("S2", together="S2p"),
    Indicator("S2p", Kind.RATIO),
    *(Indicator(f"A{number}") for number in range(5)),
    *(Indicator(f"N{number}", Kind.COUNT) for number in range(3)),
    *(Indicator(f"D{number}", Kind.DISTINCT) for number in range(4)),
]


def figures(projects: int, states: int) -> Iterator[Contribution]:
    """Make a portfolio of this size: 18 indicators, 5 years, each project in so many Member States."""
    chance = random.Random(1)
    for number in range(projects):
        company, sector = f"g{chance.randrange(projects // 2)}", chance.choice(SECTORS)
        size = chance.lognormvariate(0, 1.5)
        for state in chance.sample(STATES, states):
            for year in YEARS:
                for one in INDICATORS:
                    value = size * chance.lognormvariate(3, 0.7)
                    whole = one.kind in {Kind.COUNT, Kind.DISTINCT}
                    below = value * 10 + 1 if one.kind == Kind.RATIO else None
                    yield Contribution(
                        f"p{number}",
                        company,
                        state,
                        sector,
                        year,
                        one.code,
                        float(round(value)) if whole else value,
                        below,
                    )


def run_release(projects: int, states: int, rules: Parameters) -> None:
    """Protect one large release and print what it took."""
    dimensions = [Dimension("ams", dict.fromkeys(STATES)), Dimension("sector", dict.fromkeys(SECTORS))]
    dimensions.append(Dimension("year", dict.fromkeys(YEARS)))
    given = Contributions(figures(projects, states))
    begun = process_time()
    print(f"{len(given):,} figures, made and read in {begun:.1f} s of CPU", flush=True)
    outcome = protect(
        given,
        INDICATORS,
        dimensions,
        rules=rules,
        progress=lambda done, of, name: print(f"{done}/{of} {name} {process_time() - begun:.1f} s", flush=True),
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{process_time() - begun:.1f} s of CPU, at most {peak:.0f} MB", outcome.kept, *outcome.notes, sep="\n")
    print(*outcome.proofs, sep="\n")


def main() -> None:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disclosure", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    attacks = commands.add_parser("attack", help="attack random portfolios; none may give a figure away")
    attacks.add_argument("--portfolios", type=int, default=1000)
    attacks.add_argument("--first", type=int, default=0, help="the first seed")
    release = commands.add_parser("release", help="protect one large release and say what it took")
    release.add_argument("--projects", type=int, default=2000)
    release.add_argument("--states", type=int, default=11, help="in how many Member States each project reports")
    release.add_argument("--seconds", type=float, default=Parameters().seconds, help="CPU time for each family")
    given = parser.parse_args()
    if given.command == "attack":
        run_attacks(range(given.first, given.first + given.portfolios))
    else:
        run_release(given.projects, given.states, Parameters(seconds=given.seconds))


if __name__ == "__main__":
    main()
