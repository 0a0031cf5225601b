"""Addresses of comments in the API."""

from django.urls import path

from backoffice.teamwork import api

urlpatterns = [
    path("records/<str:name>/<int:pk>/comments/", api.Comments.as_view()),
    path("records/<str:name>/<int:pk>/watch/", api.WatchEndpoint.as_view()),
    path("comments/<int:pk>/edit/", api.EditComment.as_view()),
    path("comments/<int:pk>/delete/", api.DeleteComment.as_view()),
    path("records/<str:name>/<int:pk>/reminder/", api.RemindEndpoint.as_view()),
    path("reminders/", api.FollowUps.as_view()),
    path("reminders/<int:pk>/done/", api.FinishFollowUp.as_view()),
]
