"""Experts, appointments, assessments, clarifications, consolidated report, decision rounds."""

from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "review"
    verbose_name = "Review and decision"

    def ready(self) -> None:
        """Register tabs, readers, obligations and invariants."""
        from review import invariants, registers, tasks  # noqa: F401 - walks do jobs themselves
        from review.rounds import participants

        registers.register()
        participants.follow()
        invariants.register()
