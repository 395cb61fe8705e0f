"""Addresses of accounts."""

from django.urls import include, path

urlpatterns = [
    path("accounts/2fa/", include("allauth.mfa.urls")),
    path("accounts/", include("allauth.account.urls")),
]
