"""What each attacker knows of each leaf: its own figures, those its Member State sees, or nothing but what is published."""

import numpy as np

from monitoring.disclosure.data import Parameters
from monitoring.disclosure.deadline import Deadline, SolverError
from monitoring.disclosure.layer import Layer, distinct
from monitoring.disclosure.rules import needed

MOST, BYTES = 10_000_000, 28
"""Attackers times leaves that are held in memory, and how many bytes each takes; who is behind which party takes one."""


class Knowledge:
    """What each attacker knows of each leaf. Attackers: an outsider, each group, each Member State, and pooled pairs."""

    def __init__(self, layer: Layer, rules: Parameters, deadline: Deadline) -> None:
        """Add up, for every attacker and leaf, the known sums, the least of the rest, and how many are unknown.

        Raises SolverError where that is too much, or the time is over.
        """
        self._layer = layer
        self._deadline = deadline
        hidden = ~layer.waived[layer.party]
        (self.pair_party, self.pair_leaf), self._pair = distinct(layer.party, layer.leaf)
        self._hidden = hidden
        groups = sorted({group for party in layer.members for group in party})
        number = {group: position for position, group in enumerate(groups)}
        attackers = (1 + len(groups)) * (1 + layer.states) if rules.pooled else 1 + len(groups) + layer.states
        if attackers * max(layer.incidence.shape[1], len(layer.members) // BYTES) > MOST:
            raise SolverError(f"{attackers} attackers times {layer.incidence.shape[1]} leaves are too many.")
        self._member = np.zeros((len(groups), len(layer.members)), bool)
        for party, members in enumerate(layer.members):
            self._member[[number[group] for group in members], party] = True
        nobody, no_state = -1, -1
        self._who = [(nobody, no_state)]
        self._who += [(group, no_state) for group in range(len(groups))]
        self._who += [(nobody, state) for state in range(layer.states)]
        if rules.pooled:
            self._who += [(group, state) for group in range(len(groups)) for state in range(layer.states)]
        self.states = np.array([state for _group, state in self._who])
        shape = (len(self._who), layer.incidence.shape[1])
        self.value, self.low, self.parties = np.empty(shape), np.empty(shape), np.empty(shape, np.int32)
        whole, least, count = self._known(hidden)
        self.value[:], self.low[:], self.parties[:] = whole, least, count
        self._set_groups()
        for attacker, (_group, state) in enumerate(self._who):
            if state >= 0:
                deadline.check()
                known = self._known(self._unknown(attacker))
                self.value[attacker], self.low[attacker], self.parties[attacker] = known

        self.floor = self.value + self.low
        self._set_differences()

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
            self._deadline.check()

    def _set_differences(self) -> None:
        """Note how low each leaf may be for who belongs to no group, per Member State and for none, and where others differ."""
        alone = [attacker for attacker, (group, _state) in enumerate(self._who) if group < 0]
        # The first of these knows no case, the others are the Member States, by number.
        self._base = np.where(self.parties[alone] > 0, self.floor[alone], np.inf)
        self._like = self.states + 1
        others: list[np.ndarray] = []
        for attacker, like in enumerate(self._like):
            self._deadline.check()
            floor = np.where(self.parties[attacker] > 0, self.floor[attacker], np.inf)
            at = np.flatnonzero(floor != self._base[like])
            others.append(np.stack([np.full(len(at), attacker), at, floor[at]]))
        other, at, self._lowest = np.concatenate(others, axis=1)
        self._other, self._at = other.astype(int), at.astype(int)

    def possible(self, moved: np.ndarray, after: np.ndarray) -> np.ndarray:
        """Return which attackers find it possible that these leaves come to so much, and all others stay."""
        short = np.zeros(self._base.shape, bool)
        short[:, moved] = after < self._base[:, moved]
        full = np.full(self._base.shape[1], np.inf)
        full[moved] = after
        like = short[self._like[self._other], self._at]
        faults = short.sum(axis=1)[self._like]
        return faults + np.bincount(self._other, 1.0 * (full[self._at] < self._lowest) - like, len(faults)) == 0

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
        # It depends on the attacker's Member State alone; the first row is of who has none.
        states = np.arange(-1, self._layer.states)[:, None]
        unknown = (states < 0) | (self._layer.seen_by[units] >> np.maximum(states, 0) & 1 == 0)
        spread = np.zeros((len(units), len(pairs)))
        spread[np.arange(len(units)), at] = 1
        value = (unknown * self._layer.value[units]) @ spread
        low = (unknown * self._layer.low[units]) @ spread
        row = self.states + 1
        return value[row], low[row], (unknown @ spread > 0)[row]

    def room(self, attackers: np.ndarray | list[int], total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return how far each leaf may fall and rise for all these attackers: not at all where one knows everything."""
        open_ = (self.parties[attackers] > 0).all(axis=0)
        fall = np.minimum(0, self.floor[attackers].max(axis=0) - total)
        return np.where(open_, fall, 0.0), np.where(open_, np.inf, 0.0)

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
