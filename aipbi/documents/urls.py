"""Addresses of `documents`."""

from django.urls import path

from aipbi.documents import views

urlpatterns = [
    path("files/<int:pk>/", views.file, name="file"),
    path("files/<int:pk>/first-page/", views.first_page, name="first_page"),
]
