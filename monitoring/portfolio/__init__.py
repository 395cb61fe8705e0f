"""What all projects together have changed, and how the mechanism itself fares (M5, M7)."""
