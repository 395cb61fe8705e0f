"""What is owed in monitoring (L5, M2); the desk shows these words."""

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.models import Audience
from aipbi.workflow.obligations import register

DRAFT_PLAN = register("draft_plan", _("Begin the monitoring plan"), clock="plan", move="draft_plan")
PROPOSE_PLAN = register("propose_plan", _("Propose the monitoring plan"), clock="plan", tab="monitoring")
AGREE_PLAN = register("agree_plan", _("Agree the monitoring plan"), clock="plan", tab="monitoring")
START_MONITORING = register("start_monitoring", _("Start the monitoring"), clock="plan", move="start_monitoring")
REPORT = register("report", _("File a report on results"), move="edit_report")
CORRECT_REPORT = register("correct_report", _("Correct a report on results"), clock="completion", move="edit_report")
CHECK_REPORT = register("check_report", _("Check a report on results"), clock="completeness", tab="monitoring")
CHECK_CORRECTION = register(
    "check_correction", _("Check the correction of a figure"), clock="completeness", move="check_corrections"
)
CLOSE_CASE = register("close_case", _("Close the case"), clock="completeness", move="close")
SUBMIT_RELEASE = register(
    "submit_release",
    _("Look through a release of figures"),
    clock="completeness",
    move="submit_release",
    audience=Audience.ASEC,
)
APPROVE_RELEASE = register(
    "approve_release",
    _("Approve a release of figures"),
    clock="position",
    move="approve_release",
    audience=Audience.STATES,
)
