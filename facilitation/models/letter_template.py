"""The text of letters, as versioned data that ASEC edits (F4)."""

from itertools import islice
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.models import Person
from facilitation.enums import BENEFITS, Purpose
from facilitation.letters import text

BLOCKS = ("subject", "opening", "reporting", "standing", "closing")
# Signs that a block holds, beyond any letter; and faults that are told of it at once.
LONGEST, FAULTS_TOLD = 20_000, 20


class LetterText(models.Model):
    """The parts of a letter that are words; the schedule stands between the opening and the rest."""

    purpose = models.CharField(_("kind of letter"), max_length=16, choices=Purpose)
    subject = models.CharField(_("subject"), max_length=300)
    opening = models.TextField(
        _("opening"), max_length=LONGEST, help_text=_("From the salutation to what comes before the schedule.")
    )
    reporting = models.TextField(
        _("reporting duty"),
        max_length=LONGEST,
        blank=True,
        help_text=_("What the proponent reports, in a letter that gives benefits."),
    )
    standing = models.TextField(
        _("standing of the letter"),
        max_length=LONGEST,
        blank=True,
        help_text=_(
            "That the facilitation is non-binding, on a best-endeavour basis, and leaves each Member State's autonomy whole."
        ),
    )
    closing = models.TextField(_("closing"), max_length=LONGEST, help_text=_("Whom to ask, and the greeting."))

    class Meta:
        abstract = True

    def faults(self) -> dict[str, list[str]]:
        """Return, by block, what is wrong with its text, in words."""
        found = {
            block: list(islice(text.faults(getattr(self, block), self.purpose, line=block == "subject"), FAULTS_TOLD))
            for block in BLOCKS
        }
        if self.purpose in BENEFITS:
            for block in ("reporting", "standing"):
                if not getattr(self, block).strip():
                    found[block].append(str(_("A benefit letter needs this part.")))
        return {block: words for block, words in found.items() if words}

    def clean(self) -> None:
        """Hold placeholders to the ones this kind of letter knows (F4)."""
        super().clean()
        if self.purpose and (faults := self.faults()):
            raise ValidationError(faults)


class LetterTemplate(LetterText):
    """One version of the text of one kind of letter; a change is a new version, so that letters keep theirs."""

    # The administration shows it: it is reference data, no case's content.
    administered: ClassVar[bool] = True

    number = models.PositiveSmallIntegerField(_("version"), editable=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    written_by = models.ForeignKey(Person, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[models.Manager["LetterTemplate"]]

    class Meta:
        verbose_name = _("letter template")
        verbose_name_plural = _("letter templates")
        ordering = ["purpose", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["purpose", "number"], name="letter_template_version_once"),
            models.CheckConstraint(condition=Q(purpose__in=Purpose.values), name="letter_template_purpose_known"),
            models.CheckConstraint(
                condition=~Q(purpose__in=sorted(BENEFITS)) | ~Q(reporting="") & ~Q(standing=""),
                name="letter_template_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}, {_('version')} {self.number}"
