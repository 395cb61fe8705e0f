"""Moves of the proposal's own life: proponent, SEOM lead, inbox, participation, clock."""

from proposals.moves import inbox, participation, proponent, support

__all__ = ["inbox", "participation", "proponent", "support"]
