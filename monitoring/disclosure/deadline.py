"""One span of time for all the work on a family of indicators: building its system, choice, safe side, proof."""

from collections.abc import Callable
from time import process_time

import highspy

Clock = Callable[[], float]
CHOICE, SAFE_SIDE = 0.7, 0.85
"""The share of the time after which the choice of cells, and then the safe side, must stand; the proof has the rest."""
AT_LEAST = 0.01
"""Seconds that the solver is given where less is left."""


class SolverError(RuntimeError):
    """The solver came to no answer."""


class OutOfTimeError(SolverError):
    """The time is over."""


class Deadline:
    """When the present stage must end. What costs time asks `check` before each step."""

    def __init__(self, seconds: float, clock: Clock = process_time) -> None:
        """Count `seconds` on `clock`, by itself the CPU time of the process, from now."""
        self._clock, self._begun, self._seconds = clock, clock(), seconds
        self.stage(1.0)

    def stage(self, share: float) -> None:
        """Let what comes now last until this share of the whole time is gone."""
        self._until = self._begun + share * self._seconds

    def check(self) -> float:
        """Return how many seconds are left, more than 0. Raises OutOfTimeError."""
        if (left := self._until - self._clock()) <= 0:
            raise OutOfTimeError("The time is over.")
        return left

    def run(self, solver: highspy.Highs, most: float = float("inf")) -> highspy.HighsModelStatus:
        """Let the solver work for what is left, or for `most` seconds, and return how it ended. Raises OutOfTimeError.

        The solver counts real time, so where others hold the machine it is asked to go on, once.
        """
        for _turn in range(2):
            left = self.check()
            solver.setOptionValue("time_limit", solver.getRunTime() + max(min(left, most), AT_LEAST))
            solver.run()
            status = solver.getModelStatus()
            if status != highspy.HighsModelStatus.kTimeLimit or most < left:
                return status
        raise OutOfTimeError("The time was over within one programme.")
