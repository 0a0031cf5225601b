"""Addresses of the search and the palette."""

from django.urls import path

from backoffice.search import views

app_name = "search"

urlpatterns = [
    path("palette/", views.show_palette, name="palette"),
    path("search/", views.results, name="results"),
    path("favourites/", views.show_kept, name="kept"),
    path("favourites/counts/", views.counts, name="counts"),
    path("favourites/mark/", views.mark, name="mark"),
    path("favourites/<int:pk>/move/", views.move, name="move"),
]
