"""The list of cases (R7): columns one chooses, order, saved views, the way through it, and its file."""
