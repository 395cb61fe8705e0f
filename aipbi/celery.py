"""The worker's application; its settings are the `CELERY_*` lines of `settings.py`."""

import os

from celery import Celery

import aipbi.heartbeat  # noqa: F401 - the worker's sign of life

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aipbi.settings")

app = Celery("aipbi")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
