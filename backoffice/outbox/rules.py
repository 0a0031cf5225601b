"""Positions in the stream of events, signatures of webhooks, and when a delivery is tried again."""

import base64
import datetime as dt
import hashlib
import hmac
import re
from dataclasses import dataclass

from typing_extensions import override

LAST_ID = 2**63 - 1
SECRET_MARK = "whsec_"  # noqa: S105  what every secret begins with, so that scanners find leaked ones

# Waiting time before each further attempt, in seconds; after the last one the delivery has failed.
WAITS = (60, 300, 1_800, 7_200, 18_000, 36_000, 36_000)
MOST_ATTEMPTS = len(WAITS) + 1

_POSITION = re.compile(r"(\d{1,9})\.(\d{1,19})\.(\d{1,19})", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in the stream of events: epoch of the log, transaction, event.

    Events commit in another order than they get their ids, so a place is told by the transaction
    first: below the oldest running transaction nothing can appear any more.
    """

    epoch: int
    xid: int
    event_id: int

    @override
    def __str__(self) -> str:
        """As callers keep it: ``1.4711.12``."""
        return f"{self.epoch}.{self.xid}.{self.event_id}"

    @classmethod
    def read(cls, text: str) -> "Position":
        """Read a place that was given out before.

        Raises:
            ValueError: It is none.
        """
        found = _POSITION.fullmatch(text)
        if found is None or max(int(found[2]), int(found[3])) > LAST_ID:
            msg = f"no position: {text[:60]}"
            raise ValueError(msg)
        return cls(int(found[1]), int(found[2]), int(found[3]))


START = Position(1, 0, 0)


def signature(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """The signature of a webhook message, as in the Standard Webhooks specification.

    HMAC-SHA-256 with the bytes of the secret over ``id.timestamp.body``, in base64 behind ``v1,``.

    Args:
        secret: ``whsec_`` and base64.
        message_id: The same for every attempt: what the receiver tells repeats by.
        timestamp: Seconds since 1970; the receiver refuses old ones.
        body: The bytes that are sent.
    """
    key = base64.b64decode(secret.removeprefix(SECRET_MARK))
    signed = f"{message_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def derive_secret(master: str, key: str, version: int) -> str:
    """The secret of a webhook: derived, so that no table holds it.

    Args:
        master: A key outside the database.
        key: The webhook's own key.
        version: Raised when the secret is changed.
    """
    mixed = hmac.new(master.encode(), f"webhook|{key}|{version}".encode(), hashlib.sha256)
    return SECRET_MARK + base64.b64encode(mixed.digest()).decode()


def next_attempt(attempts: int, at: dt.datetime) -> dt.datetime | None:
    """When a delivery is tried again after so many failed attempts; None when it has failed."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return at + dt.timedelta(seconds=WAITS[attempts - 1])
