"""A name stands on one line: it goes into e-mails, where another line could pass for the portal's own words."""

from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

one_line = RegexValidator(
    r"[\x00-\x1f\x7f\x85\u2028\u2029]", _("Write this on one line, without control signs."), inverse_match=True
)
