"""Entering a proposal for its proponent, asking them to confirm it, and what they answer (P8)."""
