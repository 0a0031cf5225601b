"""Addresses of notifications."""

from django.urls import path

from backoffice.alerts import views

app_name = "alerts"

urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("bell/", views.bell, name="bell"),
    path("read/", views.read_all, name="read-all"),
    path("<int:pk>/open/", views.open_one, name="open"),
    path("preferences/", views.preferences, name="preferences"),
]
