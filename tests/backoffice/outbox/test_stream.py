"""The stream of events: in one order, none ever skipped, each consumer once."""

import datetime as dt
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from django.db import connection, transaction

from backoffice.audit.models import Event
from backoffice.audit.services import NewEvent, append_event
from backoffice.outbox import registry
from backoffice.outbox.models import OutboxPosition, OutboxSetAside
from backoffice.outbox.registry import Consumer
from backoffice.outbox.rules import START, Position
from backoffice.outbox.selectors import StreamEvent, events_after, horizon
from backoffice.outbox.services import consume

AT = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
WRITERS = 16
EACH = 12


def happened(number: int = 0, company_id: int | None = 1, kind: str = "test.thing") -> int:
    return append_event(
        NewEvent(
            action="test.thing.happened",
            at=AT,
            company_id=company_id,
            actor_id=None,
            channel="system",
            target_type=kind,
            target_id=number,
        )
    )


def ids(events: Sequence[StreamEvent]) -> list[int]:
    return [event.position.event_id for event in events]


@pytest.fixture
def consumer(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A consumer that writes down what it gets."""
    got: list[int] = []
    known = {"test": Consumer("test", lambda events: got.extend(ids(events)))}
    monkeypatch.setattr(registry, "CONSUMERS", known)
    monkeypatch.setattr("backoffice.outbox.services.consuming.CONSUMERS", known)
    return got


@pytest.mark.clone
def test_an_event_that_commits_late_is_read_late_and_never_skipped() -> None:
    with transaction.atomic():
        late = happened(1)
        seen: list[int] = []

        def another() -> None:
            happened(2)
            seen.extend(ids(events_after(START, limit=10).events))
            connection.close()

        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        # the second one has the higher id and is committed; the first one still runs
        assert seen == []
    page = events_after(START, limit=10)
    assert late == ids(page.events)[0]
    assert len(page.events) == 2
    assert events_after(page.next, limit=10).events == ()


@pytest.mark.clone
def test_sixteen_writers_and_a_reader_lose_and_double_nothing() -> None:  # noqa: C901  one story
    stop = threading.Event()
    read: list[int] = []
    faults: list[BaseException] = []

    def write(number: int) -> None:
        try:
            for step in range(EACH):
                with transaction.atomic():
                    happened(number)
                    if step % 3 == 0:
                        stop.wait(0.004)
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    def follow() -> None:
        place = START
        try:
            while True:
                last = stop.is_set()
                page = events_after(place, limit=7)
                read.extend(ids(page.events))
                place = page.next
                if last and not page.more:
                    return
        except BaseException as fault:
            faults.append(fault)
        finally:
            connection.close()

    reader = threading.Thread(target=follow)
    writers = [threading.Thread(target=write, args=[number]) for number in range(WRITERS)]
    for thread in (reader, *writers):
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    reader.join()
    assert faults == []
    written = list(Event.objects.values_list("id", flat=True))
    assert len(written) == WRITERS * EACH
    assert sorted(read) == sorted(written)
    assert len(set(read)) == len(read)


@pytest.mark.clone
def test_pages_are_narrowed_by_company_and_kind_and_go_on_behind_what_was_left_out() -> None:
    mine = [happened(1), happened(2)]
    happened(3, company_id=2)
    happened(4, kind="test.other")
    page = events_after(START, limit=1, company_id=1, target_types=["test.thing"])
    assert (ids(page.events), page.more) == (mine[:1], True)
    page = events_after(page.next, limit=5, company_id=1, target_types=["test.thing"])
    assert (ids(page.events), page.more) == (mine[1:], False)
    assert page.next >= horizon() or page.next.event_id > max(mine)
    assert events_after(page.next, limit=5).events == ()
    assert events_after(START, limit=5, target_types=[]).events == ()


@pytest.mark.clone
def test_an_older_epoch_comes_first_whatever_its_numbers() -> None:
    new = happened(1)
    assert horizon().epoch == events_after(START, limit=1).events[0].position.epoch
    far = Position(horizon().epoch - 1, 2**60, 5)
    assert ids(events_after(far, limit=5).events) == [new]


@pytest.mark.clone
def test_a_consumer_begins_now_and_gets_each_event_once(consumer: list[int]) -> None:
    happened(1)
    assert consume("test", at=AT) == 0
    first, second = happened(2), happened(3)
    assert consume("test", at=AT) == 2
    assert consume("test", at=AT) == 0
    assert consumer == [first, second]


@pytest.mark.clone
def test_what_a_consumer_writes_and_its_position_commit_together(
    consumer: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    consume("test", at=AT)
    happened(1)
    before: dict[str, Any] = {**OutboxPosition.objects.values().get()}

    def fail(events: Sequence[StreamEvent]) -> None:
        happened(99)
        raise RuntimeError("broken")

    monkeypatch.setitem(registry.CONSUMERS, "test", Consumer("test", fail))
    assert consume("test", at=AT) == 0
    after: dict[str, Any] = {**OutboxPosition.objects.values().get()}
    place = ("epoch", "xid", "event_id")
    assert [after[name] for name in place] == [before[name] for name in place]
    assert (after["attempts"], "broken" in after["error"]) == (1, True)
    assert not Event.objects.filter(target_id=99).exists()


@pytest.mark.clone
def test_an_event_that_always_fails_is_set_aside_and_the_others_go_on(
    consumer: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    consume("test", at=AT)
    good, bad, last = happened(1), happened(2), happened(3)

    def handle(events: Sequence[StreamEvent]) -> None:
        if bad in ids(events):
            raise RuntimeError("poison")
        consumer.extend(ids(events))

    monkeypatch.setitem(registry.CONSUMERS, "test", Consumer("test", handle))
    for _attempt in range(10):
        consume("test", at=AT)
    assert consumer == [good, last]
    aside = OutboxSetAside.objects.get()
    assert (aside.consumer, aside.event_id) == ("test", bad)
    assert "poison" in aside.error
    position = OutboxPosition.objects.get()
    assert (position.attempts, position.error) == (0, "")


@pytest.mark.clone
def test_two_processes_never_hand_over_the_same_events(consumer: list[int]) -> None:
    consume("test", at=AT)
    with transaction.atomic():
        OutboxPosition.objects.select_for_update().get()
        found: list[int] = []

        def another() -> None:
            found.append(consume("test", at=AT))
            connection.close()

        thread = threading.Thread(target=another)
        thread.start()
        thread.join()
        assert found == [0]


def test_a_consumer_has_its_name_alone() -> None:
    known = next(iter(registry.CONSUMERS.values()))
    registry.register(known)
    with pytest.raises(ValueError, match="two consumers"):
        registry.register(Consumer(known.name, lambda _events: None))
