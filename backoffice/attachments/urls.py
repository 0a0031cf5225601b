"""Addresses of documents; their bytes have a path of their own."""

from django.urls import path

from backoffice.attachments import views

app_name = "files"

urlpatterns = [
    path("to/<str:owner>/<int:pk>/", views.AddDocument.as_view(), name="add"),
    path("to/<str:owner>/<int:pk>/drop/", views.drop, name="drop"),
    path("of/<str:owner>/<int:pk>/", views.panel, name="panel"),
    path("<int:pk>/version/", views.ReplaceDocument.as_view(), name="replace"),
    path("<uuid:key>/", views.save, name="save"),
    path("<uuid:key>/<int:page>/<int:width>/", views.preview, name="preview"),
]
