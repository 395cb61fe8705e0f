"""Moves of the proposal's own life: proponent, partners, SEOM lead, inbox, participation, clock."""

from proposals.moves import files, inbox, participation, partners, proponent, support

__all__ = ["files", "inbox", "participation", "partners", "proponent", "support"]
