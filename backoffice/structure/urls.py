"""Pages of the organization that are no objects."""

from django.urls import path

from backoffice.structure import views

urlpatterns = [
    path("departments/tree/", views.department_tree, name="backoffice.department_tree"),
]
