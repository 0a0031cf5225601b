import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings
from typing_extensions import override

from backoffice.audit.models import Event
from backoffice.commands import Channel, Context
from backoffice.errors import InvalidInput, NotAllowed
from backoffice.identity import services
from backoffice.identity.models import RoleGrant, User
from backoffice.organization.models import Branch, Company
from backoffice.organization.services import CompanyData, HeadOffice
from tests.factories.identity import PASSWORD, access, acting_as, browser, grant, make_user
from tests.factories.people import AT, cnpj, make_company
from tests.harness.threads import race

pytestmark = pytest.mark.django_db

GIVEN = {
    "cnpj": "11.222.333/0001-81",
    "legal_name": "Papelaria Aroeira Ltda",
    "trade_name": "Papelaria Aroeira",
    "municipality": "Manaus",
    "state": "am",
    "admin_name": "Inês Prado",
    "admin_email": "Ines@example.com",
    "time_zone": "America/Manaus",
    "tax_regime": "simples",
}


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    def type_in(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.StringIO(text))

    type_in(f"{PASSWORD}\n")
    return type_in


def run(**over: Any) -> Any:
    out = io.StringIO()
    call_command("create_first_company", stdout=out, **{**GIVEN, **over})
    return out.getvalue()


def test_one_command_makes_company_head_office_and_administrator(
    typed: Callable[[str], None],
) -> None:
    said = run()
    company = Company.objects.get()
    assert (company.cnpj, company.tax_regime, company.time_zone) == (
        "11222333000181",
        "simples",
        "America/Manaus",
    )
    branch = Branch.objects.get()
    assert (branch.company, branch.code, branch.name) == (company, "01", "Matriz")
    assert (branch.cnpj, branch.municipality, branch.state) == (company.cnpj, "Manaus", "AM")
    user = User.objects.get()
    assert user.email == "ines@example.com"
    assert user.check_password(PASSWORD)
    held = access(user, company, timezone.localdate())
    assert held.can("backoffice.role_grant.assign")
    assert not held.can("hr.employee.view_pay")
    assert PASSWORD not in said


def test_running_it_again_changes_nothing(typed: Callable[[str], None]) -> None:
    run()
    before = (Event.objects.count(), RoleGrant.objects.count())
    said = run(admin_email="other@example.com", legal_name="Outro nome")
    assert said.count("nothing was changed") == 2
    assert Company.objects.get().legal_name == "Papelaria Aroeira Ltda"
    assert User.objects.count() == 1
    assert (Event.objects.count(), RoleGrant.objects.count()) == before


def test_what_is_missing_after_a_refusal_is_made_by_the_next_run(
    typed: Callable[[str], None],
) -> None:
    typed("123\n")
    with pytest.raises(CommandError):
        run()
    assert Company.objects.count() == 1
    assert not User.objects.exists()
    typed(f"{PASSWORD}\n")
    assert "Ines" not in run(role="owner")
    assert access(User.objects.get(), Company.objects.get(), timezone.localdate()).can(
        "hr.employee.view_pay"
    )


