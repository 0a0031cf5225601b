"""Addresses of the API of links."""

from django.urls import path

from backoffice.linking import api

urlpatterns = [
    path("", api.LinksEndpoint.as_view()),
    path("<int:pk>/remove/", api.RemoveLinkEndpoint.as_view()),
]
