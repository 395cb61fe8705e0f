"""allauth's forms in our words: labels above, hints below, nothing written inside the boxes."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
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
    """Address and password."""

    words: ClassVar[Words] = {"login": EMAIL, "password": PASSWORD}


class SignupForm(InOurWords, account.SignupForm):
    """A new account; the organisation's questions come from the form named in the settings."""

    words: ClassVar[Words] = {
        "email": (_("E-mail address"), _("We send a code there, to see that it is yours.")),
        "password1": (_("Password"), STRONG),
        "password2": (_("Password, once more"), ""),
    }


class AddEmailForm(InOurWords, account.AddEmailForm):
    """A new address in place of the old one."""

    words: ClassVar[Words] = {"email": (_("New e-mail address"), _("We send a code there, to see that it is yours."))}


class ConfirmEmailForm(InOurWords, account.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""

    words: ClassVar[Words] = {"code": MAILED}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    """A new password, knowing the old one."""

    words: ClassVar[Words] = {
        "oldpassword": (_("Your password now"), ""),
        "password1": NEW_PASSWORD,
        "password2": REPEATED,
    }


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    """A first password."""

    words: ClassVar[Words] = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ResetPasswordForm(InOurWords, account.ResetPasswordForm):
    """To which address a code for a new password goes."""

    words: ClassVar[Words] = {"email": EMAIL}


class ConfirmResetForm(InOurWords, account.ConfirmPasswordResetCodeForm):
    """The code for a new password."""

    words: ClassVar[Words] = {"code": MAILED}


class NewPasswordForm(InOurWords, account.ResetPasswordKeyForm):
    """A new password, after the code."""

    words: ClassVar[Words] = {"password1": NEW_PASSWORD, "password2": REPEATED}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    """The password once more."""

    words: ClassVar[Words] = {"password": PASSWORD}


class SecondFactorForm(InOurWords, mfa.AuthenticateForm):
    """The second factor when signing in."""

    words: ClassVar[Words] = {"code": APP_CODE}


class SecondFactorAgainForm(InOurWords, mfa.ReauthenticateForm):
    """The second factor later on."""

    words: ClassVar[Words] = {"code": APP_CODE}


class ActivateAppForm(InOurWords, totp.ActivateTOTPForm):
    """The first code of an authenticator app."""

    words: ClassVar[Words] = {"code": (_("Code that the app shows now"), _("Six digits."))}
