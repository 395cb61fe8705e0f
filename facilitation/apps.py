"""From barrier to benefit to letter: challenges, requests to sectoral bodies, benefits, letters."""

from django.apps import AppConfig


class FacilitationConfig(AppConfig):
    name = "facilitation"
    verbose_name = "Facilitation"

    def ready(self) -> None:
        """Register tabs, readers of files, invariants and the worker's job."""
        from facilitation import invariants, registers, tasks  # noqa: F401 - `tasks` registers its handler

        registers.register()
        invariants.register()
