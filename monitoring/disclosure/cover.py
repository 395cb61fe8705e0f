"""The cheapest cells that break every proof of disclosure: a set-covering programme over all cuts found so far."""

from dataclasses import dataclass, field

import highspy
import numpy as np

from monitoring.disclosure.attack import quiet
from monitoring.disclosure.deadline import Deadline, SolverError


@dataclass(slots=True)
class Cuts:
    """What every safe pattern must satisfy, as rows `sum(x[cells]) ≥ 1`, or `≥ x[when]`."""

    rows: dict[tuple[frozenset[int], int | None], None] = field(default_factory=dict)

    def add(self, cells: frozenset[int], when: int | None = None) -> None:
        """One of these cells must be suppressed (if `when` is)."""
        self.rows[cells, when] = None

    def cheapest(self, cost: np.ndarray, suppressed: np.ndarray, deadline: Deadline) -> np.ndarray:
        """Return the cheapest pattern (True: suppressed) with these cells in it. Raises SolverError, also out of time."""
        solver = quiet()
        solver.setOptionValue("presolve", "on")
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", 1e-9)
        count = len(cost)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = count, len(self.rows)
        model.col_cost_ = cost
        model.col_lower_ = suppressed.astype(float)
        model.col_upper_ = np.ones(count)
        model.integrality_ = [highspy.HighsVarType.kInteger] * count
        model.row_lower_ = np.array([float(when is None) for _cells, when in self.rows])
        model.row_upper_ = np.full(len(self.rows), np.inf)
        start, index, value = [0], [], []
        for cells, when in self.rows:
            index += sorted(cells)
            value += [1.0] * len(cells)
            if when is not None:
                index.append(when)
                value.append(-1.0)
            start.append(len(index))
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(start, np.int32)
        model.a_matrix_.index_ = np.array(index, np.int32)
        model.a_matrix_.value_ = np.array(value)
        solver.passModel(model)
        if (status := deadline.run(solver)) != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"The choice of cells ended with {status.name}.")
        return np.array(solver.getSolution().col_value) > 0.5  # noqa: PLR2004 - a rounded binary
