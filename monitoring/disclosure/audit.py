"""The exact audit: nobody can tell a group's figure, or a sensitive cell, more closely than asked.

For every figure of every group and every attacker who doesn't know it, two *questions* must be answered with a
world that agrees with all that is published and with what the attacker knows: one in which the figure is larger
by what is asked, and one in which it is smaller. Inside a leaf any contributor may stand for any other, so a
world is given by the leaves' totals alone, and the question is a linear programme over them. A world found for
one attacker is tried on all others before the solver is asked again.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import process_time

import numpy as np

from monitoring.disclosure.attack import FAR, TINY, Attack, Least, SolverError
from monitoring.disclosure.data import Parameters
from monitoring.disclosure.layer import Layer, distinct
from monitoring.disclosure.rules import needed

NEARLY = 1 - 1e-6
"""Parts per million are left to the solver's arithmetic."""


@dataclass(slots=True)
class Question:
    """Can this sum be as large (`sign` 1) or as small (−1) as asked, for each of these attackers?"""

    sign: int
    leaves: np.ndarray
    weight: np.ndarray
    """Attackers × leaves of the sum, True where a leaf's change is the sum's."""
    attackers: np.ndarray
    short: np.ndarray
    """Per attacker, how far the sum must move from where it can be without any leaf's total changing."""
    unit: np.ndarray
    worlds: list[np.ndarray] = field(default_factory=list)
    """Changes that answered before."""


