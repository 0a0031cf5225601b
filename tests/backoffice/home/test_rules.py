"""The room that a deadline leaves: pure arithmetic."""

import datetime as dt

import pytest

from backoffice.home.rules import Room, Typical, room, slack

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def test_slack_is_the_deadline_minus_now_minus_the_typical_work_left() -> None:
    assert slack(NOW + 5 * DAY, Typical(2 * DAY, 9), NOW) == 3 * DAY
    assert slack(NOW + 5 * DAY, None, NOW) == 5 * DAY
    assert slack(None, Typical(2 * DAY, 9), NOW) is None


@pytest.mark.parametrize(
    ("due", "typical", "expected"),
    [
        (None, None, Room.OPEN),
        (NOW - DAY, None, Room.LATE),
        (NOW + DAY, Typical(2 * DAY, 1), Room.SHORT),
        (NOW + 2 * DAY, Typical(DAY + DAY / 2, 1), Room.SOON),
        (NOW + 2 * DAY, Typical(DAY, 1), Room.ENOUGH),
    ],
)
def test_how_a_deadline_stands(
    due: dt.datetime | None, typical: Typical | None, expected: Room
) -> None:
    assert room(due, typical, NOW) is expected
