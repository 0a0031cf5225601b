"""Who else has a record open: a hint that lives in Redis for less than a minute, and may be lost."""

import logging
from functools import cache

import redis
from django.conf import settings

log = logging.getLogger(__name__)

ASKED_EVERY = 20
"""Seconds between two signs of life of an open page."""

LASTS = 50
"""Seconds after which somebody who gave no sign is gone."""

MOST = 50
EDITING, READING = "e", "r"


@cache
def _server(address: str) -> redis.Redis:
    """One pool of connections for each process; a server that is slow is treated as lost."""
    return redis.Redis.from_url(address, socket_timeout=0.3, socket_connect_timeout=0.3)


def sign(place: str, user_id: int, *, editing: bool, at: float) -> dict[int, bool]:
    """Say that somebody has a place open, and ask who else has.

    One round trip; nothing is written down elsewhere. Without Redis nobody else is there.

    Args:
        place: Company and record: ``7:hr.employee:12``.
        user_id: Who it is; 0 only asks.
        editing: Whether in a form.
        at: Now, in seconds.

    Returns:
        The others who gave a sign of life lately, and whether they are editing.
    """
    key = f"presence:{place}"
    try:
        pipe = _server(settings.REDIS_URL).pipeline(transaction=False)
        pipe.zremrangebyscore(key, "-inf", at - LASTS)
        if user_id:
            pipe.zrem(key, f"{user_id}:{READING if editing else EDITING}")
            pipe.zadd(key, {f"{user_id}:{EDITING if editing else READING}": at})
            pipe.expire(key, LASTS)
        pipe.zrevrange(key, 0, MOST)
        members: list[bytes] = pipe.execute()[-1]
    except (redis.RedisError, OSError) as error:
        log.info("nobody can be seen beside a record: %s", error)
        return {}
    found: dict[int, bool] = {}
    for member in members:
        who, _, how = member.decode().partition(":")
        if who.isdigit() and int(who) != user_id:
            found[int(who)] = found.get(int(who), False) or how == EDITING
    return found


def leave(place: str, user_id: int) -> None:
    """Say that somebody closed the page."""
    members = [f"{user_id}:{how}" for how in (EDITING, READING)]
    try:
        _server(settings.REDIS_URL).zrem(f"presence:{place}", *members)
    except (redis.RedisError, OSError) as error:
        log.info("nobody can leave a record: %s", error)
