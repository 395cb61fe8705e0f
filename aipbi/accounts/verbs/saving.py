"""Saving a dated row so that the database's refusal reaches the form in words."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _


def save(row: models.Model) -> None:
    """Check and save the row; raise ValidationError where a rule, or somebody quicker, stands against it."""
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as fault:
        raise ValidationError(_("Somebody changed this at the same moment. Look again, then repeat it.")) from fault
