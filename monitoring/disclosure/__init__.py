"""Disclosure control: which cells of a release may be told, so that no company can be (M5).

A pure library: figures in, release out; it knows nothing of the portal. The mathematics and the command line
are in `docs/disclosure-control.md`.
"""

from monitoring.disclosure.data import (
    INSIDE,
    ONE_WAY,
    PUBLIC,
    Contribution,
    Contributions,
    Dimension,
    Earlier,
    Indicator,
    InputError,
    Kind,
    Parameters,
    Table,
    Waiver,
    waived,
)
from monitoring.disclosure.outcome import SIGNS, Cell, Kept, Outcome, Proof, Status, kept
from monitoring.disclosure.protect import protect, suppress
from monitoring.disclosure.rules import Reason

__all__ = [
    "INSIDE",
    "ONE_WAY",
    "PUBLIC",
    "SIGNS",
    "Cell",
    "Contribution",
    "Contributions",
    "Dimension",
    "Earlier",
    "Indicator",
    "InputError",
    "Kept",
    "Kind",
    "Outcome",
    "Parameters",
    "Proof",
    "Reason",
    "Status",
    "Table",
    "Waiver",
    "kept",
    "protect",
    "suppress",
    "waived",
]
