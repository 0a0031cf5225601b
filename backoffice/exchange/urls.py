"""Addresses of the pages of exports, imports and views of lists."""

from django.urls import path

from backoffice.exchange import views

app_name = "exchange"

urlpatterns = [
    path("exports/<str:name>/", views.ExportPage.as_view(), name="export"),
]
