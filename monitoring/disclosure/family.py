"""Indicators that are published together or not at all, and the cheapest safe choice of their cells.

Complementary suppression after Fischetti and Salazar (2000, 2001): a set-covering master over cuts from the
attacker's linear programmes. Every pass of the audit also grows its pattern until it is safe; so there is a safe
pattern from the first pass on, and the master's cost says how far from the cheapest it can be.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from monitoring.disclosure.audit import Audit
from monitoring.disclosure.cover import Cuts
from monitoring.disclosure.data import Coords, Dimension, Parameters
from monitoring.disclosure.deadline import CHOICE, SAFE_SIDE, Deadline, SolverError
from monitoring.disclosure.layer import Layer
from monitoring.disclosure.rules import Reason, failing, few, groups, protection


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
        deadline: Deadline,
        *,
        sensitive: Mapping[Coords, tuple[float, float]] | None = None,
    ) -> None:
        """Apply the rules to every cell; or, with `sensitive`, take these cells and what they need as given.

        Where there is no time, or no room, for all the questions, every choice is the one that tells nothing.
        """
        self.layers = list(layers)
        self._rules = rules
        self._deadline = deadline
        new = [
            {coords: row for row, (release, coords) in enumerate(layer.places) if release == layer.release}
            for layer in layers
        ]
        self.cells: list[Coords] = sorted({coords for rows in new for coords in rows})
        self.number = {coords: cell for cell, coords in enumerate(self.cells)}
        self.row = [[rows.get(coords, -1) for coords in self.cells] for rows in new]
        self.reasons: list[dict[int, Reason]] = [{} for _layer in layers]
        self.primary = np.zeros(len(self.cells), bool)
        self.cost = self._costs()
        self._relations = [] if sensitive is not None else self._margins(dimensions)
        self._cuts = Cuts()
        self._audits: list[Audit] = []
        with suppress(SolverError):
            self._audits = [self._audit(which, sensitive) for which in range(len(layers))]

    def _audit(self, which: int, sensitive: Mapping[Coords, tuple[float, float]] | None) -> Audit:
        """Find the sensitive cells of a layer, and the questions about it."""
        layer, rows = self.layers[which], self.row[which]
        if sensitive is None:
            found = self._primary(rows, layer)
        else:
            found = {self.number[coords]: (Reason.THRESHOLD, need) for coords, need in sensitive.items()}
        self.reasons[which] = {cell: reason for cell, (reason, _need) in found.items()}
        self.primary[list(found)] = True
        needs = {rows[cell]: need for cell, (_reason, need) in found.items()}
        return Audit(layer, self._rules, needs, self._deadline, figures=sensitive is None)

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
            self._deadline.check()
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
        if not self._audits:
            return self.nothing()
        self._deadline.stage(CHOICE)
        best: Choice | None = None
        try:
            pattern = self.primary.copy()
            while True:
                floor = self._cost_of(pattern)
                self._grow(pattern)
                if best is None or self._cost_of(pattern) < best.cost - 1e-9:
                    best = Choice(pattern, self._cost_of(pattern), best=False, fallback=False)
                if floor >= best.cost - 1e-9:
                    break
                pattern = self._cuts.cheapest(self.cost, self.primary, self._deadline)
                if self._cost_of(pattern) >= best.cost - 1e-9:
                    break
        except SolverError:
            return best or self._fallback()
        best.best = True
        return best

    def _cost_of(self, pattern: np.ndarray) -> float:
        return float(self.cost[pattern].sum())

    def _grow(self, pattern: np.ndarray) -> None:
        """Suppress more, in place, until no question is open but those that earlier releases have answered.

        Raises SolverError, also where the time is over.
        """
        self._publish(pattern)
        for audit, rows in zip(self._audits, self.row, strict=True):
            for question in audit.questions:
                while (shut := audit.disclosed(question)) is not None:
                    cells = frozenset(
                        cell for cell, row in enumerate(rows) if row >= 0 and shut[row] and not pattern[cell]
                    )
                    if not cells:
                        break
                    self._cuts.add(cells)
                    pattern[min(cells, key=lambda cell: self.cost[cell])] = True
                    self._publish(pattern)
        if self._fill_residues(pattern):
            self._grow(pattern)

    def _publish(self, pattern: np.ndarray) -> None:
        # There are no audits where there was no time to ask.
        for audit, rows in zip(self._audits, self.row, strict=False):
            shown = audit.layer.fixed.copy()
            shown[[row for cell, row in enumerate(rows) if row >= 0 and not pattern[cell]]] = True
            audit.publish(shown)

    def _fill_residues(self, pattern: np.ndarray) -> bool:
        """Suppress more where a margin minus its published parts is a sum of too few groups."""
        grew = False
        for layer, rows in zip(self.layers, self.row, strict=True):
            for parent, cells in self._relations:
                self._deadline.check()
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
            self._deadline.stage(SAFE_SIDE)
            try:
                self._grow(pattern)
            except SolverError:
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
        self._deadline.stage(1.0)
        self._publish(pattern)
        return sum(audit.disclosed(question) is not None for audit in self._audits for question in audit.questions)

    def intervals(self, pattern: np.ndarray) -> list[dict[int, tuple[float, float]]]:
        """Return per layer what an outsider can tell of each suppressed cell, as far as there is time to find out."""
        found: list[dict[int, tuple[float, float]]] = [{} for _layer in self.layers]
        with suppress(SolverError):
            self._publish(pattern)
            for audit, rows, intervals in zip(self._audits, self.row, found, strict=False):
                for cell, row in enumerate(rows):
                    if row >= 0 and pattern[cell]:
                        intervals[cell] = audit.interval(row)
        return found

    @property
    def asked(self) -> int:
        """How many questions the audit asks of the solver; those that need none are not counted."""
        return sum(len(audit.questions) for audit in self._audits)

    @property
    def solved(self) -> int:
        """How many linear programmes it took so far."""
        return sum(audit.attack.solved + audit.least.solved for audit in self._audits)
