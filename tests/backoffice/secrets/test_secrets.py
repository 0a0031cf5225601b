"""Secrets: sealed for their place, opened by the right key, sealed again; certificates read and refused."""

import datetime as dt
import io

import pytest
from cryptography.hazmat.primitives.serialization import pkcs12
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.secrets import rules, services
from backoffice.secrets.models import Certificate, Secret
from backoffice.secrets.selectors import closed_for_ever, visible_certificates
from tests.factories import certificates, identity, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


def keep(company: Company, content: bytes = b"abre-te", name: str = "x") -> Secret:
    with transaction.atomic():
        return services.keep_secret(people.system(company), name=name, content=content)


@given(st.binary(max_size=500), st.text(min_size=1), st.text())
def test_what_is_sealed_opens_with_its_key_at_its_place_only(
    content: bytes, key: str, place: str
) -> None:
    name, sealed = rules.seal([key], place, content)
    assert rules.unseal(["other", key], place, name, sealed) == content
    for keys, where, what in (
        ([key + "x"], place, sealed),
        ([key], place + "x", sealed),
        ([key], place, sealed[:-1] + bytes([sealed[-1] ^ 1])),
    ):
        with pytest.raises(rules.CannotOpen):
            rules.unseal(keys, where, name, what)


def test_the_database_holds_nothing_that_can_be_read(company: Company) -> None:
    secret = keep(company, b"senha muito secreta")
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed::text, key_id FROM backoffice_secret")
        sealed, name = cursor.fetchone()
    assert b"secreta".hex() not in sealed
    assert name == rules.key_id("development-only")
    assert "senha" not in str(Event.objects.values_list("data"))
    with transaction.atomic():
        got = services.open_secret(people.system(company), secret, purpose="teste")
    assert got == b"senha muito secreta"
    assert Event.objects.get(action="backoffice.secret.opened").data == {"purpose": "teste"}


def test_a_secret_copied_to_another_company_does_not_open(company: Company) -> None:
    mine, other = keep(company), keep(people.make_company())
    Secret.objects.filter(pk=other.pk).update(sealed=mine.sealed)
    assert [each.pk for each in closed_for_ever()] == [other.pk]


def test_the_key_is_changed_without_a_moment_in_which_nothing_opens(
    company: Company, settings: object
) -> None:
    secret = keep(company)
    settings.SECRETS_KEYS = ["new", "development-only"]  # type: ignore[attr-defined]
    assert closed_for_ever() == []
    out = io.StringIO()
    call_command("rotate_secrets", stdout=out)
    assert f"{company}: 1" in out.getvalue()
    settings.SECRETS_KEYS = ["new"]  # type: ignore[attr-defined]
    assert closed_for_ever() == []
    secret.refresh_from_db()
    assert secret.key_id == rules.key_id("new")
    assert services.rotate_secrets(people.system(company)) == 0
    settings.SECRETS_KEYS = ["third"]  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="not given"):
        call_command("rotate_secrets", stdout=out)
    assert [each.pk for each in closed_for_ever()] == [secret.pk]


def test_a_certificate_tells_its_expiry_and_its_file_is_sealed(company: Company) -> None:
    content = certificates.a1(company.cnpj)
    made = certificates.install(company, content=content)
    assert (made.cnpj, made.valid_to, made.issuer) == (
        *(company.cnpj, certificates.TO),
        "AC TESTE RFB",
    )
    assert made.subject == "EMPRESA TESTE LTDA"
    assert made.secret is not None
    assert content[:40].hex() not in bytes(made.secret.sealed).hex()
    with transaction.atomic():
        given = services.signing_material(people.system(company), made, purpose="assinar")
    assert given == (content, certificates.PASSWORD)
    logged = str(list(Event.objects.values_list("data", flat=True)))
    assert certificates.PASSWORD not in logged


def test_the_cnpj_is_read_from_the_extension_and_else_from_the_name(company: Company) -> None:
    content = certificates.a1(company.cnpj, in_san=False, in_name=True)
    assert certificates.install(company, content=content).cnpj == company.cnpj


def test_a_branch_may_use_the_certificate_of_its_head_office(company: Company) -> None:
    branch = company.cnpj[:8] + "0002" + "00"
    assert certificates.install(company, content=certificates.a1(branch)).cnpj == branch


