"""Addresses of the radar."""

from django.urls import path

from backoffice.expiry import views

urlpatterns = [
    path("", views.show_radar, name="backoffice.expiry"),
    path("<str:kind>/<int:pk>/snooze/", views.Snooze.as_view(), name="backoffice.expiry.snooze"),
    path("<str:kind>/<int:pk>/note/", views.acknowledge, name="backoffice.expiry.acknowledge"),
]
