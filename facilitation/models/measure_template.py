"""Common measures as versioned texts, a start for a benefit that is then worded for its case (F3)."""

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from aipbi.asean.models import Agreement, Body, Category
from aipbi.asean.models.base import matches, slug


class MeasureTemplate(models.Model):
    """One version of the text of one common measure; a change is a new version, so that benefits keep theirs.

    `category`, `body` and `agreement` are codes: a text may outlive what it names.
    """

    # Text of the portal, and nothing of a case: its administrators keep it.
    administered: ClassVar[bool] = True

    code = models.CharField(_("code"), max_length=40, validators=[slug])
    number = models.PositiveSmallIntegerField(_("version"))
    title = models.CharField(_("title"), max_length=120)
    category = models.CharField(_("category of facilitation"), max_length=40)
    measure = models.TextField(
        _("measure"),
        max_length=4000,
        help_text=_("What stands in square brackets must be replaced before the benefit is proposed: [HS codes]."),
    )
    conditions = models.TextField(_("conditions"), max_length=4000, blank=True)
    body = models.CharField(_("responsible ASEAN body"), max_length=40, blank=True)
    agreement = models.CharField(_("agreement it rests on"), max_length=40, blank=True)
    retired = models.BooleanField(_("no longer offered"), default=False)
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)
    written_by = models.ForeignKey(
        Person, verbose_name=_("written by"), null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects: ClassVar[models.Manager["MeasureTemplate"]]

    class Meta:
        verbose_name = _("common measure")
        verbose_name_plural = _("common measures")
        ordering = ["category", "code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="measure_template_version_once"),
            matches("code", slug.regex.pattern, "measure_template_code_slug"),  # type: ignore[union-attr]
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def clean(self) -> None:
        """Raise ValidationError for a code that nothing carries."""
        super().clean()
        wrong = {}
        for name, known in (
            ("category", Category.objects.filter(code=self.category)),
            ("body", Body.objects.filter(acronym=self.body)),
            ("agreement", Agreement.objects.filter(code=self.agreement)),
        ):
            if (value := getattr(self, name)) and not known.exists():
                wrong[name] = ValidationError(_("There is no “%(value)s”."), params={"value": value})
        if wrong:
            raise ValidationError(wrong)
