"""Pages of the operation that are no objects."""

from django.urls import path

from backoffice.operation import views

urlpatterns = [path("operation/", views.operation, name="backoffice.operation")]
