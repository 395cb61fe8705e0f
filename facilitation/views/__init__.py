"""Pages of `facilitation`, one file an idea."""
