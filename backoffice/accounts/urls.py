"""Addresses of step-up, second factors, sessions, invitations and the company's own login."""

from allauth.mfa.base import views as mfa
from allauth.mfa.webauthn import views as webauthn
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.generic import RedirectView

from backoffice.accounts import company_login
from backoffice.accounts.views import confirm, invitations, security

urlpatterns = [
    path("confirm/", confirm.confirm, name="account_reauthenticate"),
    path("security/", security.security, name="account_security"),
    path("security/telephone/", security.add_totp, name="account_add_totp"),
    path("security/passkeys/new/", security.add_passkey, name="account_add_passkey"),
    path("security/factors/<int:pk>/remove/", security.remove_factor, name="account_remove_factor"),
    path("security/codes/", security.recovery_codes, name="account_recovery_codes"),
    path("security/sessions/<int:pk>/end/", security.end_session, name="account_end_session"),
    path(
        "security/sessions/end-others/",
        security.end_other_sessions,
        name="account_end_other_sessions",
    ),
    path("login/second/", mfa.authenticate, name="mfa_authenticate"),
    path("login/passkey/", webauthn.login_webauthn, name="mfa_login_webauthn"),
    path("login/company/", company_login.start, name="account_company_start"),
    path("login/company/callback/", company_login.callback, name="account_company_callback"),
    path(
        "login/company/cancelled/",
        login_not_required(RedirectView.as_view(pattern_name="account_login")),
        name="socialaccount_login_cancelled",
    ),
    path("code/", invitations.by_code, name="account_printed_code"),
    path("invitation/<slug:token>/", invitations.by_mail, name="account_invitation"),
]
