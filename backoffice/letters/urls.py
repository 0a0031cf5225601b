"""Addresses of what the generic pages of letters cannot do."""

from django.urls import path

from backoffice.letters import views

app_name = "letters"

urlpatterns = [
    path("preview/", views.preview, name="preview"),
    path("subjects/", views.subjects, name="subjects"),
    path("questions/", views.questions, name="questions"),
    path("templates/<int:pk>/compare/", views.compare, name="compare"),
    path("<int:pk>/pdf/", views.pdf, name="pdf"),
]
