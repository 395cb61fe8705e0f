"""Addresses of `workflow`: moves and notices."""

from django.urls import path

from aipbi.workflow import views

urlpatterns = [
    path("notices/", views.notices, name="notices"),
    path("work/<int:pk>/", views.job, name="job"),
    path("cases/<slug:code>/<slug:kind>/<int:pk>/<slug:move>/", views.move, name="move"),
]
