"""The attacker's linear programme: how far can a sum move while everything that is published stays as it is?

Unknowns are changes of the leaves' totals, in units of what is being looked for, so that small figures are not
lost in the solver's tolerance beside large ones.
"""

import os
import sys
from functools import cache

import highspy
import numpy as np

from monitoring.disclosure.deadline import Deadline, OutOfTimeError, SolverError

FAR = 1e6
"""A change this many times what is asked for counts as unbounded; attackers may think of no larger ones."""
TINY = 1e-7
BRANCHING = 0.5
"""Seconds for which whole figures are sought by branching."""
TRIES, MOST_PARTS = 4, 13
"""How often a world of whole figures is sought by programmes, and the largest denominator that is looked for."""


_ANSWERED = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kObjectiveTarget}


def reach(goal: float) -> float:
    """Return how large a change is thought of where a sum must move by `goal`: whole figures are not divided by it."""
    return max(FAR, goal * 1e3)


class Least:
    """The least change that moves a weighted sum as far as asked: few leaves, so that it serves many attackers.

    Rises and falls are columns of their own, so that what needs not change stays as it is. It finds worlds and
    proves nothing where it finds none: that is for `Attack.furthest`.
    """

    def __init__(self, incidence: np.ndarray, deadline: Deadline) -> None:
        """Build the programme; no row is published yet, nothing is asked."""
        self._deadline = deadline
        self._rows, self._leaves = incidence.shape
        self._solver = quiet()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = 2 * self._leaves, self._rows + 1
        model.col_cost_ = np.ones(2 * self._leaves)
        model.col_lower_ = np.zeros(2 * self._leaves)
        model.col_upper_ = np.full(2 * self._leaves, FAR)
        model.row_lower_ = np.full(self._rows + 1, -np.inf)
        model.row_upper_ = np.full(self._rows + 1, np.inf)
        per_leaf = incidence.sum(axis=0)
        rows = np.nonzero(incidence.T)[1].astype(np.int32)
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(np.r_[per_leaf, per_leaf])]).astype(np.int32)
        model.a_matrix_.index_ = np.r_[rows, rows]
        model.a_matrix_.value_ = np.r_[np.ones(len(rows)), -np.ones(len(rows))]
        self._solver.passModel(model)
        self._columns = np.arange(2 * self._leaves, dtype=np.int32)
        self._published = np.zeros(self._rows, bool)
        self._asked = np.zeros(self._leaves)
        self.solved = 0

    def publish(self, rows: np.ndarray) -> None:
        """Hold exactly these rows (a boolean mask) to their values."""
        for row in np.flatnonzero(rows != self._published):
            far = 0.0 if rows[row] else np.inf
            self._solver.changeRowBounds(int(row), -far, far)
        self._published = rows.copy()

    def change(self, weight: np.ndarray, lowest: np.ndarray, highest: np.ndarray, goal: float) -> np.ndarray | None:
        """Return changes between `lowest` ≤ 0 and `highest` ≥ 0 whose weighted sum is `goal`, or None.

        Raises OutOfTimeError.
        """
        solver, most = self._solver, goal * 1e3
        for leaf in np.flatnonzero(weight != self._asked):
            solver.changeCoeff(self._rows, int(leaf), float(weight[leaf]))
            solver.changeCoeff(self._rows, int(leaf) + self._leaves, -float(weight[leaf]))
        self._asked = weight.copy()
        solver.changeRowBounds(self._rows, goal, np.inf)
        upper = np.minimum(np.r_[highest, -lowest], most)
        solver.changeColsBounds(2 * self._leaves, self._columns, np.zeros(2 * self._leaves), upper)
        self.solved += 1
        if self._deadline.run(solver) != highspy.HighsModelStatus.kOptimal:
            return None
        found = np.array(solver.getSolution().col_value)
        return found[: self._leaves] - found[self._leaves :]

    def whole(self, weight: np.ndarray, lowest: np.ndarray, highest: np.ndarray, goal: float) -> np.ndarray | None:
        """Return whole changes, or None where a few programmes find none; all bounds are whole.

        A corner of the programme is a fraction with a small denominator: the programme with all bounds divided by
        it has corners that are whole once multiplied.
        """
        by = 1
        for _try in range(TRIES):
            change = self.change(weight, np.ceil(lowest / by), np.floor(highest / by), np.ceil(goal / by))
            if change is None:
                return None
            world = change * by
            rounded = np.round(world)
            if np.abs(world - rounded).max(initial=0) < TINY * max(1.0, goal):
                return rounded
            parts = [times for times in range(2, MOST_PARTS) if _is_whole(change * times, TINY * times)]
            by *= parts[0] if parts else 2
        return None


