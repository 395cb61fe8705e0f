"""An attack on published figures, written apart from what protects them.

It knows nothing of leaves, cuts or worlds: every single figure of every project is an unknown, every published
cell of every release an equation. One attacker at a time (an outsider, a group, a Member State) fixes what it
knows, and a linear programme finds the least and the most that each sum of another group's figures can be.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array

from monitoring.disclosure import Contribution, Outcome, Status

Figure = tuple[str, str, str, str, float]


@dataclass(frozen=True, slots=True)
class Recovered:
    """A figure that an attacker knows more closely than was asked."""

    attacker: str
    group: str
    where: str
    value: float
    low: float
    high: float


def attack(
    releases: Sequence[Sequence[Contribution]],
    outcomes: Sequence[Outcome],
    percent: float,
    crossed: Sequence[tuple[str, ...]] = (),
) -> list[Recovered]:
    """Return every figure recovered to within `percent` on either side; `crossed` names the two-way tables told."""
    unknown: dict[Figure, int] = {}
    owner: dict[Figure, str] = {}
    taking_part: dict[str, set[str]] = {}
    for rows in releases:
        for row in rows:
            figure = _figure(row)
            unknown.setdefault(figure, len(unknown))
            owner[figure] = row.company
            taking_part.setdefault(row.project, set()).add(row.ams)
    truth = np.array([figure[4] for figure in unknown])
    equations, sums = _published(releases, outcomes, unknown)
    targets = list(_targets(releases, unknown, crossed))
    who: list[tuple[str, set[Figure]]] = [("an outsider", set())]
    who += [(group, {figure for figure in unknown if owner[figure] == group}) for group in sorted(set(owner.values()))]
    who += [
        (state, {figure for figure in unknown if state in taking_part[figure[0]]})
        for state in sorted(set().union(*taking_part.values()))
    ]
    return [
        found
        for name, knows in who
        for found in _one(
            name,
            knows,
            unknown=unknown,
            truth=truth,
            equations=equations,
            sums=sums,
            targets=targets,
            percent=percent,
        )
    ]


def _figure(row: Contribution) -> Figure:
    return row.project, row.ams, row.sector, row.year, row.value


def _published(
    releases: Sequence[Sequence[Contribution]], outcomes: Sequence[Outcome], unknown: dict[Figure, int]
) -> tuple[csr_array, np.ndarray]:
    rows, sums = [], []
    for figures, outcome in zip(releases, outcomes, strict=True):
        for cell in outcome.cells.values():
            if cell.status in {Status.PUBLISHED, Status.ZERO}:
                line = np.zeros(len(unknown))
                for row in figures:
                    if all(getattr(row, name) == code for name, code in cell.coords):
                        line[unknown[_figure(row)]] = 1
                rows.append(line)
                sums.append(cell.value)
    return csr_array(np.array(rows).reshape(len(rows), len(unknown))), np.array(sums)


def _targets(
    releases: Sequence[Sequence[Contribution]], unknown: dict[Figure, int], crossed: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, str, np.ndarray]]:
    """Each group's figures in every cell of every release, and in every crossing of place, sector and year."""
    seen = set()
    for rows in releases:
        sums: dict[tuple[str, str], set[int]] = {}
        for row in rows:
            whole = f"{row.ams} {row.sector} {row.year}"
            pairs = [" ".join(getattr(row, name) for name in names) for names in crossed]
            for where in ("total", row.ams, row.sector, row.year, whole, *pairs):
                sums.setdefault((row.company, where), set()).add(unknown[_figure(row)])
        for (group, where), members in sums.items():
            mark = group, frozenset(members)
            if mark not in seen:
                seen.add(mark)
                yield group, where, np.array(sorted(members))


def _one(
    name: str,
    knows: set[Figure],
    *,
    unknown: dict[Figure, int],
    truth: np.ndarray,
    equations: csr_array,
    sums: np.ndarray,
    targets: Sequence[tuple[str, str, np.ndarray]],
    percent: float,
) -> Iterator[Recovered]:
    known = np.zeros(len(unknown), bool)
    known[[unknown[figure] for figure in knows]] = True
    left_of = {members[~known[members]].tobytes(): (group, where, members) for group, where, members in targets}
    wanted = [
        (group, where, left) for group, where, members in left_of.values() if len(left := members[~known[members]])
    ]
    if not wanted:
        return
    far = 10 * truth.sum()
    bounds = np.stack([np.where(known, truth, 0), np.where(known, truth, far)], axis=1)
    ends = []
    for sign in (1, -1):
        cost = np.zeros((len(wanted), len(truth)))
        for line, (_group, _where, left) in enumerate(wanted):
            cost[line, left] = sign
        # One programme after the other would say the same; side by side they cost one call.
        found = linprog(
            cost.ravel(),
            A_eq=block_diag([equations] * len(wanted)) if len(sums) else None,
            b_eq=np.tile(sums, len(wanted)) if len(sums) else None,
            bounds=np.tile(bounds, (len(wanted), 1)),
            method="highs",
        )
        if found.status != 0:
            raise RuntimeError(f"The attack ended with: {found.message}")
        x = found.x.reshape(len(wanted), -1)
        ends.append([float(x[line, left].sum()) for line, (_group, _where, left) in enumerate(wanted)])
    for (group, where, left), low, high in zip(wanted, *ends, strict=True):
        value = float(truth[left].sum())
        asked = percent / 100 * value * (1 - 1e-4)
        if high < value + asked or low > value - asked:
            yield Recovered(name, group, where, value, low, high)
