"""Addresses of login and account: allauth's pages that we offer, and our own."""

from allauth.account import views as allauth
from django.contrib.auth.decorators import login_not_required
from django.urls import path, re_path
from django.views.generic import RedirectView

from backoffice.identity import views

urlpatterns = [
    path("", views.account, name="account"),
    path("tokens/", views.tokens, name="account_tokens"),
    path("tokens/new/", views.new_token, name="account_new_token"),
    path("tokens/<int:pk>/revoke/", views.revoke_token, name="account_revoke_token"),
    path("tokens/<int:pk>/prove/", views.prove_token, name="account_prove_token"),
    path("stand-ins/", views.stand_ins, name="account_stand_ins"),
    path("stand-ins/<int:pk>/act/", views.act_for, name="account_act_for"),
    path("stand-ins/myself/", views.act_for_myself, name="account_act_for_myself"),
    path("login/", allauth.login, name="account_login"),
    path("logout/", allauth.logout, name="account_logout"),
    path("inactive/", allauth.account_inactive, name="account_inactive"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/done/", allauth.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # allauth sends who has no password yet here; the mailed link sets the first one.
    path(
        "password/set/",
        RedirectView.as_view(pattern_name="account_reset_password"),
        name="account_set_password",
    ),
    # allauth wants the address; nobody makes an account for themselves.
    path(
        "signup/",
        login_not_required(RedirectView.as_view(pattern_name="account_login")),
        name="account_signup",
    ),
]
