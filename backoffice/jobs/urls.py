"""Addresses of the pages of jobs."""

from django.urls import path

from backoffice.jobs import views

app_name = "jobs"

urlpatterns = [
    path("", views.job_list, name="list"),
    path("tray/", views.tray, name="tray"),
    path("<int:pk>/", views.detail, name="detail"),
    path("<int:pk>/live/", views.live, name="live"),
    path("<int:pk>/result/", views.result, name="result"),
    path("<int:pk>/do/cancel/", views.cancel, name="cancel"),
    path("<int:pk>/do/retry/", views.retry, name="retry"),
]
