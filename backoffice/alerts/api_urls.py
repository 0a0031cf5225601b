"""Addresses of notifications in the API."""

from django.urls import path

from backoffice.alerts import api

urlpatterns = [
    path("", api.NotificationList.as_view()),
    path("read/", api.NotificationRead.as_view()),
]
