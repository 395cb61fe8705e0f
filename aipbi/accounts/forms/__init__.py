"""Forms of accounts. The sign-up form is named here, where the settings tell allauth to look for it."""

from aipbi.accounts.forms.signing_up import SignupForm

__all__ = ["SignupForm"]
