"""The administration pages: a second place to look, never a way around the services."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client

from backoffice.identity.admin import ReadOnlyAdmin, ReferenceAdmin
from backoffice.identity.models import RoleGrant, User
from backoffice.organization.models import Company
from tests.factories.identity import browser, make_token, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db
OURS = ("backoffice", "hr")


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def pages(company: Company) -> Any:
    return browser(make_user(company, "administrator"), company)


def test_everything_of_ours_is_read_only_or_reference_data() -> None:
    for model, page in admin.site._registry.items():
        if model._meta.app_label in OURS:
            assert isinstance(page, ReadOnlyAdmin | ReferenceAdmin), model


def test_every_list_opens_for_the_owner(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    for model in admin.site._registry:
        if model._meta.app_label in OURS:
            address = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
            assert client.get(address).status_code == 200, address


def test_anonymous_people_go_to_the_one_login_page() -> None:
    for address in ("/admin/", "/admin/backoffice/user/"):
        chain = Client().get(address, follow=True).redirect_chain
        assert chain[-1] == (f"/account/login/?next={address}", 302)


def test_no_password_is_taken_by_the_administration_itself(company: Company) -> None:
    """Abuse case 35: the admin login would pass by lock-out and second factor."""
    user = make_user(company, "administrator")
    client = Client()
    client.post("/admin/login/", {"username": user.email, "password": "correto cavalo bateria"})
    assert "_auth_user_id" not in client.session


def test_who_has_not_the_permission_is_refused(company: Company) -> None:
    for code in ("employee", "hr_analyst", "finance", "manager"):
        client = browser(make_user(company, code), company)
        assert client.get("/admin/", follow=True).status_code == 403, code


def test_people_of_other_companies_are_invisible(company: Company, pages: Any) -> None:
    stranger = make_user(make_company(), "owner")
    listed = pages.get("/admin/backoffice/user/").content.decode()
    assert stranger.email not in listed
    assert pages.get(f"/admin/backoffice/user/{stranger.pk}/change/").status_code == 302
    theirs = RoleGrant.objects.get(user=stranger)
    assert pages.get(f"/admin/backoffice/rolegrant/{theirs.pk}/change/").status_code == 302


@pytest.mark.parametrize("address", ["add/", "{pk}/change/", "{pk}/delete/", ""])
def test_nothing_about_people_can_be_posted(company: Company, pages: Any, address: str) -> None:
    """Abuse cases 23 and 24: editing through the admin, its lists, inlines or actions."""
    user = make_user(company, "employee")
    answer = pages.post(
        f"/admin/backoffice/user/{address.format(pk=user.pk)}",
        {
            "email": "x@example.com",
            "name": "X",
            "is_active": "",
            "action": "delete_selected",
            "_selected_action": user.pk,
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-id": user.pk,
            "form-0-name": "X",
            "_save": "1",
        },
    )
    if address:
        assert answer.status_code == 403
    before = (user.email, user.name)
    user.refresh_from_db()
    assert ((user.email, user.name), user.is_active) == (before, True)
    assert User.objects.filter(pk=user.pk).exists()


def test_a_token_page_shows_nothing_from_which_one_could_be_made(
    company: Company, pages: Any
) -> None:
    user = make_user(company, "administrator")
    fresh = make_token(user, company, ["backoffice.user.view"])
    shown = pages.get("/admin/backoffice/apitoken/").content.decode()
    token = user.api_tokens.get()
    shown += pages.get(f"/admin/backoffice/apitoken/{token.pk}/change/").content.decode()
    assert fresh.prefix in shown
    assert fresh.secret.value not in shown
    assert fresh.digest not in shown


def test_django_permissions_give_no_rights(company: Company) -> None:
    user = make_user(company, "employee")
    for config in apps.get_app_configs():
        assert not user.has_perm(f"{config.label}.change_user")
    assert not user.has_perm("backoffice.view_user")
    assert not user.is_staff
    assert make_user(company, "administrator").is_staff
