"""What a measurement writes and nobody keeps."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def undone() -> Iterator[None]:
    """Take back everything that is written until the block ends."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
