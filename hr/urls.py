"""Pages of the area that the generic ones cannot be."""

from django.urls import path

from hr.payroll.views import PayslipPdf, PayslipWhy
from hr.people.views import EmployeeAsOf

app_name = "hr"
urlpatterns = [
    path("employees/<int:pk>/as-of/", EmployeeAsOf.as_view(), name="employee-as-of"),
    path("payslips/<int:pk>/why/<slug:code>/", PayslipWhy.as_view(), name="payslip-why"),
    path("payslips/<int:pk>/pdf/", PayslipPdf.as_view(), name="payslip-pdf"),
]
