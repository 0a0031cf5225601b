"""Pages of the administration that are no objects."""

from django.urls import path

from backoffice.identity import views

urlpatterns = [path("roles/", views.roles, name="backoffice.roles")]
