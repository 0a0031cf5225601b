"""Addresses of the person's own day."""

from django.urls import path

from backoffice.home import views

app_name = "home"

urlpatterns = [
    path("my-day/work/<int:pk>/why/", views.why, name="why"),
]
