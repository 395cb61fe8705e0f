"""The long forms of monitoring: the plan's, the report's."""
