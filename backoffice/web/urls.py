"""Addresses of the frame."""

from django.conf import settings
from django.urls import path

from backoffice.web import choices, style, verification, views

app_name = "web"

urlpatterns = [
    path("", views.my_day, name="home"),
    path("favicon.ico", views.favicon),
    path("verify/", verification.verify_document, name="verify"),
    path("verify/<str:code>/", verification.verify_document, name="verify_code"),
    path("VERIFY/<str:code>", verification.by_capitals),
    path("choices/<slug:name>/", choices.look_up, name="choices"),
    path("shell/counters/", views.counters, name="counters"),
    path("approvals/<int:pk>/vote/", views.settle, name="vote"),
    path("preferences/theme/", views.switch_theme, name="theme"),
    path("preferences/language/", views.switch_language, name="language"),
    path("preferences/company/", views.switch_company, name="company"),
]

if settings.DEBUG:
    urlpatterns += [path("style/", style.show, name="style")]
