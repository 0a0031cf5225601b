"""The one way to call an address outside: public hosts only, pinned, bounded, without redirects.

The name is resolved once and the connection goes to exactly the address that was checked, so that
a name that answers differently the second time reaches nothing inside. Nothing follows a redirect.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TookTooLong
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.errors import InvalidInput

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

SECONDS = 10.0
ANSWER_BYTES = 64 * 1024
LONGEST_URL = 500
HTTPS_PORT = 443
LOWEST_OTHER_PORT = 1024

# Prefixes that lead to an IPv4 address by translation, whatever `ipaddress` says of them.
_TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))


class Unreachable(Exception):
    """There was no answer: name, connection, certificate, time or size."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, and at most 64 KiB of the body."""

    status: int
    body: bytes


def check_address(url: str) -> SplitResult:
    """The parts of an address that may be called, without asking the network.

    Raises:
        InvalidInput: ``bad_address``: no https, a user name inside, a strange port, or a host that
            is an address of no public network.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
    except ValueError:
        raise _refused(_("This is no web address.")) from None
    clean = len(url) <= LONGEST_URL and url.isascii() and url.isprintable() and " " not in url
    if not clean or not host or parts.username is not None or parts.password is not None:
        raise _refused(_("This is no web address."))
    if _is_allowed(host):
        if parts.scheme not in {"http", "https"}:
            raise _refused(_("An address begins with https://."))
        return parts
    if parts.scheme != "https":
        raise _refused(_("An address begins with https://."))
    if port is not None and port != HTTPS_PORT and port < LOWEST_OTHER_PORT:
        raise _refused(_("This port belongs to another service."))
    literal = _literal(host)
    if "." not in host or (literal is not None and not is_public(literal)):
        raise _refused(_("Only addresses of the public internet are called."))
    return parts


def _refused(message: str | Promise) -> InvalidInput:
    return InvalidInput("bad_address", message, fields={"url": message})


def _is_allowed(host: str) -> bool:
    """Whether settings name the host although it is not public: demonstrations and tests do."""
    return host in settings.GATEWAY_PRIVATE_HOSTS


def _literal(host: str) -> IpAddress | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_public(address: IpAddress) -> bool:
    """Whether an address belongs to a host of the public internet."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
        if address.teredo is not None or any(address in net for net in _TRANSLATED):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def resolve(host: str, port: int, *, seconds: float) -> str:
    """An address of a host; every one that its name gives must be public.

    Raises:
        Unreachable: The name does not exist, leads inside, or took too long.
    """
    pool = ThreadPoolExecutor(1)
    try:
        asked = pool.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        found = [str(row[4][0]) for row in asked.result(timeout=seconds)]
    except TookTooLong as error:  # an OSError itself: it comes first
        raise Unreachable("name: timed out") from error
    except (OSError, UnicodeError) as error:
        msg = f"name: {error}"
        raise Unreachable(msg) from error
    finally:
        pool.shutdown(wait=False)
    if not found:
        raise Unreachable("name: no address")
    if not _is_allowed(host):
        for text in found:
            if not is_public(ipaddress.ip_address(text.partition("%")[0])):
                raise Unreachable("the name leads to no public address")
    return found[0]


class _Pinned(http.client.HTTPConnection):
    """A connection to one checked address, speaking to the host by its name."""

    def __init__(self, parts: SplitResult, address: str, deadline: float) -> None:
        host = parts.hostname or ""
        self.secure = parts.scheme == "https"
        port = parts.port or (HTTPS_PORT if self.secure else 80)
        super().__init__(host, port, timeout=max(deadline - time.monotonic(), 0.001))
        self.address = address

    @override
    def connect(self) -> None:
        """Connect to the address that was checked; the certificate must be the host's."""
        self.sock = socket.create_connection((self.address, self.port), self.timeout)
        if self.secure:
            context = ssl.create_default_context(cafile=settings.GATEWAY_CA_FILE or None)
            secured = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock = secured
            secured.do_handshake()

    def cut(self) -> None:
        """End whatever is under way: a sender that drips bytes would stretch every single wait."""
        if self.sock is not None:
            with contextlib.suppress(OSError):
                self.sock.shutdown(socket.SHUT_RDWR)


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float = SECONDS) -> Answer:
    """Send a body to an address and read the answer; one attempt, no redirect.

    Args:
        url: The address.
        body: What is sent.
        headers: Further headers; values must be plain text.
        seconds: Time for everything together.

    Raises:
        InvalidInput: The address may not be called.
        Unreachable: There was no answer within the time and the size.
    """
    parts = check_address(url)
    deadline = time.monotonic() + seconds
    port = parts.port or (HTTPS_PORT if parts.scheme == "https" else 80)
    address = resolve(parts.hostname or "", port, seconds=seconds)
    connection = _Pinned(parts, address, deadline)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    watch = threading.Timer(max(deadline - time.monotonic(), 0), connection.cut)
    watch.daemon = True
    watch.start()
    try:
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
        found = answer.read(ANSWER_BYTES + 1)
    except (OSError, http.client.HTTPException, ValueError) as error:
        msg = f"{type(error).__name__}: {error}"
        raise Unreachable(msg[:LONGEST_URL]) from error
    finally:
        watch.cancel()
        connection.close()
    if time.monotonic() >= deadline:
        raise Unreachable("the answer took too long")
    if len(found) > ANSWER_BYTES:
        raise Unreachable("the answer is too large")
    return Answer(answer.status, found)
