"""Positions, signatures and waiting times."""

import base64
import datetime as dt
import hashlib
import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backoffice.outbox.rules import (
    LAST_ID,
    MOST_ATTEMPTS,
    WAITS,
    Position,
    derive_secret,
    next_attempt,
    signature,
)

NOON = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


@given(st.integers(0, 10**9 - 1), st.integers(0, LAST_ID), st.integers(0, LAST_ID))
def test_a_position_reads_as_it_was_written(epoch: int, xid: int, event: int) -> None:
    position = Position(epoch, xid, event)
    assert Position.read(str(position)) == position


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "1.2.3.4", "-1.2.3", "1.2.x", "١.2.3", f"1.{2**63}.1", "1.1.9" * 20]
)
def test_what_was_never_given_out_is_no_position(text: str) -> None:
    with pytest.raises(ValueError, match="no position"):
        Position.read(text)


def test_positions_follow_epoch_transaction_and_event() -> None:
    assert Position(1, 9, 9) < Position(2, 1, 1) < Position(2, 1, 2) < Position(2, 3, 1)


def test_the_signature_is_the_one_of_the_specification() -> None:
    # the example of the Standard Webhooks specification
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body = b'{"test": 2432232314}'
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    signed = b"msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330." + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    found = signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, body)
    assert found == f"v1,{expected}"
    assert found == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_every_webhook_and_version_has_its_own_secret() -> None:
    found = {derive_secret("m", key, version) for key in ("a", "b") for version in (1, 2)}
    assert len(found) == 4
    assert derive_secret("m", "a", 1) == derive_secret("m", "a", 1)
    assert derive_secret("n", "a", 1) not in found
    for secret in found:
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


def test_a_delivery_is_tried_for_more_than_a_day_and_then_fails() -> None:
    assert [next_attempt(number, NOON) for number in range(1, MOST_ATTEMPTS)] == [
        NOON + dt.timedelta(seconds=wait) for wait in WAITS
    ]
    assert next_attempt(MOST_ATTEMPTS, NOON) is None
    assert sum(WAITS) > 24 * 3600
