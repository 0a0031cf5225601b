"""Addresses of jobs in the API."""

from django.urls import path

from backoffice.jobs import api

urlpatterns = [
    path("", api.JobList.as_view(), name="api-jobs"),
    path("<int:pk>/", api.JobRecord.as_view(), name="api-job"),
    path("<int:pk>/result/", api.JobResultContent.as_view(), name="api-job-result"),
    path("<int:pk>/cancel/", api.CancelJob.as_view(), name="api-job-cancel"),
    path("<int:pk>/retry/", api.RetryJob.as_view(), name="api-job-retry"),
]
