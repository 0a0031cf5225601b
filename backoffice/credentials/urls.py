"""Address of the page that takes a certificate in."""

from django.urls import path

from backoffice.credentials import views

urlpatterns = [
    path("install/", views.InstallCertificate.as_view(), name="backoffice.certificate.install")
]
