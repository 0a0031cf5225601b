"""The day of a company is that of its own place, not of the server's."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from backoffice.identity.middleware import AccessMiddleware
from backoffice.identity.selectors import access_of, access_today
from backoffice.organization.models import Company
from tests.factories.identity import grant, make_token, make_user
from tests.factories.people import make_company

pytestmark = pytest.mark.django_db

# half past midnight of the 23rd in São Paulo, half past ten of the evening before in Acre
AT = dt.datetime(2026, 11, 23, 3, 30, tzinfo=dt.UTC)
DAY = dt.date(2026, 11, 22)


@pytest.fixture(autouse=True)
def _server_clock() -> Iterator[None]:
    yield
    timezone.deactivate()


@pytest.fixture
def acre() -> Company:
    company = make_company()
    Company.objects.filter(pk=company.pk).update(time_zone="America/Rio_Branco")
    return company


def test_rights_are_those_of_the_company_s_day(acre: Company) -> None:
    user = make_user(acre, "employee")
    tomorrow = grant(acre, user, "administrator", valid_from=DAY + dt.timedelta(days=1))
    held = access_today(partial(access_of, user, acre.pk), AT)
    assert (held.on, held.zone) == (DAY, "America/Rio_Branco")
    assert not held.can("backoffice.role_grant.assign")
    assert access_of(user, acre.pk, tomorrow.valid_from).can("backoffice.role_grant.assign")


def test_where_the_day_is_the_server_s_nothing_changes() -> None:
    company = make_company()
    user = make_user(company, "employee")
    held = access_today(partial(access_of, user, company.pk), AT)
    assert (held.on, held.zone) == (DAY + dt.timedelta(days=1), "America/Sao_Paulo")


def test_a_stranger_has_no_clock() -> None:
    user = make_user(make_company(), "employee")
    held = access_today(partial(access_of, user, make_company().pk), AT)
    assert (held.company_id, held.zone) == (0, "")


def clock_in(request: HttpRequest) -> HttpResponse:
    return HttpResponse(timezone.get_current_timezone_name())


def test_a_request_has_the_company_s_clock_and_puts_the_server_s_back(
    acre: Company, rf: RequestFactory
) -> None:
    request = rf.get("/")
    request.user, request.session = make_user(acre, "employee"), SessionStore()
    answer = AccessMiddleware(clock_in)(request)
    assert answer.content == b"America/Rio_Branco"
    assert timezone.get_current_timezone_name() == "America/Sao_Paulo"


def test_a_fault_puts_the_clock_back_too(acre: Company, rf: RequestFactory) -> None:
    def fail(_request: HttpRequest) -> HttpResponse:
        raise LookupError

    request = rf.get("/")
    request.user, request.session = make_user(acre, "employee"), SessionStore()
    with pytest.raises(LookupError):
        AccessMiddleware(fail)(request)
    assert timezone.get_current_timezone_name() == "America/Sao_Paulo"


def test_a_token_counts_by_the_company_s_day_as_well(acre: Company) -> None:
    user = make_user(acre, "administrator")
    token = make_token(user, acre, ["backoffice.user.view"])
    given = {"authorization": f"Bearer {token.secret.value}"}
    assert Client().get("/api/v1/backoffice/users/", headers=given).status_code == 200
    assert timezone.get_current_timezone_name() == "America/Sao_Paulo"
