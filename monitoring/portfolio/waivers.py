"""Which corporate groups have waived the protection of their own figures (M5)."""


def in_force() -> frozenset[str]:
    """Return their heads as `figures.parents` names them."""
    return frozenset()
