"""Endpoints of the area that the generic ones cannot be."""

from django.urls import path

from hr.payroll.api import PayslipPdfEndpoint, PayslipWhyEndpoint

urlpatterns = [
    path("payslips/<int:pk>/why/<slug:code>/", PayslipWhyEndpoint.as_view()),
    path("payslips/<int:pk>/pdf/", PayslipPdfEndpoint.as_view()),
]
