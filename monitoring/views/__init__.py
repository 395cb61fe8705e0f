"""Pages of `monitoring`."""
