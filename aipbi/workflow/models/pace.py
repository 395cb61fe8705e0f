"""How soon a person wants to be told, by what it is about (N3)."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person


class Pace(models.TextChoices):
    """When a notice's e-mail goes."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("In a daily digest")
    WEEKLY = "weekly", _("In a weekly digest")


class PaceChoice(models.Model):
    """What a person chose for one topic; no row means at once."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="paces")
    topic = models.CharField(max_length=16)
    pace = models.CharField(max_length=8, choices=Pace)

    objects: ClassVar[models.Manager["PaceChoice"]]

    class Meta:
        verbose_name = _("choice of notices")
        verbose_name_plural = _("choices of notices")
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="pace_once"),
            models.CheckConstraint(condition=Q(pace__in=Pace.values), name="pace_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.topic} {self.pace}"


class DigestTime(models.Model):
    """At which hour of the person's own day, and on which day of the week, digests go; no row means the defaults."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="digest_time")
    hour = models.PositiveSmallIntegerField(validators=[MaxValueValidator(23)])
    weekday = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)])
    """1 is Monday."""

    objects: ClassVar[models.Manager["DigestTime"]]

    class Meta:
        verbose_name = _("time of digests")
        verbose_name_plural = _("times of digests")
        constraints = [
            models.CheckConstraint(condition=Q(hour__range=(0, 23)), name="digest_hour_range"),
            models.CheckConstraint(condition=Q(weekday__range=(1, 7)), name="digest_weekday_range"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.weekday} {self.hour}:00"
