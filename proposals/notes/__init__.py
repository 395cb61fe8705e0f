"""Internal notes on a case: the Secretariat's own, and nobody else's (R7)."""
