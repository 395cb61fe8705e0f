"""Which cells give a group away by themselves: threshold, p%, coalition, dominance, small counts (M5).

Groups that waived protection count as public knowledge: they need no protection and give none to others.
"""

from enum import StrEnum

import numpy as np

from monitoring.disclosure.data import Parameters
from monitoring.disclosure.layer import Layer


class Reason(StrEnum):
    """Why a cell is suppressed."""

    THRESHOLD = "threshold"
    COUNT = "count"
    P_PERCENT = "p_percent"
    COALITION = "coalition"
    DOMINANCE = "dominance"
    DIFFERENCING = "differencing"
    RATIO = "ratio"
    COMPLEMENTARY = "complementary"
    FALLBACK = "fallback"


def failing(layer: Layer, leaves: np.ndarray, rules: Parameters) -> Reason | None:
    """Return the first rule that the sum of these leaves (a boolean mask) breaks."""
    units = np.flatnonzero(leaves[layer.leaf] & ~layer.waived[layer.party])
    if not len(units):
        return None
    party, value = layer.party[units], layer.value[units]
    slack = value - layer.low[units]

    def known_to(state: int) -> bool:
        """Whether a Member State, which knows its cases, comes too close to the rest."""
        hidden = layer.seen_by[units] >> state & 1 == 0
        return not hidden.all() and _too_close(
            layer, party[hidden], value[hidden], slack[hidden], rules, pooled=rules.pooled
        )

    def dominated() -> bool:
        sizes = np.sort(np.bincount(party, np.abs(value)))[::-1]
        return bool(sizes[: rules.dominance_n].sum() > rules.dominance_k / 100 * sizes.sum())

    broken = {
        Reason.THRESHOLD: lambda: contributors(layer, party) < rules.min_contributors,
        Reason.COUNT: lambda: layer.indicator.integral and 0 < value.sum() < rules.min_contributors,
        Reason.P_PERCENT: lambda: _too_close(layer, party, value, slack, rules, pooled=True),
        Reason.COALITION: lambda: any(known_to(state) for state in range(layer.states)),
        Reason.DOMINANCE: dominated,
    }
    return next((reason for reason, breaks in broken.items() if breaks()), None)


def few(layer: Layer, row: int, rules: Parameters) -> Reason | None:
    """Return the threshold where too few groups report to a row of a distinct count themselves."""
    if layer.reporting is None:
        return None
    return Reason.THRESHOLD if 0 < len(layer.reporting[row]) < rules.min_contributors else None


def contributors(layer: Layer, party: np.ndarray) -> int:
    """Return how many groups stand behind these parties, without those that waived."""
    return len(groups(layer, party))


def groups(layer: Layer, party: np.ndarray) -> frozenset[str]:
    """Return the groups behind these parties."""
    return frozenset(group for one in np.flatnonzero(np.bincount(party)) for group in layer.members[one])


def needed(value: np.ndarray, rules: Parameters, *, integral: bool) -> np.ndarray:
    """Return how far an estimate of figures must be able to miss: p percent, at least one where figures are whole."""
    far = rules.p_percent / 100 * np.abs(value)
    return np.where(value == 0, 0.0, np.maximum(1.0, np.ceil(far - 1e-9))) if integral else far


def _too_close(
    layer: Layer, party: np.ndarray, value: np.ndarray, slack: np.ndarray, rules: Parameters, *, pooled: bool
) -> bool:
    """Whether who knows the rest, and with `pooled` its own figure too, comes too close to the largest figures."""
    values, slacks = np.bincount(party, value), np.bincount(party, slack)
    present = np.flatnonzero(np.bincount(party))
    if not len(present):
        return False
    slacks = slacks[present]
    rest = slacks.sum() - slacks
    if pooled:
        top = int(slacks.argmax())
        second = float(np.delete(slacks, top).max(initial=0))
        largest = np.full(len(slacks), slacks[top])
        largest[top] = second
        rest = rest - largest
    need = needed(values[present], rules, integral=layer.indicator.integral)
    return bool((rest < need * (1 - 1e-9)).any())


def protection(layer: Layer, leaves: np.ndarray, rules: Parameters) -> float:
    """Return how far an outsider's estimate of a sensitive sum must miss on both sides: what its largest group needs."""
    units = np.flatnonzero(leaves[layer.leaf] & ~layer.waived[layer.party])
    if not len(units):
        return 0.0
    largest = np.abs(np.bincount(layer.party[units], layer.value[units])).max(keepdims=True)
    return float(needed(largest, rules, integral=layer.indicator.integral)[0])
