"""Ports: answered once where they must be, and in the way in which they are asked."""

from collections.abc import Iterator
from typing import Any, Protocol

import pytest
from django.core.management import call_command

from backoffice.ports import ManyPort, OnePort
from backoffice.ports.checks import check_ports, differences, problems_of
from backoffice.ports.declaring import PORTS


class Greeting(Protocol):
    """How somebody is greeted."""

    def __call__(self, name: str, *, loud: bool = False) -> str: ...


class Clock(Protocol):
    """Two questions."""

    def hour(self, day: int) -> int: ...

    def minute(self, day: int) -> int: ...


@pytest.fixture(autouse=True)
def only_these() -> Iterator[None]:
    kept = dict(PORTS)
    yield
    PORTS.clear()
    PORTS.update(kept)


def hello(name: str, *, loud: bool = False) -> str:
    return f"Olá, {name}{'!' if loud else ''}"


def test_who_asks_gets_the_answer_of_who_provides() -> None:
    port: OnePort[Greeting] = OnePort("test.greeting", Greeting)
    port.provide(hello)
    assert port.answer("Ana", loud=True) == "Olá, Ana!"
    assert list(problems_of(port)) == []


def test_without_a_provider_the_check_fails_and_the_question_too() -> None:
    port: OnePort[Greeting] = OnePort("test.greeting", Greeting)
    assert list(problems_of(port)) == ["nobody answers it"]
    with pytest.raises(LookupError, match=r"the port test.greeting has 0 answers"):
        _ = port.answer
    many: ManyPort[Greeting] = ManyPort("test.greetings", Greeting)
    assert list(problems_of(many)) == ["nobody answers it"]
    assert many.answers == ()


def test_a_default_counts_until_somebody_answers() -> None:
    port: OnePort[Greeting] = OnePort("test.greeting", Greeting, default=hello)
    assert list(problems_of(port)) == []
    assert port.answer("Ana") == "Olá, Ana"

    def other(name: str, *, loud: bool = False) -> str:
        return name

    port.provide(other)
    assert port.answer("Ana") == "Ana"


def test_two_providers_are_one_too_many_unless_many_may_answer() -> None:
    def other(name: str, *, loud: bool = False) -> str:
        return name

    port: OnePort[Greeting] = OnePort("test.greeting", Greeting)
    many: ManyPort[Greeting] = ManyPort("test.greetings", Greeting)
    for each in (port, many):
        each.provide(hello)
        each.provide(other)
        each.provide(hello)  # the same once more is nothing new
    assert [text.split(" where")[0] for text in problems_of(port)] == ["2 answer"]
    with pytest.raises(LookupError):
        _ = port.answer
    assert list(problems_of(many)) == []
    assert many.answers == (hello, other)


def fewer(name: str) -> str:
    return name


def renamed(who: str, *, loud: bool = False) -> str:
    return who


def positional(name: str, loud: bool = False) -> str:
    return name


def demanding(name: str, *, loud: bool) -> str:
    return name


def more(name: str, title: str, *, loud: bool = False) -> str:
    return name


def typed(name: int, *, loud: bool = False) -> str:
    return str(name)


@pytest.mark.parametrize("provider", [fewer, renamed, positional, demanding, more, typed])
def test_an_answer_that_takes_other_arguments_is_refused(provider: Any) -> None:
    (found,) = differences(Greeting, provider)
    assert found.endswith("is not asked as (name: str, *, loud: bool = False) -> str")


def untyped(name, *, loud=False, tone="", **rest):  # type: ignore[no-untyped-def]
    return name


def test_more_than_what_is_asked_may_be_taken_if_it_need_not_be_given() -> None:
    assert list(differences(Greeting, untyped)) == []


class Watch:
    def hour(self, day: int) -> int:
        return day

    def minute(self) -> int:
        return 0


class Sundial:
    def hour(self, day: int) -> int:
        return day


def test_of_an_object_every_question_is_looked_at() -> None:
    assert list(differences(Clock, Sundial())) == [".minute is missing"]
    assert list(differences(Clock, Watch())) == [
        ".minute() -> int is not asked as (day: int) -> int"
    ]


def test_two_ports_have_two_names() -> None:
    OnePort("test.greeting", Greeting)
    with pytest.raises(ValueError, match="two ports are named"):
        ManyPort("test.greeting", Greeting)


def test_the_start_is_refused_with_the_name_of_the_port() -> None:
    OnePort("test.greeting", Greeting)
    (error,) = check_ports()
    assert (error.id, error.obj, error.msg) == ("ports.E001", "test.greeting", "nobody answers it")


def test_every_port_of_the_product_is_answered_from_outside_the_folder_that_asks() -> None:
    call_command("check")
    assert set(PORTS) >= {"links.objects", "legislation.effects", "directory.keeps_party"}
    for name, port in PORTS.items():
        asked = port.shape.__module__.rpartition(".")[0]
        answered = {_module(each).rpartition(".")[0] for each in port.providers}
        assert answered - {asked}, name


def _module(provider: Any) -> str:
    return str(getattr(provider, "__module__", type(provider).__module__))
