"""Moves of the proposal's own life: proponent, partners, SEOM lead, inbox, participation, what ASEC enters, clock."""

from proposals.moves import files, inbox, on_behalf, participation, partners, proponent, support

__all__ = ["files", "inbox", "on_behalf", "participation", "partners", "proponent", "support"]
