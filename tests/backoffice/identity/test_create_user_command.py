import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from backoffice.identity.models import User
from tests.factories.identity import PASSWORD, access, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PASSWORD}\n"))


def test_the_first_administrator_comes_from_the_shell() -> None:
    company = make_company()
    call_command("create_user", "Ana@example.com", "Ana Souza", stdout=io.StringIO())
    user = User.objects.get(email="ana@example.com")
    assert user.check_password(PASSWORD)
    assert access(user, company, timezone.localdate()).can("backoffice.role_grant.assign")


def test_with_several_companies_one_must_be_named() -> None:
    make_company()
    second = make_company()
    with pytest.raises(CommandError, match="Name one company"):
        call_command("create_user", "ana@example.com", "Ana")
    call_command(
        "create_user",
        "ana@example.com",
        "Ana",
        role="auditor",
        cnpj=second.cnpj,
        stdout=io.StringIO(),
    )
    assert access(User.objects.get(), second, timezone.localdate()).can("backoffice.user.view")


@pytest.mark.parametrize(
    ("options", "message"),
    [({"role": "king"}, "no standard role king"), ({"cnpj": "00"}, "no such company")],
)
def test_what_does_not_exist_is_named(options: Any, message: str) -> None:
    make_company()
    with pytest.raises(CommandError, match=message):
        call_command("create_user", "ana@example.com", "Ana", **options)
    assert not User.objects.exists()


def test_a_weak_password_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    make_company()
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    with pytest.raises(CommandError):
        call_command("create_user", "ana@example.com", "Ana")
    assert not User.objects.exists()


def test_an_e_mail_in_use_is_refused() -> None:
    company = make_company()
    make_user(company, "employee", email="ana@example.com")
    with pytest.raises(CommandError):
        call_command("create_user", "ana@example.com", "Ana")
