"""Addresses of `review`."""

from django.urls import include, path

from review import views
from review.experts import own, paper
from review.experts import views as roster

urlpatterns = [
    path("cases/<slug:code>/review/", views.review, name="review"),
    path("cases/<slug:code>/review/versions/", views.report_versions, name="report_versions"),
    path("cases/<slug:code>/decision/", views.decision, name="decision"),
    path("cases/<slug:code>/similar/", views.similar, name="similar"),
    path("", include("review.meetings.urls")),
    path("experts/", roster.experts, name="experts"),
    path("experts/roster.<slug:ending>", roster.roster_file, name="experts_file"),
    path("experts/<int:pk>/", roster.expert, name="expert"),
    path("experts/<int:pk>/edit/", roster.edit, name="edit_expert"),
    path("experts/<int:pk>/employers/new/", roster.employer, name="add_employer"),
    path("experts/<int:pk>/employers/<int:employment>/", roster.employer, name="change_employer"),
    path("experts/<int:pk>/employers/<int:employment>/settle/", roster.settle, name="settle_employer"),
    path("experts/<int:pk>/away/new/", roster.absence, name="add_absence"),
    path("experts/<int:pk>/away/<int:absence>/drop/", roster.drop_absence, name="drop_absence"),
    path("assessments/", own.own_work, name="own_work"),
    path("cases/<slug:code>/own-assessment/", own.own_assessment, name="own_assessment"),
    path("cases/<slug:code>/own-assessment/form/", paper.printed, name="assessment_form"),
    path("cases/<slug:code>/own-assessment/form.pdf", paper.pdf, name="assessment_pdf"),
    path("cases/<slug:code>/own-assessment/form.xlsx", paper.workbook, name="assessment_workbook"),
    path("cases/<slug:code>/own-assessment/upload/", paper.upload, name="assessment_upload"),
]
