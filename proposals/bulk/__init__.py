"""One action on many cases: prepared, shown as a dry run, then carried out case by case (R7)."""
