"""Addresses of `documents`."""

from django.urls import path

from aipbi.documents import views

urlpatterns = [
    path("files/<int:pk>/", views.file, name="file"),
    path("files/<int:pk>/first-page/", views.first_page, name="first_page"),
    path("files/<int:pk>/pages/<int:number>/", views.page, name="file_page"),
    path("files/<int:pk>/pages/<int:number>/picture/", views.page_picture, name="page_picture"),
]
