"""Addresses that notices and moves lead to."""

from django.urls import reverse

from aipbi.workflow.models import Subject


def move_page(subject: Subject, move: str) -> str:
    """Return the address of a move's page."""
    code = subject.proposal.case.code  # type: ignore[attr-defined]
    return reverse("move", args=[code, subject.kind, subject.pk, move])
