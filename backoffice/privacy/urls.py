"""Addresses of the pages about personal data."""

from django.urls import path

from backoffice.privacy import views

app_name = "privacy"

urlpatterns = [
    path("account/my-data/", views.own_report, name="own_report"),
    path("backoffice/person-report/", views.report, name="report"),
]
