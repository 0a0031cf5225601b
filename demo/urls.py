"""Addresses of the demonstration's conveniences; only demo settings include them."""

from django.urls import path

from demo import views

app_name = "demo"
urlpatterns = [
    path("switch/", views.switch_person, name="switch"),
    path("kill-worker/", views.kill_worker, name="kill-worker"),
    path("receiver/", views.receiver, name="receiver"),
]
