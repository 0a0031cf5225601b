"""Addresses of what people do around records."""

from django.urls import path

from backoffice.teamwork import reminders, views

app_name = "teamwork"

urlpatterns = [
    path("records/<str:name>/<int:pk>/comments/", views.add, name="add"),
    path("records/<str:name>/<int:pk>/watch/", views.watch, name="watch"),
    path("records/<str:name>/<int:pk>/people/", views.people, name="people"),
    path("records/<str:name>/<int:pk>/here/", views.here, name="here"),
    path("records/<str:name>/<int:pk>/reminder/", reminders.Reminder.as_view(), name="remind"),
    path("reminders/", reminders.show, name="follow_ups"),
    path("reminders/<int:pk>/done/", reminders.finish, name="done"),
    path("drafts/", views.draft, name="draft"),
    path("comments/<int:pk>/edit/", views.edit, name="edit"),
    path("comments/<int:pk>/delete/", views.delete, name="delete"),
]
