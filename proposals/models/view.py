"""Saved views of the case list: one's own, and those shared with one's office (R7)."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    """Views by whose they are."""

    def visible_to(self, viewer: Capacity) -> "SavedViewQuerySet":
        """Keep one's own in the capacity in use, and those that the same office or organisation shares."""
        return self.filter(Q(person=viewer.person) | Q(shared=True), held_as=viewer.key)

    def of(self, viewer: Capacity) -> "SavedViewQuerySet":
        """Keep those that the person saved in the capacity in use, and may change."""
        return self.filter(person=viewer.person, held_as=viewer.key)


def may_share(viewer: Capacity) -> bool:
    """Whether there are colleagues to share with: experts hold one office and don't know of one another (R4)."""
    return viewer.role != Role.EXPERT


class SavedView(models.Model):
    """A list under a name: `query` is what its address asks for. It shows each reader what that one may see."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    held_as = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(_("shared"), default=False)
    saved_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[SavedViewQuerySet] = SavedViewQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "held_as", "name"],
                name="view_named_once",
                violation_error_message=_("You have a view of this name already."),
            ),
        ]
        indexes = [models.Index(fields=["held_as", "name"], name="view_of_office")]

    def __str__(self) -> str:
        return self.name


class DefaultView(models.Model):
    """The view with which somebody's list opens, in one capacity."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    held_as = models.CharField(max_length=40)
    view = models.ForeignKey(SavedView, on_delete=models.CASCADE, related_name="defaults")

    objects: ClassVar[models.Manager["DefaultView"]]

    class Meta:
        verbose_name = _("default view")
        verbose_name_plural = _("default views")
        constraints = [models.UniqueConstraint(fields=["person", "held_as"], name="view_one_default")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.held_as}"
