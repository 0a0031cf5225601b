"""The page of events names every event that the code can record, and no other."""

from tests.docs import events


def test_the_page_is_made_from_the_present_source() -> None:
    """After a change: .venv/bin/python -m tests.docs.events."""
    assert events.PAGE.read_text(encoding="utf-8") == events.page()


def test_every_recorded_name_is_understood() -> None:
    for _path, argument in events.recorded():
        for name in events.resolved(argument):
            assert name.count(".") == 2, name


def test_names_that_are_put_together_still_stand_in_the_code() -> None:
    found = {events.ast.unparse(argument) for _path, argument in events.recorded()}
    assert set(events.MADE) <= found
