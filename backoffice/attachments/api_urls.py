"""Addresses of the API for the bytes of documents."""

from django.urls import path

from backoffice.attachments import api

urlpatterns = [
    path("", api.AddEndpoint.as_view()),
    path("<int:pk>/version/", api.VersionEndpoint.as_view()),
    path("<uuid:key>/", api.ContentEndpoint.as_view()),
]
