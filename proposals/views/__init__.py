"""Pages of `proposals`, one file an idea."""