class Audit:
    """All questions about one layer, and the programme that answers them under a pattern of published rows."""

    def __init__(
        self, layer: Layer, rules: Parameters, sensitive: dict[int, tuple[float, float]], *, figures: bool
    ) -> None:
        """Ask about the sensitive rows (with what they need below and above) and, with `figures`, each group's figures."""
        self.layer = layer
        self.attack = Attack(layer.incidence)
        self.least = Least(layer.incidence)
        self.until = np.inf
        """The moment on `clock` after which nothing more is asked; who asks then gets a SolverError."""
        self.clock: Callable[[], float] = process_time
        self._total = layer.totals
        self._knowledge = Knowledge(layer, rules)
        self.questions = list(self._about_cells(sensitive))
        self.figures = 0
        if figures:
            self.questions += self._about_figures(rules)

    # --- What is asked ---

    def _about_cells(self, sensitive: dict[int, tuple[float, float]]) -> Iterator[Question]:
        for row, needs in sensitive.items():
            leaves = np.flatnonzero(self.layer.incidence[row])
            for sign, need in zip((-1, 1), needs, strict=True):
                if need > 0:
                    every = np.ones((1, len(leaves)), bool)
                    yield Question(sign, leaves, every, np.zeros(1, int), np.array([need]), np.array([need]))

    def _about_figures(self, rules: Parameters) -> Iterator[Question]:
        know = self._knowledge
        doubtful = know.doubtful(self._total, rules)
        for party in np.unique(know.pair_party[doubtful]):
            pairs = np.flatnonzero(know.pair_party == party)
            seen: set[bytes] = set()
            singles = [np.array([pair]) for pair in pairs[doubtful[pairs]]]
            inside = self.layer.incidence[:, know.pair_leaf[pairs]]
            sums = [pairs[row] for row in np.unique(inside, axis=0) if doubtful[pairs[row]].any()]
            for figure in [*singles, *sums]:
                if figure.tobytes() not in seen:
                    seen.add(figure.tobytes())
                    yield from self._about(int(party), figure, rules)

    def _about(self, party: int, pairs: np.ndarray, rules: Parameters) -> Iterator[Question]:
        """Ask both ways about one figure: what a party contributes to these leaves."""
        know, leaves = self._knowledge, self._knowledge.pair_leaf[pairs]
        self.figures += 1
        value, low, hidden = know.of_party(party, pairs)
        figure = value.sum(axis=1)
        need = needed(figure, rules, integral=self.layer.indicator.integral)
        asked = know.outside(party) & hidden.any(axis=1) & (need > 0)
        others = know.low[:, leaves] - low
        free = self._total[leaves] - know.value[:, leaves] - others
        alone = hidden & (know.parties[:, leaves] == 1)
        most = np.where(hidden, free, 0).sum(axis=1)
        least = np.where(alone, free, np.where(hidden, low, 0)).sum(axis=1)
        unit = np.maximum(need, np.abs(figure) * 1e-9)
        if self.layer.indicator.integral:
            unit = np.ones(len(need))
        for sign, weight, short in ((1, hidden, figure + need - most), (-1, alone, least - figure + need)):
            failing = np.flatnonzero(asked & (short > need * (1 - NEARLY)))
            if len(failing):
                yield Question(sign, leaves, weight[failing], failing, short[failing], unit[failing])

    # --- How it is answered ---

    def publish(self, rows: np.ndarray) -> None:
        """Take these rows (a boolean mask) as published."""
        self._published = self.layer.incidence[rows].astype(float)
        self.attack.publish(rows)
        self.least.publish(rows)

    def disclosed(self, question: Question) -> np.ndarray | None:
        """Return None where every attacker can be wrong enough, else the rows that tell one of them (a mask)."""
        left = np.arange(len(question.attackers))
        for world in question.worlds:
            if len(left) and not np.abs(self._published @ world).max(initial=0) > np.abs(world).max() * 1e-9:
                left = left[~self._answers(question, left, world)]
        if len(left) > 1 and (common := self._for_all(question, left)) is not None:
            question.worlds.append(common)
            left = left[~self._answers(question, left, common)]
        while len(left):
            if self.clock() > self.until:
                raise SolverError("The time for the audit is over.")
            found = self._ask(question, int(left[0]))
            if isinstance(found, _Shut):
                return found.rows
            question.worlds.append(found)
            left = left[1:][~self._answers(question, left[1:], found)]
        return None

    def _for_all(self, question: Question, left: np.ndarray) -> np.ndarray | None:
        """Look for one world that answers all attackers who are left: within what each of them finds possible."""
        know, attackers = self._knowledge, question.attackers[left]
        weight = np.zeros(len(self._total))
        weight[question.leaves[question.weight[left].all(axis=0)]] = question.sign
        if not weight.any():
            return None
        open_ = (know.parties[attackers] > 0).all(axis=0)
        lowest = np.where(open_, np.minimum(0, know.floor[attackers].max(axis=0) - self._total), 0.0)
        return self._least(
            weight, question.short[left].max(), question.unit[left].max(), lowest, np.where(open_, FAR, 0.0)
        )

    def _least(
        self, weight: np.ndarray, short: float, unit: float, lowest: np.ndarray, highest: np.ndarray
    ) -> np.ndarray | None:
        """Return the least change that is enough, checked against what is published; None where there is none so."""
        if self.layer.indicator.integral:
            bounds = np.ceil(lowest - TINY), highest
            world = self.least.whole(weight, *bounds, np.ceil(short - TINY))
            if world is None or (self._published @ world).any():
                return None
            return world if (bounds[0] <= world).all() and (world <= bounds[1]).all() else None
        world = self.least.change(weight, lowest / unit, highest, short / unit)
        if world is None or np.abs(self._published @ world).max(initial=0) > np.abs(world).max() * 1e-9:
            return None
        return world * unit

    def _ask(self, question: Question, which: int) -> "np.ndarray | _Shut":
        attacker, unit = question.attackers[which], question.unit[which]
        goal = question.short[which] / unit
        weight = np.zeros(len(self._total))
        weight[question.leaves[question.weight[which]]] = question.sign
        lowest, highest = self._knowledge.room(attacker, self._total)
        world = self._least(weight, question.short[which], unit, lowest, highest)
        if world is not None and weight @ world >= question.short[which] * NEARLY:
            return world
        if self.layer.indicator.integral:
            return self._ask_whole(weight, goal, np.ceil(lowest - TINY), highest)
        reach, world, rows = self.attack.furthest(weight, lowest / unit, highest)
        if reach < goal * NEARLY:
            return _Shut(rows)
        # No larger a change than is asked for, so that it serves other attackers, too.
        return world * unit * min(1.0, goal / reach)

    def _ask_whole(
        self, weight: np.ndarray, goal: float, lowest: np.ndarray, highest: np.ndarray
    ) -> "np.ndarray | _Shut":
        """Find a world of whole figures: nearly always a corner of the programme, else by branching."""
        for bound in (goal, FAR):
            bounds = np.maximum(lowest, -bound), np.minimum(highest, bound)
            reach, world, rows = self.attack.furthest(weight, *bounds)
            world = np.round(world)
            exact = not (self._published @ world).any() and (bounds[0] <= world).all() and (world <= bounds[1]).all()
            if exact and weight @ world >= goal * NEARLY:
                return world
        if reach < goal * NEARLY:
            return _Shut(rows)
        found = self.attack.whole(weight, np.maximum(lowest, -4 * goal), np.minimum(highest, 4 * goal), goal)
        every = np.ones(len(rows), bool)
        return found if found is not None and weight @ found >= goal * NEARLY else _Shut(every)

    def _answers(self, question: Question, which: np.ndarray, world: np.ndarray) -> np.ndarray:
        """Return for which of the question's attackers a world that answered one of them is possible, too."""
        know, size = self._knowledge, np.abs(world)
        largest = size.max(initial=0)
        moved = np.flatnonzero(size > largest * 1e-12)
        at = question.attackers[which][:, None], moved
        left = self._total[moved] + world[moved] + largest * 1e-9
        possible = (left >= know.floor[at]) & (know.parties[at] > 0)
        gained = question.sign * (question.weight[which] @ world[question.leaves])
        return possible.all(axis=1) & (gained >= question.short[which] * NEARLY)

    def interval(self, row: int) -> tuple[float, float]:
        """Return the least and the most that an outsider can take a row for; infinite where nothing bounds it."""
        weight = self.layer.incidence[row].astype(float)
        value = float(weight @ self._total)
        unit = max(abs(value), self._total.max(initial=0) * 1e-3, 1e-9)
        lowest, highest = self._knowledge.room(0, self._total)
        down, _world, _rows = self.attack.furthest(-weight, lowest / unit, highest)
        up, _world, _rows = self.attack.furthest(weight, lowest / unit, highest)
        far = FAR * NEARLY
        return (-np.inf if down >= far else value - down * unit, np.inf if up >= far else value + up * unit)


