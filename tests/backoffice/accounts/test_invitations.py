"""A mailed link or a printed code with which people choose a password; CPF instead of e-mail."""

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from pytest_django.fixtures import Settings
from typing_extensions import override

from backoffice.accounts import services
from backoffice.accounts.models import Invitation
from backoffice.accounts.rules import mailed_digest, new_code
from backoffice.audit.models import Event
from backoffice.commands import Channel, Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Scope, Secret
from backoffice.organization.models import Company
from tests.factories.identity import (
    AT,
    PASSWORD,
    acting_as,
    browser,
    make_person,
    make_program,
    make_user,
)
from tests.factories.people import make_company, system
from tests.harness.threads import Racers

pytestmark = pytest.mark.django_db
LOGIN, CODE_PAGE = "/account/login/", "/account/code/"
NEW = "uma senha bem comprida"
LINK = "t0ken"


def holder(at: dt.datetime = AT) -> Context:
    """The system, acting for who holds the link or paper."""
    return Context(company_id=None, at=at, channel=Channel.SYSTEM, reason="invitation")


@pytest.fixture
def company() -> Company:
    return make_company()


@pytest.fixture
def administrator(company: Company) -> User:
    return make_user(company, "administrator")


def without_email(company: Company, code: str = "employee", scope: Scope = Scope.OWN) -> User:
    """Somebody who logs in with the CPF, and has no password yet."""
    user = make_user(company, code, scope=scope, person=make_person())
    User.objects.filter(pk=user.pk).update(email=None, password="!")
    user.refresh_from_db()
    return user


def printed(company: Company, administrator: User, user: User) -> str:
    """A fresh code on paper."""
    code = new_code()
    services.invite_on_paper(acting_as(administrator, company), user_id=user.pk, code=Secret(code))
    return code


def mailed(company: Company, administrator: User, user: User, token: str = LINK) -> Invitation:
    """A mailed link."""
    return services.invite_by_mail(
        acting_as(administrator, company),
        user_id=user.pk,
        token=Secret(token),
        link=Secret(f"https://ipe.example/{token}"),
    )


# --- by mail --------------------------------------------------------------------------------------


def test_a_mailed_link_chooses_a_password_once(
    company: Company, administrator: User, django_capture_on_commit_callbacks: Callable[..., object]
) -> None:
    user = make_user(company, "employee")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        row = mailed(company, administrator, user)
    (message,) = mail.outbox
    assert message.to == [user.email]
    assert "https://ipe.example/t0ken" in message.body
    assert (row.digest, row.expires_at) == (mailed_digest("t0ken"), AT + dt.timedelta(days=7))
    services.accept_mail(holder(), token=Secret("t0ken"), password=Secret(NEW))
    user.refresh_from_db()
    assert user.check_password(NEW)
    with pytest.raises(NotFound):
        services.accept_mail(holder(), token=Secret("t0ken"), password=Secret(NEW + "2"))
    for event in Event.objects.all():
        assert "t0ken" not in str(event.data)
        assert NEW not in str(event.data)


def test_a_link_is_over_after_seven_days_and_with_the_next_one(
    company: Company, administrator: User
) -> None:
    user = make_user(company, "employee")
    mailed(company, administrator, user, "first")
    mailed(company, administrator, user, "second")
    late = holder(AT + dt.timedelta(days=7))
    for ctx, token in ((holder(), "first"), (late, "second")):
        with pytest.raises(NotFound):
            services.accept_mail(ctx, token=Secret(token), password=Secret(NEW))
    assert Invitation.objects.filter(used_at=None, revoked_at=None).count() == 1


def test_a_weak_password_is_refused_and_the_link_stays(
    company: Company, administrator: User
) -> None:
    user = make_user(company, "employee")
    mailed(company, administrator, user)
    with pytest.raises(InvalidInput):
        services.accept_mail(holder(), token=Secret("t0ken"), password=Secret("curta"))
    services.accept_mail(holder(), token=Secret("t0ken"), password=Secret(NEW))


