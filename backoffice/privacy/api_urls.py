"""Addresses of personal data in the API."""

from django.urls import path

from backoffice.privacy import api

urlpatterns = [
    path("person-reports/", api.ReportEndpoint.as_view()),
]