@dataclass(slots=True)
class _Shut:
    """No world is far enough; `rows` are those whose publication stands in the way."""

    rows: np.ndarray


class Knowledge:
    """What each attacker knows of each leaf. Attackers: an outsider, each group, each Member State, and pooled pairs."""

    def __init__(self, layer: Layer, rules: Parameters) -> None:
        """Add up, for every attacker and leaf, the known sums, the least of the rest, and how many are unknown."""
        self._layer = layer
        hidden = ~layer.waived[layer.party]
        (self.pair_party, self.pair_leaf), self._pair = distinct(layer.party, layer.leaf)
        self._hidden = hidden
        groups = sorted({group for party in layer.members for group in party})
        number = {group: position for position, group in enumerate(groups)}
        self._member = np.zeros((len(groups), len(layer.members)), bool)
        for party, members in enumerate(layer.members):
            self._member[[number[group] for group in members], party] = True
        nobody, no_state = -1, -1
        self._who = [(nobody, no_state)]
        self._who += [(group, no_state) for group in range(len(groups))]
        self._who += [(nobody, state) for state in range(layer.states)]
        if rules.pooled:
            self._who += [(group, state) for group in range(len(groups)) for state in range(layer.states)]
        shape = (len(self._who), layer.incidence.shape[1])
        self.value, self.low, self.parties = np.empty(shape), np.empty(shape), np.empty(shape, np.int32)
        whole, least, count = self._known(hidden)
        self.value[:], self.low[:], self.parties[:] = whole, least, count
        self._set_groups()
        for attacker, (_group, state) in enumerate(self._who):
            if state >= 0:
                known = self._known(self._unknown(attacker))
                self.value[attacker], self.low[attacker], self.parties[attacker] = known

        self.floor = self.value + self.low

    def _known(self, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return per leaf the sum of all other units, the least of the unknown ones, and how many parties are unknown."""
        layer, leaves = self._layer, self._layer.incidence.shape[1]
        still = np.bincount(self._pair, unknown, len(self.pair_leaf)) > 0
        return (
            np.bincount(layer.leaf, layer.value * ~unknown, leaves),
            np.bincount(layer.leaf, layer.low * unknown, leaves),
            np.bincount(self.pair_leaf, still, leaves),
        )

    def _set_groups(self) -> None:
        """Move what each group contributes from the unknown to the known."""
        layer, pairs = self._layer, len(self.pair_leaf)
        value = np.bincount(self._pair, layer.value * self._hidden, pairs)
        low = np.bincount(self._pair, layer.low * self._hidden, pairs)
        still = np.bincount(self._pair, self._hidden, pairs) > 0
        # Pairs are sorted by party, and a party has each leaf once.
        for group, party in zip(*np.nonzero(self._member), strict=True):
            own = slice(*np.searchsorted(self.pair_party, [party, party + 1]))
            leaves = self.pair_leaf[own]
            self.value[1 + group, leaves] += value[own]
            self.low[1 + group, leaves] -= low[own]
            self.parties[1 + group, leaves] -= still[own]

    def _unknown(self, attacker: int) -> np.ndarray:
        """Return the units an attacker doesn't know."""
        group, state = self._who[attacker]
        unknown = self._hidden.copy()
        if group >= 0:
            unknown &= ~self._member[group][self._layer.party]
        if state >= 0:
            unknown &= self._layer.seen_by >> state & 1 == 0
        return unknown

    def outside(self, party: int) -> np.ndarray:
        """Return which attackers are not themselves behind a party; nobody is asked about one that waived."""
        groups = np.array([group for group, _state in self._who])
        return ~np.where(groups >= 0, self._member[groups, party], False) & ~self._layer.waived[party]  # noqa: FBT003

    def of_party(self, party: int, pairs: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return, attackers × pairs, what of the party's figures is hidden: value, least, and whether anything is."""
        units = np.flatnonzero(self._layer.party == party)
        at = np.searchsorted(pairs, self._pair[units])
        inside = (at < len(pairs)) & (pairs[np.minimum(at, len(pairs) - 1)] == self._pair[units])
        units, at = units[inside], at[inside]
        states = np.array([state for _group, state in self._who])
        unknown = (states[:, None] < 0) | (self._layer.seen_by[units] >> np.maximum(states, 0)[:, None] & 1 == 0)
        spread = np.zeros((len(units), len(pairs)))
        spread[np.arange(len(units)), at] = 1
        value = (unknown * self._layer.value[units]) @ spread
        low = (unknown * self._layer.low[units]) @ spread
        return value, low, unknown @ spread > 0

    def room(self, attacker: int, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each leaf may fall and rise for an attacker: not at all where it knows everything."""
        open_ = self.parties[attacker] > 0
        fall = np.minimum(0, self.floor[attacker] - total)
        return np.where(open_, fall, 0.0), np.where(open_, FAR, 0.0)

    def doubtful(self, total: np.ndarray, rules: Parameters) -> np.ndarray:
        """Return which pairs of party and leaf are not safe already by the other contributors to the same leaf.

        Whoever is safe in each leaf is safe in every sum of leaves; this spares most questions of a large release.
        """
        layer, leaves = self._layer, len(total)
        value = np.bincount(self._pair, layer.value * self._hidden, len(self.pair_party))
        if rules.pooled or any(len(party) > 1 for party in layer.members):
            return value != 0
        slack = np.bincount(self._pair, (layer.value - layer.low) * self._hidden, len(self.pair_party))
        shown = np.bincount(self._pair, self._hidden, len(self.pair_party)) > 0
        order = np.lexsort((-slack, self.pair_leaf))
        ranked = self.pair_leaf[order]
        first = np.r_[True, ranked[1:] != ranked[:-1]]
        place = np.arange(len(order)) - np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        largest, second = np.zeros(leaves), np.zeros(leaves)
        largest[ranked[place == 0]] = slack[order[place == 0]]
        second[ranked[place == 1]] = slack[order[place == 1]]
        top = np.zeros(len(order), bool)
        top[order[place == 0]] = True
        at, need = self.pair_leaf, needed(value, rules, integral=layer.indicator.integral)
        rest = np.bincount(at, slack, leaves)[at] - slack - np.where(top, second[at], largest[at])
        safe = (rest >= need) & (np.bincount(at, shown, leaves)[at] > 2)  # noqa: PLR2004 - the party, the attacker, another
        for state in range(layer.states):
            unknown = self._hidden & (layer.seen_by >> state & 1 == 0)
            hidden = np.bincount(self._pair, layer.value * unknown, len(at))
            spare = np.bincount(self._pair, (layer.value - layer.low) * unknown, len(at))
            some = np.bincount(self._pair, unknown, len(at)) > 0
            need = needed(hidden, rules, integral=layer.indicator.integral)
            rest = np.bincount(at, spare, leaves)[at] - spare
            safe &= (hidden == 0) | ((rest >= need) & (np.bincount(at, some, leaves)[at] > 1))
        return (value != 0) & ~safe
