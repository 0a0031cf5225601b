"""The gateway: public hosts only, pinned, bounded in time and size, no redirects."""

import ipaddress
import socket
import time
from typing import Any

import pytest

from backoffice.effects import gateway
from backoffice.effects.gateway import Answer, Unreachable, check_address, is_public, post, resolve
from backoffice.errors import InvalidInput
from tests.factories.receiver import Receiver, receiving


@pytest.fixture
def here(settings: Any) -> None:
    """This machine may be called, as in a demonstration."""
    settings.GATEWAY_PRIVATE_HOSTS = frozenset({"127.0.0.1"})


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.com",
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "https://user:secret@hooks.example.com/",
        "https://hooks.example.com@127.0.0.1/",
        "https://localhost/",
        "https://localhost.localdomain:99999/",
        "https://hooks.example.com:22/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://192.168.1.1/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[fd00::1]/",
        "https://0.0.0.0/",
        "https://hooks.example.com/\r\nHost: other",
        "https://hooks.example.com/a b",
        "https://hooks.exämple.com/",
        "https://hooks.example.com/" + "a" * 500,
    ],
)
def test_addresses_that_are_never_called(url: str) -> None:
    with pytest.raises(InvalidInput) as refusal:
        check_address(url)
    assert (refusal.value.code, list(refusal.value.fields)) == ("bad_address", ["url"])


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com/",
        "https://hooks.example.com:8443/a?b=c",
        "https://8.8.8.8/",
        "https://xn--exmple-cua.com/",
    ],
)
def test_addresses_of_the_public_internet_pass(url: str) -> None:
    assert check_address(url).geturl() == url


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("127.0.0.1", False),
        ("100.64.0.1", False),
        ("169.254.169.254", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("::", False),
        ("fe80::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:7f00:1::", False),
        ("2001:0:7f00:1::", False),
        ("64:ff9b::7f00:1", False),
        ("ff02::1", False),
    ],
)
def test_only_hosts_of_the_public_internet_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) is public


def test_a_name_that_leads_inside_is_not_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(*_args: object, **_more: object) -> list[Any]:
        rows = ("93.184.216.34", "10.0.0.7")  # one public and one private address
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, 443)) for text in rows]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    with pytest.raises(Unreachable, match="no public address"):
        resolve("rebinding.example.com", 443, seconds=1)
    with pytest.raises(Unreachable, match="no public address"):
        post("https://rebinding.example.com/", b"{}", {})


def test_the_connection_goes_to_the_address_that_was_checked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[str] = []
    called: list[Any] = []

    def answer(host: str, *_args: object, **_more: object) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("93.184.216.34", 443))]

    def connect(address: Any, timeout: Any = None) -> None:
        called.append(address)
        raise ConnectionRefusedError("refused by the test")

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(Unreachable, match="refused by the test"):
        post("https://hooks.example.com/", b"{}", {})
    assert (asked, called) == (["hooks.example.com"], [("93.184.216.34", 443)])


def test_a_name_that_takes_too_long_or_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_given: object, **_more: object) -> list[object]:
        time.sleep(0.3)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with pytest.raises(Unreachable, match="timed out"):
        resolve("slow.example.com", 443, seconds=0.05)
    with pytest.raises(Unreachable, match="no address"):
        resolve("slow.example.com", 443, seconds=5)

    def fail(*_args: object, **_more: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Unreachable, match="unknown"):
        resolve("no.example.com", 443, seconds=1)


def plain(receiver: Receiver, answer: bytes) -> None:
    receiver.raw = lambda handler: handler.wfile.write(answer)


@pytest.mark.usefixtures("here")
def test_an_answer_comes_back_and_a_redirect_is_not_followed() -> None:
    with receiving() as inner, receiving() as outer:
        head = f"HTTP/1.1 302 Found\r\nLocation: {inner.url}\r\nContent-Length: 2\r\n\r\nhi"
        plain(outer, head.encode())
        assert post(outer.url, b"{}", {}) == Answer(302, b"hi")
        assert inner.seen == []


@pytest.mark.usefixtures("here")
def test_an_answer_that_is_too_large_too_slow_or_no_http_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(gateway, "ANSWER_BYTES", 1000)
    with receiving() as receiver:
        plain(receiver, b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000)
        with pytest.raises(Unreachable, match="too large"):
            post(receiver.url, b"{}", {})
        plain(receiver, b"SSH-2.0-OpenSSH\r\n")
        with pytest.raises(Unreachable, match="BadStatusLine"):
            post(receiver.url, b"{}", {})

        def drip(handler: Any) -> None:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
            for _each in range(100):
                handler.wfile.write(b"X-More: yes\r\n")
                time.sleep(0.05)

        receiver.raw = drip
        began = time.monotonic()
        with pytest.raises(Unreachable):
            post(receiver.url, b"{}", {}, seconds=0.4)
        assert time.monotonic() - began < 2


@pytest.mark.usefixtures("here")
def test_nobody_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        post(f"http://127.0.0.1:{port}/", b"{}", {})


def test_without_the_allowance_this_machine_is_not_called(settings: Any) -> None:
    settings.GATEWAY_PRIVATE_HOSTS = frozenset()
    with receiving() as receiver:
        with pytest.raises(InvalidInput):
            post(receiver.url, b"{}", {})
        assert receiver.seen == []
