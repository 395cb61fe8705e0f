"""The state tables as rows, so that a database trigger can hold plain SQL to them."""

from typing import ClassVar

from django.db import models


class Edge(models.Model):
    """`move` takes a row of table `subject` from `source` to `target`; an empty source is a new row.

    Written from the models' transitions after each migration, by the owner; the portal only reads it.
    """

    subject = models.CharField(max_length=63)
    move = models.CharField(max_length=40)
    source = models.CharField(max_length=32, blank=True)
    target = models.CharField(max_length=32)

    objects: ClassVar[models.Manager["Edge"]]

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "move", "source", "target"], name="edge_once")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.source} –{self.move}→ {self.target}"
