"""Moves of the proposal's own life: proponent, SEOM lead, inbox, participation, clock."""

from proposals.moves import files, inbox, participation, proponent, support

__all__ = ["files", "inbox", "participation", "proponent", "support"]
