"""The exact audit: nobody can tell a group's figure, or a sensitive cell, more closely than asked.

For every figure of every group and every attacker who doesn't know it, two *questions* must be answered with a
world that agrees with all that is published and with what the attacker knows: one in which the figure is larger
by what is asked, and one in which it is smaller. Inside a leaf any contributor may stand for any other, so a
world is given by the leaves' totals alone, and the question is a linear programme over them. One world is looked
for that answers all questions about a company at once; what that leaves open is asked one by one, and a world
found for one attacker is tried on all others before the solver is asked again.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from monitoring.disclosure.attack import FAR, TINY, Attack, Least, reach
from monitoring.disclosure.data import Parameters
from monitoring.disclosure.deadline import Deadline, OutOfTimeError, SolverError
from monitoring.disclosure.knowledge import Knowledge
from monitoring.disclosure.layer import Layer
from monitoring.disclosure.rules import needed

NEARLY = 1 - 1e-6
"""Parts per million are left to the solver's arithmetic."""
NOBODY = -1
SLOW = 0.9
"""Another world for many questions is looked for as long as each leaves at most this share of them."""


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
    party: int = NOBODY
    """Whose figure it is; nobody's where it is asked about a sensitive sum."""
    worlds: "list[_World]" = field(default_factory=list)
    """Those that answered before."""


