"""Pages of the area that the generic ones cannot be."""

from django.urls import path

from hr.people.views import EmployeeAsOf

app_name = "hr"
urlpatterns = [
    path("employees/<int:pk>/as-of/", EmployeeAsOf.as_view(), name="employee-as-of"),
]
