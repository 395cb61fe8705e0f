"""allauth's forms in our words: labels above, hints below, nothing written inside the boxes."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django.utils.translation import gettext_lazy as _

EMAIL = (_("E-mail address"), "")
PASSWORD = (_("Password"), "")
STRONG = _("At least 12 characters. No common password, and nothing like your name or address.")
NEW_PASSWORD = (_("New password"), STRONG)
REPEATED = (_("New password, once more"), "")
MAILED = (_("Code"), _("Eight letters, from the e-mail we sent you."))
APP_CODE = (
    _("Code from your authenticator app"),
    _("Six digits that change every half minute. Or one of your recovery codes."),
)

Words = dict[str, tuple[Any, Any]]


class InOurWords:
    """Puts the label and the hint of each field, by its name."""

    words: ClassVar[Words] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]


class LoginForm(InOurWords, account.LoginForm):
    words: ClassVar[Words] = {"login": EMAIL, "password": PASSWORD}


class SignupForm(InOurWords, account.SignupForm):
    words: ClassVar[Words] = {
        "email": (_("E-mail address"), _("We send a code there, to see that it is yours.")),
        "password1": (_("Password"), STRONG),
        "password2": (_("Password, once more"), ""),
    }


class AddEmailForm(InOurWords, account.AddEmailForm):
    words: ClassVar[Words] = {"email": (_("New e-mail address"), _("We send a code there, to see that it is yours."))}


class ConfirmEmailForm(InOurWords, account.ConfirmEmailVerificationCodeForm):
    words: ClassVar[Words] = {"code": MAILED}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words: ClassVar[Words] = {
        "oldpassword": (_("Your password now"), ""),
        "password1": NEW_PASSWORD,
        "password2": REPEATED,
    }


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    words: ClassVar[Words] = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    words: ClassVar[Words] = {"email": EMAIL}


class ConfirmResetForm(InOurWords, account.ConfirmPasswordResetCodeForm):
    words: ClassVar[Words] = {"code": MAILED}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    words: ClassVar[Words] = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    words: ClassVar[Words] = {"password": PASSWORD}


class SecondFactorForm(InOurWords, mfa.AuthenticateForm):
    words: ClassVar[Words] = {"code": APP_CODE}


class SecondFactorAgainForm(InOurWords, mfa.ReauthenticateForm):
    words: ClassVar[Words] = {"code": APP_CODE}


class ActivateAppForm(InOurWords, totp.ActivateTOTPForm):
    words: ClassVar[Words] = {"code": (_("Code that the app shows now"), _("Six digits."))}


class AddPasskeyForm(InOurWords, webauthn.AddWebAuthnForm):
    words: ClassVar[Words] = {
        "name": (_("Name of the passkey"), _("So that you can tell them apart, for example “Office laptop”.")),
        "passwordless": (
            _("Sign in with this passkey alone, without a password"),
            _("The device will ask for a fingerprint, your face or a PIN."),
        ),
    }


class RenamePasskeyForm(InOurWords, webauthn.EditWebAuthnForm):
    words: ClassVar[Words] = {"name": (_("Name of the passkey"), "")}
