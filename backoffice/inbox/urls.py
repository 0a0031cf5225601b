"""Addresses of the inbox."""

from django.urls import path

from backoffice.inbox import views

urlpatterns = [path("", views.approvals, name="backoffice.approvals")]
