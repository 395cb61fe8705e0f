"""Moves of the proposal's own life: proponent, partners, SEOM lead, inbox, officer, participation, what ASEC enters, clock."""

from proposals.moves import files, inbox, joining, officer, on_behalf, participation, partners, proponent, support

__all__ = ["files", "inbox", "joining", "officer", "on_behalf", "participation", "partners", "proponent", "support"]
