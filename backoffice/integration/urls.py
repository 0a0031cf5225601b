"""Addresses of pages that are no objects."""

from django.urls import path

from backoffice.integration import views

urlpatterns = [path("webhooks/<int:pk>/secret/", views.secret, name="backoffice.webhook.secret")]
