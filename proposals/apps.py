"""The case: proposal, answers, participants, versions, support, the AIPBI inbox."""

from django.apps import AppConfig


class ProposalsConfig(AppConfig):
    """The case."""

    name = "proposals"
    verbose_name = "Proposals"

    def ready(self) -> None:
        """Register the tabs of the case page and what is looked after at every sweep."""
        from proposals import invariants, registers, tasks  # noqa: F401 - the models must be there first

        registers.register()
        invariants.register()
