"""When a message may leave, and the name that it keeps for ever: pure functions."""

import datetime as dt
import uuid

NAMESPACE = uuid.UUID("5f2a4d3e-7c1b-4a86-9d0e-3b8c6f1a2e70")


def message_id(key: str, domain: str) -> str:
    """The Message-ID of a mail: the same key gives the same one, whoever sends it again."""
    return f"<{uuid.uuid5(NAMESPACE, key)}@{domain}>"


def after_quiet(at: dt.datetime, begin: dt.time | None, end: dt.time | None) -> dt.datetime:
    """The moment itself, or the end of the quiet hours that it falls into.

    Args:
        at: In the zone in which the hours are meant.
        begin: First quiet moment of the day; None for no quiet hours.
        end: First moment after them; before ``begin`` when they pass midnight.
    """
    if begin is None or end is None or begin == end:
        return at
    now = at.time().replace(tzinfo=None)
    inside = begin <= now < end if begin < end else now >= begin or now < end
    if not inside:
        return at
    day = at.date() + dt.timedelta(days=1 if now >= end else 0)
    return dt.datetime.combine(day, end, tzinfo=at.tzinfo)


def next_digest(at: dt.datetime, hour: int) -> dt.datetime:
    """The next moment at which the digest of a person leaves, strictly after ``at``."""
    today = at.replace(hour=hour, minute=0, second=0, microsecond=0)
    return today if today > at else today + dt.timedelta(days=1)
