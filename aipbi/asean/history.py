"""Row history of reference data: who changed what an administrator may change, and when."""

from typing import TypeVar

import pghistory
from django.db import models

M = TypeVar("M", bound=type[models.Model])


def tracked(model: M) -> M:
    """Keep each insertion, change and deletion of the model's rows in a table of their own.

    Database triggers write it, so that `.update()` and plain SQL are caught too. That rows of a
    history can be neither changed nor deleted is put in place for all of them after migrating.
    """
    return pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())(model)
