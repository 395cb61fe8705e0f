"""Researchers: application, agreement, a checked extract for a time, and a log of who took what (M8)."""
