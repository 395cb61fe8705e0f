"""What the form pages of accounts share."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url

T = TypeVar("T")


def form_page(
    request: HttpRequest,
    form: forms.BaseForm,
    *,
    title: str,
    button: str,
    back: str,
    intro: str = "",
    warning: bool = False,
    status: int | None = None,
) -> HttpResponse:
    """Render a page with one form; `back` is the name or address of the page it came from.

    The answer is 422 where the form has errors and 200 else, unless `status` says otherwise.
    """
    context = {
        "form": form,
        "title": title,
        "button": button,
        "back": resolve_url(back),
        "intro": intro,
        "warning": warning,
    }
    return render(request, "accounts/form.html", context, status=status or (422 if form.errors else 200))


def try_to(form: forms.BaseForm, verb: Callable[[], T]) -> T | None:
    """Carry out the verb; where a rule refuses, put its words on the form and return None."""
    try:
        return verb()
    except ValidationError as fault:
        form.add_error(None, list(fault.messages))
        return None
