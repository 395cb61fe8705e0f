"""The AIPBI Portal: the project package and the ground every app stands on."""

from aipbi.celery import app as celery_app

__all__ = ["celery_app"]
