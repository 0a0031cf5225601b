"""Addresses of the search and the palette."""

from django.urls import path

from backoffice.search import views

app_name = "search"

urlpatterns = [
    path("palette/", views.show_palette, name="palette"),
    path("search/", views.results, name="results"),
]
