"""What a project changed: its plan, its reports, its progress."""

from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "monitoring"
    verbose_name = "Monitoring"

    def ready(self) -> None:
        """Register the tab, what follows from the letter, and the named invariants."""
        from monitoring import invariants, registers
        from monitoring.releases import work  # noqa: F401 - registers its jobs
        from monitoring.research import work as research  # noqa: F401 - as above

        registers.register()
        invariants.register()