def test_an_installation_with_another_company_is_refused(typed: Callable[[str], None]) -> None:
    make_company()
    with pytest.raises(CommandError, match=r"(?i)já tem uma empresa|has a company already"):
        run()
    assert Company.objects.count() == 1
    assert not User.objects.exists()


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"cnpj": "11.222.333/0001-82"}, "CNPJ"),
        ({"state": "A1"}, "(?i)letras|letters"),
        ({"admin_email": "nobody"}, "(?i)e-mail"),
    ],
)
def test_what_cannot_be_right_is_refused(
    typed: Callable[[str], None], over: Any, message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(**over)
    assert not User.objects.exists()


def test_without_a_terminal_everything_missing_is_named_at_once(
    typed: Callable[[str], None],
) -> None:
    with pytest.raises(CommandError, match="--legal-name, --admin-email"):
        run(legal_name="", admin_email="")
    assert not Company.objects.exists()


def test_at_a_terminal_what_is_missing_is_asked_for(
    typed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        @override
        def isatty(self) -> bool:
            return True

    answers = iter(["", "Papelaria Aroeira Ltda"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("builtins.input", lambda _question: next(answers))
    monkeypatch.setattr("getpass.getpass", lambda _question: PASSWORD)
    run(legal_name="")
    assert Company.objects.get().legal_name == "Papelaria Aroeira Ltda"
    assert User.objects.get().check_password(PASSWORD)


def test_two_different_passwords_at_the_terminal_are_refused(
    typed: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        @override
        def isatty(self) -> bool:
            return True

    words = iter([PASSWORD, PASSWORD + "x"])
    monkeypatch.setattr("sys.stdin", Terminal())
    monkeypatch.setattr("getpass.getpass", lambda _question: next(words))
    with pytest.raises(CommandError, match="differ"):
        run()
    assert not User.objects.exists()


def test_an_invitation_sets_the_password_once(
    typed: Callable[[str], None], client: Client, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["retaguarda.example", "testserver"]
    said = run(invite=True)
    user = User.objects.get()
    assert not user.has_usable_password()
    link = re.search(r"https://retaguarda\.example(\S+)", said)
    assert link is not None
    form: Any = client.get(link[1], follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": PASSWORD, "password2": PASSWORD})
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    again = client.get(link[1], follow=True)
    assert b"password1" not in again.content


def test_only_the_system_sets_up_the_first_company() -> None:
    company = make_company()
    owner = make_user(company, "owner")
    office = HeadOffice(name="Matriz", municipality="Manaus", state="AM")
    data = CompanyData(cnpj=cnpj(77), legal_name="Outra Ltda", trade_name="Outra")
    with pytest.raises(NotAllowed):
        services.set_up_first_company(acting_as(owner, company), data=data, head_office=office)
    assert Company.objects.count() == 1


def test_who_opens_a_company_may_enter_it_and_nobody_else() -> None:
    company = make_company()
    owner, colleague = make_user(company, "owner"), make_user(company, "owner")
    made = services.create_company(
        acting_as(owner, company), cnpj=cnpj(78), legal_name="Irmã Ltda", trade_name="Irmã"
    )
    assert access(owner, made).can("backoffice.role_grant.assign")
    assert access(colleague, made).company_id == 0
    event = Event.objects.get(action="backoffice.role_grant.assigned", company_id=made.pk)
    assert event.actor_id == owner.pk
    page = browser(owner).get("/")
    assert b"Irm\xc3\xa3" in page.content
    assert b"Irm\xc3\xa3" not in browser(colleague).get("/").content


def test_only_the_roles_that_allow_it_are_taken_along() -> None:
    company = make_company()
    administrator = make_user(company, "administrator")
    grant(company, administrator, "auditor")
    made = services.create_company(
        acting_as(administrator, company), cnpj=cnpj(79), legal_name="Irmã Ltda", trade_name="Irmã"
    )
    assert [g.role.code for g in RoleGrant.objects.filter(company=made)] == ["administrator"]


@pytest.mark.parametrize(
    ("over", "field"),
    [({"tax_regime": "king"}, "tax_regime"), ({"time_zone": "Europe/Lisbon"}, "time_zone")],
)
def test_a_regime_or_clock_that_does_not_exist_is_refused(over: Any, field: str) -> None:
    ctx = Context(company_id=None, at=AT, channel=Channel.SYSTEM)
    given = {"cnpj": cnpj(80), "legal_name": "Irmã Ltda", "trade_name": "Irmã"} | over
    with pytest.raises(InvalidInput) as refusal:
        services.create_company(ctx, **given)
    assert list(refusal.value.fields) == [field]
    assert not Company.objects.exists()


@pytest.mark.clone
def test_two_shells_at_the_same_moment_make_one_first_company() -> None:
    ctx = Context(company_id=None, at=AT, channel=Channel.SYSTEM)
    office = HeadOffice(name="Matriz", municipality="Manaus", state="AM")

    def found(number: Any) -> Any:
        def act() -> Any:
            data = CompanyData(cnpj=cnpj(number), legal_name="Uma Ltda", trade_name="Uma")
            return services.set_up_first_company(ctx, data=data, head_office=office).pk

        return act

    results = race([found(900 + number) for number in range(8)])
    assert sum(isinstance(result, int) for result in results) == 1
    assert Company.objects.count() == 1
