"""Releases of the aggregate report (M5-M7): prepared, looked through, approved, told to all."""
