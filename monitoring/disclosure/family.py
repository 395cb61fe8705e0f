"""Indicators that are published together or not at all, and the cheapest safe choice of their cells.

Complementary suppression after Fischetti and Salazar (2000, 2001): a set-covering master over cuts from the
attacker's linear programmes. Every pass of the audit also grows its pattern until it is safe; so there is a safe
pattern from the first pass on, and the master's cost says how far from the cheapest it can be.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import process_time

import numpy as np

from monitoring.disclosure.attack import SolverError
from monitoring.disclosure.audit import Audit
from monitoring.disclosure.cover import Cuts
from monitoring.disclosure.data import Coords, Dimension, Parameters
from monitoring.disclosure.layer import Layer
from monitoring.disclosure.rules import Reason, failing, few, groups, protection

Clock = Callable[[], float]
LEAST_SECONDS = 1.0
"""What the proof gets at least, however little was given for the choice."""


class _OutOfTimeError(Exception):
    pass


@dataclass(slots=True)
class Choice:
    """Which cells of a family are suppressed, and what the audit says of it."""

    suppressed: np.ndarray
    cost: float
    best: bool
    """Whether no cheaper safe pattern exists."""
    fallback: bool


class Family:
    """The layers of indicators that go together; a *cell* is a place in the new release, the same in all of them."""

    def __init__(
        self,
        layers: Sequence[Layer],
        dimensions: Mapping[str, Dimension],
        rules: Parameters,
        *,
        sensitive: Mapping[Coords, tuple[float, float]] | None = None,
        clock: Clock = process_time,
    ) -> None:
        """Apply the rules to every cell; or, with `sensitive`, take these cells and what they need as given."""
        self.layers = list(layers)
        self._rules = rules
        self._clock = clock
        new = [
            {coords: row for row, (release, coords) in enumerate(layer.places) if release == layer.release}
            for layer in layers
        ]
        self.cells: list[Coords] = sorted({coords for rows in new for coords in rows})
        self.number = {coords: cell for cell, coords in enumerate(self.cells)}
        self.row = [[rows.get(coords, -1) for coords in self.cells] for rows in new]
        self.reasons: list[dict[int, Reason]] = []
        self._audits: list[Audit] = []
        for rows, layer in zip(self.row, layers, strict=True):
            if sensitive is None:
                found = self._primary(rows, layer)
            else:
                found = {self.number[coords]: (Reason.THRESHOLD, need) for coords, need in sensitive.items()}
            self.reasons.append({cell: reason for cell, (reason, _need) in found.items()})
            needs = {rows[cell]: need for cell, (_reason, need) in found.items()}
            self._audits.append(Audit(layer, rules, needs, figures=sensitive is None))
        self.primary = np.zeros(len(self.cells), bool)
        self.primary[[cell for reasons in self.reasons for cell in reasons]] = True
        self.cost = self._costs()
        self._relations = [] if sensitive is not None else self._margins(dimensions)
        self._cuts = Cuts()

    # --- Primary suppression ---

    def _primary(self, rows: Sequence[int], layer: Layer) -> dict[int, tuple[Reason, tuple[float, float]]]:
        """Return the cells that break a rule, by themselves or as the difference to an earlier release.

        What their intervals need on each side is what the largest group needs in the sum that breaks the rule.
        """
        before: dict[Coords, list[int]] = {}
        for row, (_release, coords) in enumerate(layer.places):
            if layer.fixed[row]:
                before.setdefault(coords, []).append(row)
        found: dict[int, tuple[Reason, tuple[float, float]]] = {}
        for cell, row in enumerate(rows):
            if row < 0:
                continue
            inside = layer.incidence[row]
            sums: list[tuple[np.ndarray, Reason | None]] = [(inside, None)]
            sums += [(inside != layer.incidence[old], Reason.DIFFERENCING) for old in before.get(self.cells[cell], ())]
            for leaves, because in sums:
                if reason := (few(layer, row, self._rules) if because is None else None) or failing(
                    layer, leaves, self._rules
                ):
                    need = protection(layer, leaves, self._rules)
                    found[cell] = (because or reason, (need, need))
                    break
        return found

    def _costs(self) -> np.ndarray:
        """Return what suppressing each cell costs: its share of the largest value, or one."""
        if self._rules.by_count:
            return np.ones(len(self.cells))
        cost = np.full(len(self.cells), 1e-6)
        for which, layer in enumerate(self.layers):
            values = np.abs(layer.incidence @ layer.totals)
            scale = values.max(initial=0) or 1.0
            cost += [values[row] / scale if row >= 0 else 0.0 for row in self.row[which]]
        return cost

    def _margins(self, dimensions: Mapping[str, Dimension]) -> list[tuple[int, list[int]]]:
        """Return each cell with the cells that it is divided into, for every dimension it can be divided by."""
        children: dict[tuple[int, str], list[int]] = {}
        for cell, coords in enumerate(self.cells):
            for name, code in coords:
                rest = dict(coords)
                above = dimensions[name].parents[code]
                if above is None:
                    del rest[name]
                else:
                    rest[name] = above
                parent = self.number.get(tuple(sorted(rest.items())))
                if parent is not None:
                    children.setdefault((parent, name), []).append(cell)
        return [(parent, cells) for (parent, _name), cells in children.items()]

    # --- Complementary suppression ---

    def choose(self) -> Choice:
        """Return the cheapest safe pattern, the best found in time, or, failing that, the safe side."""
        end = self._time(self._rules.seconds)
        best: Choice | None = None
        try:
            pattern = self.primary.copy()
            while True:
                floor = self._cost_of(pattern)
                self._grow(pattern, end)
                if best is None or self._cost_of(pattern) < best.cost - 1e-9:
                    best = Choice(pattern, self._cost_of(pattern), best=False, fallback=False)
                if floor >= best.cost - 1e-9:
                    break
                pattern = self._cuts.cheapest(self.cost, self.primary, end - self._clock())
                if self._cost_of(pattern) >= best.cost - 1e-9:
                    break
        except (_OutOfTimeError, SolverError):
            return best or self._fallback()
        best.best = True
        return best

    def _time(self, seconds: float) -> float:
        """Give the audits so much time from now, and return the moment when it is over."""
        end = self._clock() + seconds
        for audit in self._audits:
            audit.clock, audit.until = self._clock, end
        return end

    def _cost_of(self, pattern: np.ndarray) -> float:
        return float(self.cost[pattern].sum())

    def _grow(self, pattern: np.ndarray, end: float) -> None:
        """Suppress more, in place, until no question is open but those that earlier releases have answered."""
        self._publish(pattern)
        for audit, rows in zip(self._audits, self.row, strict=True):
            for question in audit.questions:
                while (shut := audit.disclosed(question)) is not None:
                    if self._clock() > end:
                        raise _OutOfTimeError
                    cells = frozenset(
                        cell for cell, row in enumerate(rows) if row >= 0 and shut[row] and not pattern[cell]
                    )
                    if not cells:
                        break
                    self._cuts.add(cells)
                    pattern[min(cells, key=lambda cell: self.cost[cell])] = True
                    self._publish(pattern)
                if self._clock() > end:
                    raise _OutOfTimeError
        if self._fill_residues(pattern):
            self._grow(pattern, end)

    def _publish(self, pattern: np.ndarray) -> None:
        for audit, rows in zip(self._audits, self.row, strict=True):
            shown = audit.layer.fixed.copy()
            shown[[row for cell, row in enumerate(rows) if row >= 0 and not pattern[cell]]] = True
            audit.publish(shown)

    def _fill_residues(self, pattern: np.ndarray) -> bool:
        """Suppress more where a margin minus its published parts is a sum of too few groups."""
        grew = False
        for layer, rows in zip(self.layers, self.row, strict=True):
            for parent, cells in self._relations:
                hidden = [cell for cell in cells if pattern[cell] and rows[cell] >= 0]
                if rows[parent] < 0 or pattern[parent] or not hidden:
                    continue
                leaves = layer.incidence[[rows[cell] for cell in hidden]].max(axis=0)
                units = leaves[layer.leaf] & ~layer.waived[layer.party]
                if not units.any() or len(groups(layer, layer.party[units])) >= self._rules.min_contributors:
                    continue
                others = frozenset([parent, *(cell for cell in cells if not pattern[cell])])
                for cell in hidden:
                    self._cuts.add(others, when=cell)
                pattern[min(others, key=lambda cell: self.cost[cell])] = True
                grew = True
        return grew

    def _fallback(self) -> Choice:
        """Suppress all tables but the grand total, where that is safe; else that, too."""
        pattern = np.ones(len(self.cells), bool)
        total = self.number.get(())
        if total is not None and not self.primary[total]:
            pattern[total] = False
            try:
                self._grow(pattern, self._time(self._rules.seconds))
            except (_OutOfTimeError, SolverError):
                pattern[:] = True
        return Choice(pattern, self._cost_of(pattern), best=False, fallback=True)

    def nothing(self) -> Choice:
        """Return the pattern that tells nothing."""
        every = np.ones(len(self.cells), bool)
        return Choice(every, self._cost_of(every), best=False, fallback=True)

    # --- Proof ---

    def open_questions(self, pattern: np.ndarray) -> int:
        """Audit a pattern as it stands, whatever chose it: how many questions are not answered by a world.

        Raises SolverError where the time is over before all are asked.
        """
        self._time(max(self._rules.seconds, LEAST_SECONDS))
        self._publish(pattern)
        return sum(audit.disclosed(question) is not None for audit in self._audits for question in audit.questions)

    def intervals(self, pattern: np.ndarray) -> list[dict[int, tuple[float, float]]]:
        """Return per layer what an outsider can tell of each suppressed cell."""
        self._publish(pattern)
        return [
            {cell: audit.interval(row) for cell, row in enumerate(rows) if row >= 0 and pattern[cell]}
            for audit, rows in zip(self._audits, self.row, strict=True)
        ]

    @property
    def asked(self) -> int:
        """How many questions the audit asks of the solver; those that need none are not counted."""
        return sum(len(audit.questions) for audit in self._audits)

    @property
    def solved(self) -> int:
        """How many linear programmes it took so far."""
        return sum(audit.attack.solved + audit.least.solved for audit in self._audits)
