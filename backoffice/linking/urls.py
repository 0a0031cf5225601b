"""Addresses of the pages of links."""

from django.urls import path

from backoffice.linking import views

app_name = "links"

urlpatterns = [
    path("records/", views.records, name="records"),
    path("to/<str:name>/<int:pk>/", views.AddLink.as_view(), name="add"),
    path("<int:pk>/remove/", views.RemoveLink.as_view(), name="remove"),
]