def test_who_may_be_invited(company: Company, administrator: User) -> None:
    closed = make_user(company, "employee")
    User.objects.filter(pk=closed.pk).update(is_active=False)
    stranger = make_user(make_company(), "employee")
    elsewhere = make_user(company, "employee")
    for user, refusal in (
        (closed, WrongState),
        (make_program(company, administrator), WrongState),
        (without_email(company), WrongState),
        (administrator, NotAllowed),
        (stranger, NotFound),
    ):
        with pytest.raises(refusal):
            mailed(company, administrator, user)
    make_user(make_company(), "employee")
    mailed(company, administrator, elsewhere)
    with pytest.raises(NotAllowed):
        services.invite_by_mail(
            acting_as(make_user(company, "hr_manager"), company),
            user_id=elsewhere.pk,
            token=Secret("x"),
            link=Secret("x"),
        )


def test_the_page_of_a_link_takes_a_password_and_says_nothing_when_it_is_over(
    company: Company, administrator: User
) -> None:
    user = make_user(company, "employee", email="ana@example.com")
    client = browser(administrator, company)
    assert client.post(f"/backoffice/users/{user.pk}/invite/").status_code == 302
    row = Invitation.objects.get()
    assert Client().get("/account/invitation/unknown/").status_code == 404
    page = "/account/invitation/known/"
    Invitation.objects.all()  # the real link is only in the mail; make one whose secret is known
    mailed_again = services.invite_by_mail(
        acting_as(administrator, company, at=row.created_at),
        user_id=user.pk,
        token=Secret("known"),
        link=Secret("x"),
    )
    assert mailed_again.pk != row.pk
    guest = Client()
    assert "ana@example.com" in guest.get(page).content.decode()
    assert guest.post(page, {"password1": NEW, "password2": "outra"}).status_code == 422
    done = guest.post(page, {"password1": NEW, "password2": NEW})
    assert (done.status_code, done["Location"]) == (302, LOGIN)
    assert guest.get(page).status_code == 404
    answer = guest.post(LOGIN, {"login": "ana@example.com", "password": NEW})
    assert answer.status_code == 302


# --- on paper -------------------------------------------------------------------------------------


def test_a_person_without_e_mail_chooses_a_password_with_paper_and_logs_in_by_cpf(
    company: Company, administrator: User
) -> None:
    user = without_email(company)
    cpf = user.person.tax_id  # type: ignore[union-attr]
    shown = browser(administrator, company).post(f"/backoffice/users/{user.pk}/paper/")
    code = shown.context["code"]
    assert shown["Cache-Control"].startswith("max-age=0, no-cache, no-store")
    assert code in shown.content.decode()
    assert code.replace("-", "") not in Invitation.objects.get().digest
    guest = Client()
    spaced = f"{cpf[:3]}.{cpf[3:6]}.{cpf[6:9]}-{cpf[9:]}"
    given = {"cpf": spaced, "code": code.lower(), "password1": NEW, "password2": NEW}
    assert guest.post(CODE_PAGE, given)["Location"] == LOGIN
    assert guest.post(CODE_PAGE, given).status_code == 422  # once
    for typed in (cpf, spaced):
        client = Client()
        assert client.post(LOGIN, {"login": typed, "password": NEW}).status_code == 302
        assert int(client.session["_auth_user_id"]) == user.pk


def test_the_fifth_wrong_code_ends_the_paper(company: Company, administrator: User) -> None:
    user = without_email(company)
    cpf = user.person.tax_id  # type: ignore[union-attr]
    code = printed(company, administrator, user)
    for number in range(5):
        wrong = services.accept_code(
            holder(), cpf=cpf, code=Secret("2222-2222-2222"), password=Secret(NEW)
        )
        assert wrong is None
        assert Invitation.objects.get().failures == number + 1
    right = services.accept_code(holder(), cpf=cpf, code=Secret(code), password=Secret(NEW))
    assert right is None
    user.refresh_from_db()
    assert not user.has_usable_password()
    assert Event.objects.filter(action="backoffice.invitation.wrong_code").count() == 5


def test_paper_is_over_after_two_weeks(company: Company, administrator: User) -> None:
    user = without_email(company)
    code = printed(company, administrator, user)
    late = holder(AT + dt.timedelta(days=14))
    cpf = user.person.tax_id  # type: ignore[union-attr]
    assert services.accept_code(late, cpf=cpf, code=Secret(code), password=Secret(NEW)) is None


