"""Addresses of exports, imports and views of lists in the API."""

from django.urls import path

from backoffice.exchange import api

urlpatterns = [
    path("exports/", api.ExportEndpoint.as_view()),
]
