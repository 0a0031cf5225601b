"""Addresses of the logs that are no objects."""

from django.urls import path

from backoffice.trail import views

urlpatterns = [path("account/readings/", views.readings_about_me, name="account_readings")]