def test_a_forgotten_password_is_replaced_by_a_new_paper_and_the_old_one_ends(
    company: Company, administrator: User
) -> None:
    user = without_email(company)
    cpf = user.person.tax_id  # type: ignore[union-attr]
    accept = partial(services.accept_code, holder(), cpf=cpf)
    accept(code=Secret(printed(company, administrator, user)), password=Secret(NEW))
    old, new = printed(company, administrator, user), printed(company, administrator, user)
    assert accept(code=Secret(old), password=Secret(PASSWORD)) is None
    assert accept(code=Secret(new), password=Secret(PASSWORD)) is not None
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_nobody_gets_paper_for_who_has_an_e_mail_or_more_rights(
    company: Company, administrator: User
) -> None:
    for user, refusal, code in (
        (make_user(company, "employee"), WrongState, "has_email"),
        (without_email(company, "hr_analyst", Scope.COMPANY), NotAllowed, "more_rights"),
    ):
        with pytest.raises(refusal) as refused:
            printed(company, administrator, user)
        assert refused.value.code == code
    assert Invitation.objects.count() == 0


def test_an_administrator_sends_nobodys_password_elsewhere(
    company: Company, administrator: User
) -> None:
    from backoffice.identity.services import edit_user

    rich = make_user(company, "hr_analyst")
    with pytest.raises(NotAllowed) as refused:
        edit_user(
            acting_as(administrator, company),
            user_id=rich.pk,
            email="mine@example.com",
            name=rich.name,
            person_id=None,
        )
    assert refused.value.code == "more_rights"


class CountingHasher(MD5PasswordHasher):
    """Counts how often something is hashed: what the time of an answer is made of."""

    algorithm = "counting"
    hashed = 0

    @override
    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


def test_unknown_cpf_and_wrong_code_take_the_same_work_and_get_the_same_answer(
    company: Company, administrator: User, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.CountingHasher"]
    user = without_email(company)
    printed(company, administrator, user)
    cpfs = [user.person.tax_id, make_person().tax_id]  # type: ignore[union-attr]
    answers, counts = [], []
    for cpf in cpfs:
        CountingHasher.hashed = 0
        given = {"cpf": cpf, "code": "2222-2222-2222", "password1": NEW, "password2": NEW}
        answer = Client().post(CODE_PAGE, given)
        answers.append((answer.status_code, answer.context["form"].errors))
        counts.append(CountingHasher.hashed)
    assert answers[0] == answers[1]
    assert counts == [1, 1]


def test_guessing_codes_locks_the_cpf_at_this_address(company: Company) -> None:
    cpf = make_person().tax_id
    given = {"cpf": cpf, "code": "2222-2222-2222", "password1": NEW, "password2": NEW}
    answers = [Client().post(CODE_PAGE, given).status_code for _ in range(6)]
    assert answers == [422, 422, 422, 422, 429, 429]


def test_an_invitation_never_changes_by_sql(company: Company, administrator: User) -> None:
    user = make_user(company, "employee")
    row = mailed(company, administrator, user)
    services.accept_mail(holder(), token=Secret("t0ken"), password=Secret(NEW))
    for change in ("used_at = NULL", "failures = 0", "revoked_at = now()"):
        with (
            pytest.raises(IntegrityError, match="has ended"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(f"UPDATE backoffice_invitation SET {change} WHERE id = {row.pk}")


@pytest.mark.clone
@pytest.mark.races
def test_of_sixteen_who_use_one_paper_at_once_one_chooses_the_password() -> None:
    company = make_company()
    administrator = make_user(company, "administrator")
    user = without_email(company)
    cpf = user.person.tax_id  # type: ignore[union-attr]
    code = printed(company, administrator, user)
    with Racers() as racers:
        results = racers.race(
            [
                partial(
                    services.accept_code,
                    holder(),
                    cpf=cpf,
                    code=Secret(code),
                    password=Secret(f"{NEW} {number}"),
                )
                for number in range(16)
            ]
        )
    assert sum(isinstance(result, User) for result in results) == 1
    assert Invitation.objects.get().used_at is not None


def test_the_system_alone_accepts(company: Company, administrator: User) -> None:
    user = make_user(company, "employee")
    mailed(company, administrator, user)
    with pytest.raises(InvalidInput):
        services.accept_mail(acting_as(user, company), token=Secret("t0ken"), password=Secret(NEW))
    assert system(company).actor is None
