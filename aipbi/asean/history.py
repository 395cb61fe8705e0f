"""Row history of reference data: who changed what an administrator may change, and when."""

from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(model: M) -> M:
    """Keep each insertion, change and deletion of the model's rows in a table of their own.

    Database triggers write it, so that `.update()` and plain SQL are caught too; rows of the
    history itself can be neither changed nor deleted.
    """
    events = pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent()
    return pghistory.track(*events, append_only=True)(model)
