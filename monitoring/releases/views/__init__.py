"""Pages of releases: the public ones, and those of who prepares and approves them."""