@pytest.mark.parametrize(
    ("code", "field", "over"),
    [
        ("wrong_password", "password", {"password": "errada"}),
        ("not_pkcs12", "file", {"content": b"nothing of the sort"}),
        ("not_pkcs12", "file", {"content": b"\x30" + b"x" * 100}),
        ("not_pkcs12", "file", {"content": b"\x30" * 300_000}),
        ("expired", "file", {"valid": (certificates.FROM, people.AT - dt.timedelta(days=1))}),
        ("weak_key", "file", {"bits": 1024}),
        ("no_cnpj", "file", {"in_san": False}),
        ("no_private_key", "file", {"with_key": False}),
    ],
)
def test_what_the_company_cannot_sign_with_is_refused_beside_the_field(
    company: Company, code: str, field: str, over: dict[str, object]
) -> None:
    content = over.pop("content", None)
    password = over.pop("password", certificates.PASSWORD)
    file = content or certificates.a1(company.cnpj, **over)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refusal:
        certificates.install(company, content=file, password=password)
    assert (refusal.value.code, set(refusal.value.fields)) == (code, {field})
    assert not Certificate.objects.exists()
    assert not Secret.objects.exists()


def test_a_key_that_is_not_the_certificates_is_refused(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = certificates.a1(company.cnpj)
    load = pkcs12.load_key_and_certificates

    def mixed(*given: bytes) -> tuple[object, ...]:
        return certificates.key(2048, 5), *load(*given)[1:]

    monkeypatch.setattr(pkcs12, "load_key_and_certificates", mixed)
    with pytest.raises(InvalidInput) as refusal:
        certificates.install(company, content=content)
    assert refusal.value.code == "key_mismatch"


def test_a_certificate_of_another_company_and_a_second_copy_are_refused(company: Company) -> None:
    other = people.make_company()
    with pytest.raises(InvalidInput) as refusal:
        certificates.install(company, content=certificates.a1(other.cnpj))
    assert refusal.value.code == "other_company"
    content = certificates.a1(company.cnpj)
    certificates.install(company, content=content)
    with pytest.raises(InvalidInput) as refusal:
        certificates.install(company, content=content)
    assert refusal.value.code == "already_there"


def test_a_removed_certificate_loses_its_key_and_can_come_back(company: Company) -> None:
    content = certificates.a1(company.cnpj)
    made = certificates.install(company, content=content)
    ctx = people.system(company)
    services.remove_certificate(ctx, certificate_id=made.pk)
    made.refresh_from_db()
    assert (made.secret, Secret.objects.count()) == (None, 0)
    with pytest.raises(WrongState):
        services.remove_certificate(ctx, certificate_id=made.pk)
    with pytest.raises(NotFound):
        services.remove_certificate(people.system(people.make_company()), certificate_id=made.pk)
    with pytest.raises(WrongState), transaction.atomic():
        services.signing_material(ctx, made, purpose="assinar")
    assert certificates.install(company, content=content).pk != made.pk


def test_the_list_warns_before_a_certificate_ends(company: Company) -> None:
    certificates.install(company)
    user = identity.make_user(company, "administrator")
    states = {
        day: vars(visible_certificates(identity.access(user, company, day)).get())["state"]
        for day in (dt.date(2026, 11, 1), dt.date(2026, 12, 15), dt.date(2027, 1, 15))
    }
    assert list(states.values()) == ["valid", "expiring", "expired"]


def test_the_database_keeps_a_certificate_as_it_is(company: Company) -> None:
    made = certificates.install(company)
    for change in (
        "UPDATE backoffice_certificate SET valid_to = valid_to + interval '1 year'",
        "DELETE FROM backoffice_certificate",
        "UPDATE backoffice_certificate SET removed_at = now()",
    ):
        with (
            pytest.raises(Exception, match=r"permission denied|certificate_has_its_key"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)
    services.remove_certificate(people.system(company), certificate_id=made.pk)
    with pytest.raises(IntegrityError, match="stays as it is"), transaction.atomic():
        Certificate.objects.filter(pk=made.pk).update(removed_at=None)


def test_the_page_takes_file_and_password_once_and_shows_neither_again(company: Company) -> None:
    user = identity.make_user(company, "administrator")
    User.objects.filter(pk=user.pk).update(language="en")
    client = identity.browser(user, company)

    def send(password: str) -> object:
        valid = (certificates.FROM, certificates.TO.replace(year=2090))
        file = io.BytesIO(certificates.a1(company.cnpj, valid=valid))
        file.name = "empresa.pfx"
        return client.post("/certificates/install/", {"file": file, "password": password})

    wrong = send("errada-demais")
    assert wrong.status_code == 422  # type: ignore[attr-defined]
    assert "does not open the file" in wrong.content.decode()  # type: ignore[attr-defined]
    assert "errada-demais" not in wrong.content.decode()  # type: ignore[attr-defined]
    right = send(certificates.PASSWORD)
    made = Certificate.objects.get()
    assert right["Location"] == f"/backoffice/certificates/{made.pk}/"  # type: ignore[index]
    page = client.get(f"/backoffice/certificates/{made.pk}/").content.decode()
    assert "EMPRESA TESTE LTDA" in page
    assert certificates.PASSWORD not in page
    other = identity.browser(identity.make_user(company, "hr_manager"), company)
    assert other.get("/certificates/install/").status_code == 403
