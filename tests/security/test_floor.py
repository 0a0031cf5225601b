"""What holds everywhere: no text is run, nothing is guessed, passwords are free, the way out is near."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.backends.base import VALID_KEY_CHARS
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from backoffice.organization.models import Company
from tests.factories import people
from tests.factories.identity import PASSWORD, browser, make_user

ROOT = Path(__file__).resolve().parents[2]

# The standard of one-time codes (RFC 6238) is made of it.
MAY_USE_SHA1 = {"backoffice/accounts/rules.py"}


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("backoffice", "hr"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield str(path.relative_to(ROOT)), ast.parse(path.read_text())


def called(tree: ast.Module) -> set[str]:
    return {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return found


def test_no_program_is_started_through_a_shell_and_no_text_is_run() -> None:
    dangerous = {"eval", "exec", "compile", "os.system", "os.popen", "__import__"}
    formats = {"pickle", "marshal", "shelve", "dill", "xml.etree", "xml.sax", "xml.dom.minidom"}
    for path, tree in sources():
        assert not called(tree) & dangerous, path
        assert not imported(tree) & formats, path
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg == "shell":
                assert ast.unparse(node.value) == "False", path


def test_what_must_not_be_guessed_comes_from_the_secure_generator() -> None:
    for path, tree in sources():
        assert not imported(tree) & {"random", "uuid.uuid1"}, path
        assert "uuid.uuid1" not in called(tree), path
    assert len(VALID_KEY_CHARS) ** 32 > 2**128


def test_no_weak_hash_is_used() -> None:
    for path, tree in sources():
        text = ast.unparse(tree)
        assert "hashlib.md5" not in text, path
        assert "hashlib.sha1" not in text or path in MAY_USE_SHA1, path


def test_messages_between_processes_are_json_alone() -> None:
    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == settings.CELERY_RESULT_SERIALIZER == "json"
    assert settings.SESSION_SERIALIZER.endswith("JSONSerializer")
    assert settings.CELERY_WORKER_ENABLE_REMOTE_CONTROL is False


@pytest.mark.parametrize(
    "password",
    ["cavalo bateria grampo", " espaços no começo e no fim ", "só letras minúsculas", "ÇÃÕ" * 400],
)
def test_a_password_is_long_of_any_kind_and_not_changed_by_us(
    company: Company, password: str
) -> None:
    user = make_user(company, "employee")
    client = browser(user, company)
    client.post(
        "/account/password/change/",
        {"oldpassword": PASSWORD, "password1": password, "password2": password},
    )
    user.refresh_from_db()
    assert user.check_password(password)
    assert not user.check_password(password.swapcase())
    assert not user.check_password(password + " ")
    for weak in ("curta", "onzeletras1", "password1234", "123456789012"):
        with pytest.raises(ValidationError):
            validate_password(weak, user)


def test_a_password_is_not_the_name_of_product_or_company(company: Company) -> None:
    Company.objects.filter(pk=company.pk).update(trade_name="Papelaria Açaí")
    user = make_user(company, "employee")
    for weak in ("Retaguarda-2026", "papelaria acai", "Açaí.Papelaria.1", "RETAGUARDA retaguarda"):
        with pytest.raises(ValidationError):
            validate_password(weak, user)
    for good in ("a papelaria vende cadernos azuis", "cavalo bateria grampo"):
        validate_password(good, user)


def test_password_fields_hide_and_let_managers_fill_them(company: Company) -> None:
    login = Client().get("/account/login/").content.decode()
    assert 'type="password"' in login
    assert 'autocomplete="current-password"' in login
    client = browser(make_user(company, "employee"), company)
    change = client.get("/account/password/change/").content.decode()
    assert change.count('type="password"') >= 2
    assert 'autocomplete="new-password"' in change
    for script in (ROOT / "backoffice" / "static" / "js").glob("*.js"):
        assert "onpaste" not in script.read_text()


def test_a_fresh_proof_gets_a_new_key_of_the_session(company: Company) -> None:
    client = browser(make_user(company, "employee"), company, proved=False)
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    answer = client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert answer.status_code == 302
    after = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert after != before
    assert client.get("/account/").status_code == 200
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = before
    assert old.get("/account/").status_code == 302


def test_every_page_of_a_person_has_the_way_out(company: Company) -> None:
    client = browser(make_user(company, "owner"), company)
    for address in ("/", "/hr/employees/", "/search/", "/account/", "/jobs/"):
        assert f'action="{reverse("account_logout")}"' in client.get(address).content.decode()


@pytest.mark.django_db
def test_folders_are_not_listed() -> None:
    for address in ("/static/", "/static/css/", "/static/js", "/files/", "/.git/config", "/.env"):
        assert Client().get(address).status_code in {302, 404}, address
