"""The eligibility check, for anyone (P7): questions and answer on one page, and the way from there into a draft."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from aipbi.accounts.enums import Role
from proposals import eligibility as check
from proposals import verbs
from proposals.document import codes as known_codes
from proposals.forms.eligibility import EligibilityForm


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def eligibility(request: HttpRequest) -> HttpResponse:
    """Ask, and say what fits, what is missing, and what the mechanism can and can't do.

    The answers are sent as a form, not in the address: that would stand in logs and in the browser's history.
    """
    form = EligibilityForm(request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        found = check.findings(form.answers, known_codes.load())
        context |= {
            "overall": check.overall(found),
            "groups": [
                (verdict, [one for one in found if one.verdict is verdict])
                for verdict in (check.Verdict.AGAINST, check.Verdict.MISSING, check.Verdict.FITS)
            ],
            "sealed": form.answers.sealed,
        }
    return render(request, "pages/eligibility.html", context)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a draft of the answers; for a stranger, let the browser keep them until there is an account."""
    seal = request.POST.get("answers", "")
    answers = check.opened(seal)
    if answers is None:
        return redirect("eligibility")
    if request.user.is_authenticated:
        capacity = getattr(request, "capacity", None)
        if capacity and capacity.role == Role.PROPONENT and capacity.writes:
            proposal = verbs.start_draft(by=capacity.person, as_=capacity, answers=check.begun(answers))
            return forget(redirect("write", proposal.case.code))
        messages.info(request, _("Your answers are kept for when you start a proposal for an organisation."))
        answer = redirect("desk")
    else:
        answer = redirect(f"{reverse('account_signup')}?{urlencode({'next': reverse('new_proposal')})}")
    answer.set_cookie(
        check.COOKIE,
        answers.sealed_for(request.user.pk),
        max_age=check.COOKIE_SECONDS,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer


def carried(request: HttpRequest) -> check.Answers | None:
    """Return the answers that the browser kept from the check, if it did."""
    return check.opened(request.COOKIES.get(check.COOKIE, ""), request.user.pk)


def forget(answer: HttpResponse) -> HttpResponse:
    """Have the browser drop the answers, once a draft holds them."""
    answer.delete_cookie(check.COOKIE, samesite="Lax")
    return answer