class Audit:
    """All questions about one layer, and the programme that answers them under a pattern of published rows."""

    def __init__(
        self,
        layer: Layer,
        rules: Parameters,
        sensitive: dict[int, tuple[float, float]],
        deadline: Deadline,
        *,
        figures: bool,
    ) -> None:
        """Ask about the sensitive rows (with what they need below and above) and, with `figures`, each group's figures.

        This and every answer raise SolverError, also where the time is over.
        """
        self.layer = layer
        self.attack = Attack(layer.incidence, deadline)
        self.least = Least(layer.incidence, deadline)
        self._deadline = deadline
        self._total = layer.totals
        self._rows = np.zeros(len(layer.places), bool)
        self._shared: dict[tuple[int, int, int], list[_World]] = {}
        self._knowledge = Knowledge(layer, rules, deadline)
        self.questions = list(self._about_cells(sensitive))
        self.figures = 0
        if figures:
            self.questions += self._about_figures(rules)
        self._of: dict[tuple[int, int], list[Question]] = {}
        for question in self.questions:
            self._of.setdefault((question.party, question.sign), []).append(question)

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
                self._deadline.check()
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
                yield Question(sign, leaves, weight[failing], failing, short[failing], unit[failing], party)

    # --- How it is answered ---

    def publish(self, rows: np.ndarray) -> None:
        """Take these rows (a boolean mask) as published."""
        self._published = self.layer.incidence[rows].astype(float)
        self.attack.publish(rows)
        self.least.publish(rows)
        if (rows & ~self._rows).any():
            # Worlds that agree with more than is published now agree with this, too.
            self._shared = {}
        self._rows = rows.copy()

    def disclosed(self, question: Question) -> np.ndarray | None:
        """Return None where every attacker can be wrong enough, else the rows that tell one of them (a mask)."""
        self._deadline.check()
        left = np.arange(len(question.attackers))
        if question.party != NOBODY:
            left = self._without_answered(question, left)
        for world in question.worlds:
            self._deadline.check()
            if len(left) and not np.abs(self._published @ world.change).max(initial=0) > world.largest * 1e-9:
                left = left[~world.answers(question)[left]]
        if len(left) > 1 and (common := self._for_all(question, left)) is not None:
            question.worlds.append(self._world(common))
            left = left[~question.worlds[-1].answers(question)[left]]
        while len(left):
            found = self._ask(question, int(left[0]))
            if isinstance(found, _Shut):
                return found.rows
            question.worlds.append(self._world(found))
            left = left[1:][~question.worlds[-1].answers(question)[left[1:]]]
        return None

    def _without_answered(self, question: Question, left: np.ndarray) -> np.ndarray:
        """Leave out whom the worlds answer that are looked for once for all questions about a party."""
        states = self._knowledge.states[question.attackers]
        for state in np.unique(states):
            key = question.party, question.sign, int(state)
            if key not in self._shared:
                self._shared[key] = list(self._for_party(*key))
            for world in self._shared[key]:
                left = left[~world.answers(question)[left]]
        return left

    def _for_party(self, party: int, sign: int, state: int) -> "Iterator[_World]":
        """Look for worlds that leave as many figures of a party open as they can, to all attackers of one Member State or of none."""
        know = self._knowledge
        others = know.outside(party) & (know.states == state)
        lowest, highest = know.room(others, self._total)
        left = self._of[party, sign]
        while left:
            world = self._moved(_needs(left, len(self._total)) * (highest > 0), sign, lowest, highest)
            if world is None:
                return
            still = [one for one in left if not world.answers(one)[know.states[one.attackers] == state].all()]
            if len(still) > len(left) * SLOW:
                return
            yield world
            left = still

    def _moved(self, needs: np.ndarray, sign: int, lowest: np.ndarray, highest: np.ndarray) -> "_World | None":
        """Return a world in which as many leaves as can be move by what each needs, each no farther; None where the arithmetic fails."""
        some = needs > 0
        if not some.any():
            return None
        unit = 1.0 if self.layer.indicator.integral else float(np.median(needs[some]))
        weight = np.zeros(len(needs))
        weight[some] = sign * unit / needs[some]
        lowest, highest = lowest / unit, highest.copy()
        if sign > 0:
            highest[some] = np.minimum(highest, needs / unit)[some]
        else:
            lowest[some] = np.maximum(lowest, -needs / unit)[some]
        if self.layer.indicator.integral:
            lowest, highest = np.ceil(lowest - TINY), np.ceil(highest - TINY)
        try:
            _gained, change, _rows = self.attack.furthest(weight, lowest, highest, reach(needs.max()))
        except OutOfTimeError:
            raise
        except SolverError:
            return None
        change = np.round(change) if self.layer.indicator.integral else change * unit
        world = self._world(change)
        spare = 0.0 if self.layer.indicator.integral else world.largest * 1e-9
        return None if np.abs(self._published @ change).max(initial=0) > spare else world

    def _for_all(self, question: Question, left: np.ndarray) -> np.ndarray | None:
        """Look for one world that answers all attackers who are left: within what each of them finds possible."""
        know, attackers = self._knowledge, question.attackers[left]
        weight = np.zeros(len(self._total))
        weight[question.leaves[question.weight[left].all(axis=0)]] = question.sign
        if not weight.any():
            return None
        room = know.room(attackers, self._total)
        return self._least(weight, question.short[left].max(), question.unit[left].max(), *room)

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
        lowest, highest = self._knowledge.room([attacker], self._total)
        world = self._least(weight, question.short[which], unit, lowest, highest)
        if world is not None and weight @ world >= question.short[which] * NEARLY:
            return world
        if self.layer.indicator.integral:
            return self._ask_whole(weight, goal, np.ceil(lowest - TINY), highest)
        gained, world, rows = self.attack.furthest(weight, lowest / unit, highest)
        if gained < goal * NEARLY:
            return _Shut(rows)
        # No larger a change than is asked for, so that it serves other attackers, too.
        return world * unit * min(1.0, goal / gained)

    def _ask_whole(
        self, weight: np.ndarray, goal: float, lowest: np.ndarray, highest: np.ndarray
    ) -> "np.ndarray | _Shut":
        """Find a world of whole figures: nearly always a corner of the programme, else by branching."""
        for bound in (goal, reach(goal)):
            bounds = np.maximum(lowest, -bound), np.minimum(highest, bound)
            gained, world, rows = self.attack.furthest(weight, *bounds, bound)
            world = np.round(world)
            exact = not (self._published @ world).any() and (bounds[0] <= world).all() and (world <= bounds[1]).all()
            if exact and weight @ world >= goal * NEARLY:
                return world
        if gained < goal * NEARLY:
            return _Shut(rows)
        found = self.attack.whole(weight, np.maximum(lowest, -4 * goal), np.minimum(highest, 4 * goal), goal)
        every = np.ones(len(rows), bool)
        return found if found is not None and weight @ found >= goal * NEARLY else _Shut(every)

    def _world(self, change: np.ndarray) -> "_World":
        """Return a change of the leaves with which attackers find it possible."""
        largest = np.abs(change).max(initial=0)
        moved = np.flatnonzero(np.abs(change) > largest * 1e-12)
        after = self._total[moved] + change[moved] + largest * 1e-9
        return _World(change, float(largest), self._knowledge.possible(moved, after))

    def interval(self, row: int) -> tuple[float, float]:
        """Return the least and the most that an outsider can take a row for; infinite where nothing bounds it."""
        weight = self.layer.incidence[row].astype(float)
        value = float(weight @ self._total)
        unit = max(abs(value), self._total.max(initial=0) * 1e-3, 1e-9)
        lowest, highest = self._knowledge.room([0], self._total)
        down, _world, _rows = self.attack.furthest(-weight, lowest / unit, highest)
        up, _world, _rows = self.attack.furthest(weight, lowest / unit, highest)
        far = FAR * NEARLY
        return (-np.inf if down >= far else value - down * unit, np.inf if up >= far else value + up * unit)


@dataclass(slots=True)
class _World:
    """A change of the leaves that leaves what is published as it is, and which attackers find it possible."""

    change: np.ndarray
    largest: float
    possible: np.ndarray
    """Per attacker."""

    def answers(self, question: Question) -> np.ndarray:
        """Return for which of the question's attackers it is possible, and moves the sum as far as is asked."""
        gained = question.sign * (question.weight @ self.change[question.leaves])
        return self.possible[question.attackers] & (gained >= question.short * NEARLY)


def _needs(questions: list[Question], leaves: int) -> np.ndarray:
    """Return how far each leaf has to move for all questions about one party to be answered."""
    needs = np.zeros(leaves)
    for question in sorted(questions, key=lambda one: len(one.leaves)):
        # A sum that its parts do not move far enough together is moved by raising what each is moved.
        lacking = question.short.max() / NEARLY - needs[question.leaves].sum()
        if lacking > 0:
            needs[question.leaves] += lacking / len(question.leaves)
    return needs


@dataclass(slots=True)
class _Shut:
    """No world is far enough; `rows` are those whose publication stands in the way."""

    rows: np.ndarray
