"""Addresses of the API for the files of letters."""

from django.urls import path

from backoffice.letters import api

urlpatterns = [
    path("<int:pk>/text/", api.LetterTextEndpoint.as_view()),
    path("<int:pk>/pdf/", api.LetterPdfEndpoint.as_view()),
]
