"""Addresses of writing and reading a proposal."""

from django.urls import path

from proposals.views import document, eligibility, files, importing, on_behalf, paper, team, writing

urlpatterns = [
    path("eligibility/", eligibility.eligibility, name="eligibility"),
    path("eligibility/begin/", eligibility.begin, name="begin_from_check"),
    path("proposals/new/", writing.new, name="new_proposal"),
    path("proposals/import/", importing.import_, name="import_proposal"),
    path("proposals/form/", paper.blank, name="blank_form"),
    path("proposals/form/read/", paper.read_new, name="read_form"),
    path("proposals/enter/", on_behalf.enter, name="enter_proposal"),
    path("confirm/<slug:name>/<slug:token>/", on_behalf.confirm, name="confirm_proposal"),
    path("cases/<slug:code>/write/", writing.task_list, name="write"),
    path("cases/<slug:code>/write/<slug:slug>/", writing.section, name="write_section"),
    path("cases/<slug:code>/check/", document.check, name="check"),
    path("cases/<slug:code>/proposal/", document.proposal, name="proposal"),
    path("cases/<slug:code>/proposal/json/", document.download, name="proposal_json"),
    path("cases/<slug:code>/form/", paper.filled, name="proposal_form"),
    path("cases/<slug:code>/form/read/", paper.read_into, name="read_form_into"),
    path("cases/<slug:code>/form/report/", paper.report, name="form_report"),
    path("cases/<slug:code>/compare/", document.comparison, name="compare"),
    path("cases/<slug:code>/files/", files.files, name="files"),
    path("cases/<slug:code>/people/", team.team, name="team"),
    path(
        "cases/<slug:code>/people/invitations/<int:pk>/<slug:what>/",
        team.change_invitation,
        name="change_partner_invitation",
    ),
]
