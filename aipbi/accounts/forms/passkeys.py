"""Passkeys: whatever a stranger sends for a device's answer is a wrong code, and never a fault."""

from collections.abc import Callable
from typing import Any, ClassVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.forms.signing_in import InOurWords, Words

# What the libraries that read it raise for what no device ever wrote.
_UNREADABLE = (ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError)


def _wrong() -> ValidationError:
    return get_adapter().validation_error("incorrect_code")


def _or_wrong(read: Callable[[], Any]) -> Any:
    try:
        return read()
    except _UNREADABLE as fault:
        raise _wrong() from fault


class DeviceAnswer(forms.JSONField):
    """JSON from a device: an object, of no more figures and no deeper than can be read."""

    def to_python(self, value: Any) -> Any:
        """Return the object. Raises ValidationError for anything else."""
        found = _or_wrong(lambda: super(DeviceAnswer, self).to_python(value))
        if found is not None and not isinstance(found, dict):
            raise _wrong()
        return found

    def bound_data(self, _data: Any, initial: Any) -> Any:
        """Show no answer again: each is good once."""
        return initial


def _answer() -> DeviceAnswer:
    return DeviceAnswer(widget=forms.HiddenInput)


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):
    """A new passkey and its name."""

    credential = _answer()
    words: ClassVar[Words] = {
        "name": (_("Name of the passkey"), _("So that you can tell them apart, for example “Office laptop”.")),
        "passwordless": (
            _("Sign in with this passkey alone, without a password"),
            _("The device will ask for a fingerprint, your face or a PIN."),
        ),
    }

    def clean(self) -> dict[str, Any]:
        """Check the answer against what the device was asked."""
        return dict(_or_wrong(super().clean))


class _Proving(forms.Form):
    """What the three forms share in which a passkey is proved."""

    credential = _answer()

    def clean_credential(self) -> Any:
        """Return whose passkey it is."""
        return _or_wrong(super().clean_credential)  # type: ignore[misc]


class PasskeyForm(_Proving, webauthn.AuthenticateWebAuthnForm):
    """A passkey as the second factor when signing in."""


class PasskeyAgainForm(_Proving, webauthn.ReauthenticateWebAuthnForm):
    """A passkey later on."""


class PasskeyAloneForm(_Proving, webauthn.LoginWebAuthnForm):
    """A passkey in the place of address and password."""


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    """Another name for a passkey."""

    words: ClassVar[Words] = {"name": (_("Name of the passkey"), "")}
