"""Addresses of exports, imports and views of lists in the API."""

from django.urls import path

from backoffice.exchange import api

urlpatterns = [
    path("exports/", api.ExportEndpoint.as_view()),
    path("views/", api.ViewsEndpoint.as_view()),
    path("views/<int:pk>/", api.ViewEndpoint.as_view()),
    path("imports/", api.ImportEndpoint.as_view()),
    path("imports/<int:pk>/rows/", api.ImportRowsEndpoint.as_view()),
    path("imports/<int:pk>/rows/<int:line>/", api.ImportRowEndpoint.as_view()),
]
