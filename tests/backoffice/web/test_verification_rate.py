"""Whoever tries codes by the thousand is turned away, and learns nothing from it."""

from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from backoffice.pdf import verification

CODE = "P1-0000-0000-0000-0000"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_a_minute(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.VERIFY_RATE = 3
    monkeypatch.setattr("backoffice.errors.limits.time.time", lambda: 1_000_000_040.0)


def ask(code: str = CODE, address: str = "203.0.113.7") -> Any:
    return Client(REMOTE_ADDR=address).get("/verify/", {"code": code})


def test_the_fourth_code_in_a_minute_is_refused_and_says_when_to_come_back() -> None:
    assert [ask().status_code for _ in range(4)] == [200, 200, 200, 429]
    assert ask()["Retry-After"] == "40"


def test_a_minute_later_the_count_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [ask().status_code for _ in range(4)][-1] == 429
    monkeypatch.setattr("backoffice.errors.limits.time.time", lambda: 1_000_000_100.0)
    assert ask().status_code == 200


def test_other_addresses_and_the_empty_page_are_not_counted() -> None:
    for _ in range(4):
        ask()
    assert ask(address="203.0.113.8").status_code == 200
    assert Client(REMOTE_ADDR="203.0.113.7").get("/verify/").status_code == 200


def test_codes_in_the_path_and_in_the_form_are_counted_together() -> None:
    client = Client(REMOTE_ADDR="203.0.113.7")
    assert [client.get(f"/verify/{CODE}/").status_code for _ in range(3)] == [200] * 3
    assert ask().status_code == 429


def test_one_connection_has_one_count_whatever_ipv6_address_it_takes() -> None:
    answers = [ask(address=f"2001:db8:1:2::{number}").status_code for number in range(1, 5)]
    assert answers == [200, 200, 200, 429]
    assert ask(address="2001:db8:1:3::1").status_code == 200


def test_the_refusal_is_the_same_for_every_code_and_looks_nothing_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked: list[int] = []

    def find(key: int) -> None:
        looked.append(key)

    monkeypatch.setitem(verification.KINDS, "Z", find)
    for _ in range(3):
        ask()
    one, other = ask("Z1-0000-0000-0000-0000"), ask("not a code")
    assert one.content == other.content
    assert looked == []
