"""Why what the proponent asked for is not given: the Framework asks for reasons, rank by rank (F3)."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Office, Person
from proposals.models import Proposal


class NotGiven(models.Model):
    """The reason for one ranked request that no benefit answers; written once, the newest stands."""

    append_only: ClassVar[bool] = True

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="not_given")
    rank = models.PositiveSmallIntegerField(_("rank of the request"))
    reason = models.TextField(_("reason"))
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects: ClassVar[models.Manager["NotGiven"]]

    class Meta:
        verbose_name = _("reason for what is not given")
        verbose_name_plural = _("reasons for what is not given")
        ordering = ["proposal", "rank", "pk"]

    def __str__(self) -> str:
        return f"{self.rank}. {self.reason[:80]}"
