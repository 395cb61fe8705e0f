"""Handing work to the worker after commit, without failing when the broker is away."""

import logging
from typing import Any

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def send(task: str, *args: Any) -> None:
    """Send a task by name. The work is a row already: when the broker is away the sweep finds it."""
    try:
        current_app.send_task(task, args=args)
    except (OperationalError, RedisError, OSError) as fault:
        log.warning("The queue did not take %s (%s); the sweep will find its work.", task, fault)
