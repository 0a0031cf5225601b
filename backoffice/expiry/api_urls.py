"""Addresses of the radar in the API."""

from django.urls import path

from backoffice.expiry import api

urlpatterns = [
    path("", api.Radar.as_view()),
    path("snooze/", api.SnoozeEndpoint.as_view()),
    path("note/", api.NoteEndpoint.as_view()),
]
