"""Addresses of the person's own day."""

from django.urls import path

from backoffice.home import setting_up, training, views

app_name = "home"

urlpatterns = [
    path("my-day/work/<int:pk>/why/", views.why, name="why"),
    path("training/", training.page, name="training"),
    path("training/panel/", training.panel, name="guided-panel"),
    path("training/leave/", training.leave, name="guided-leave"),
    path("training/<slug:name>/start/", training.start, name="guided-start"),
    path("set-up/", setting_up.page, name="setup"),
    path("set-up/mail/", setting_up.send_mail, name="setup-mail"),
    path("set-up/backup/", setting_up.confirm_backup, name="setup-backup"),
    path("set-up/later/", setting_up.put_off, name="setup-later"),
    path("help/<str:name>/", views.help_page, name="help"),
    path("guides/<slug:name>/", views.guide, name="guide"),
]