def _is_whole(change: np.ndarray, within: float) -> bool:
    return bool(np.abs(change - np.round(change)).max(initial=0) < within * max(1.0, np.abs(change).max(initial=0)))


class Attack:
    """One layer's leaves under its published rows, kept warm between questions."""

    def __init__(self, incidence: np.ndarray, deadline: Deadline) -> None:
        """Build the programme; no row is published yet."""
        self._deadline = deadline
        self._rows, self._leaves = incidence.shape
        self._solver = quiet()
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = self._leaves, self._rows
        model.col_cost_ = np.zeros(self._leaves)
        model.col_lower_ = np.full(self._leaves, -FAR)
        model.col_upper_ = np.full(self._leaves, FAR)
        model.row_lower_ = np.full(self._rows, -np.inf)
        model.row_upper_ = np.full(self._rows, np.inf)
        counts = incidence.sum(axis=1)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
        model.a_matrix_.index_ = np.nonzero(incidence)[1].astype(np.int32)
        model.a_matrix_.value_ = np.ones(int(counts.sum()))
        self._solver.passModel(model)
        self._all_leaves = np.arange(self._leaves, dtype=np.int32)
        self._published = np.zeros(self._rows, bool)
        self.solved = 0

    def publish(self, rows: np.ndarray) -> None:
        """Hold exactly these rows (a boolean mask) to their values."""
        changed = np.flatnonzero(rows != self._published).astype(np.int32)
        for row in changed:
            far = 0.0 if rows[row] else np.inf
            self._solver.changeRowBounds(int(row), -far, far)
        self._published = rows.copy()

    def furthest(
        self,
        weight: np.ndarray,
        lowest: np.ndarray,
        highest: np.ndarray,
        far: float = FAR,
        *,
        most: float = float("inf"),
    ) -> tuple[float, np.ndarray, np.ndarray]:
        """Return the largest change of a weighted sum, the changes that make it, and which rows stand in the way.

        Changes of the leaves are kept between `lowest` ≤ 0 and `highest` ≥ 0, and none is larger than `far`.
        The solver works for at most so many seconds. Raises SolverError, also out of time.
        """
        solver = self._solver
        solver.changeColsBounds(self._leaves, self._all_leaves, np.maximum(lowest, -far), np.minimum(highest, far))
        solver.changeColsCost(self._leaves, self._all_leaves, -weight)
        self.solved += 1
        status = self._deadline.run(solver, most)
        if status == highspy.HighsModelStatus.kUnknown:
            # Where it stood at the last question led it astray.
            solver.clearSolver()
            status = self._deadline.run(solver, most)
        if status not in _ANSWERED:
            raise SolverError(f"The linear programme ended with {status.name}.")
        solution = solver.getSolution()
        change = np.array(solution.col_value)
        return float(weight @ change), change, np.abs(np.array(solution.row_dual)) > TINY

    def whole(self, weight: np.ndarray, lowest: np.ndarray, highest: np.ndarray, goal: float) -> np.ndarray | None:
        """Return whole changes that move a weighted sum as far as `goal`, or None where half a second is too short.

        Raises OutOfTimeError.
        """
        solver = self._solver
        self._set_kind(highspy.HighsVarType.kInteger)
        solver.setOptionValue("objective_target", -goal)
        try:
            return np.round(self.furthest(weight, lowest, highest, reach(goal), most=BRANCHING)[1])
        except OutOfTimeError:
            raise
        except SolverError:
            return None
        finally:
            solver.setOptionValue("objective_target", -np.inf)
            self._set_kind(highspy.HighsVarType.kContinuous)

    def _set_kind(self, kind: highspy.HighsVarType) -> None:
        kinds = np.array([int(kind)] * self._leaves, np.uint8)
        self._solver.changeColsIntegrality(self._leaves, self._all_leaves, kinds)


def quiet() -> highspy.Highs:
    """Return a solver that prints nothing and takes one core."""
    greet_nobody()
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")
    return solver


@cache
def greet_nobody() -> None:
    """Let the solver print its licence, which it does once in a process, anywhere but into what the process writes."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        highspy.Highs()
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
