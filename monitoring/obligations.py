"""What is owed in monitoring (L5, M2); the desk shows these words."""

from collections.abc import Callable, Collection
from typing import Any

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aipbi.workflow.models import Audience
from aipbi.workflow.obligations import register

DRAFT_PLAN = register("draft_plan", _("Begin the monitoring plan"), clock="plan", move="draft_plan")
PROPOSE_PLAN = register("propose_plan", _("Propose the monitoring plan"), clock="plan", tab="monitoring")
AGREE_PLAN = register("agree_plan", _("Agree the monitoring plan"), clock="plan", tab="monitoring", second=True)
PROPOSE_CHANGE = register(
    "propose_change", _("Propose the change of the monitoring plan"), clock="plan", tab="monitoring"
)
AGREE_CHANGE = register(
    "agree_change",
    _("Agree the change of the monitoring plan"),
    clock="plan",
    tab="monitoring",
    second=True,
)
START_MONITORING = register("start_monitoring", _("Start the monitoring"), clock="plan", move="start_monitoring")
REPORT = register("report", _("File a report on results"), move="edit_report")
CORRECT_REPORT = register("correct_report", _("Correct a report on results"), clock="completion", move="edit_report")
CHECK_REPORT = register(
    "check_report",
    _("Check a report on results"),
    clock="completeness",
    tab="monitoring",
    second=True,
)
CHECK_CORRECTION = register(
    "check_correction",
    _("Check the correction of a figure"),
    clock="completeness",
    move="check_corrections",
    second=True,
)
CLOSE_CASE = register("close_case", _("Close the case"), clock="completeness", move="close")


def _which_release(words: Any) -> Callable[[Collection[int]], dict[int, str]]:
    """Name releases by their working reference and which figures they tell: they have no case page that would."""

    def named(keys: Collection[int]) -> dict[int, str]:
        found = apps.get_model("monitoring", "Release").objects.filter(pk__in=keys)
        return {
            pk: gettext("%(what)s: %(release)s, %(title)s") % {"what": words, "release": reference, "title": title}
            for pk, reference, title in found.values_list("pk", "case__reference", "title")
        }

    return named


SUBMIT_RELEASE = register(
    "submit_release",
    _("Look through a release of figures"),
    clock="completeness",
    move="submit_release",
    audience=Audience.ASEC,
    named=_which_release(_("Look through a release of figures")),
)
APPROVE_RELEASE = register(
    "approve_release",
    _("Approve a release of figures"),
    clock="position",
    move="approve_release",
    audience=Audience.STATES,
    named=_which_release(_("Approve a release of figures")),
    second=True,
)
