"""Figures for a monitor: only with the token, in a format that monitors read, and true."""

import re

import pytest
from django.test import Client, override_settings

from backoffice.doctor.metrics import lines
from tests.factories import people

TOKEN = "of the monitor"
LINE = re.compile(r'^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.]+$')


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "given"),
    [("", ""), ("", "Bearer "), (TOKEN, ""), (TOKEN, "Bearer of the"), (TOKEN, "Bearer é")],
)
def test_without_the_token_there_is_no_such_page(setting: str, given: str) -> None:
    with override_settings(METRICS_TOKEN=setting):
        assert Client().get("/metrics", headers={"Authorization": given}).status_code == 404


@pytest.mark.django_db
def test_the_monitor_gets_every_figure_with_its_explanation() -> None:
    people.hire(people.make_company())
    with override_settings(METRICS_TOKEN=TOKEN):
        answer = Client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    told = answer.content.decode().splitlines()
    values = [line for line in told if not line.startswith("#")]
    assert [line for line in values if not LINE.match(line)] == []
    figures = dict(line.rsplit(" ", 1) for line in values)
    assert figures["retaguarda_workers"] == "0"
    assert figures["retaguarda_scheduler_alive"] == "0"
    assert figures["retaguarda_oldest_pending_seconds"] == "0.0"
    assert int(figures["retaguarda_events_unsealed"]) > 0
    assert int(figures["retaguarda_database_bytes"]) > 1_000_000
    assert sum(line.startswith("# HELP") for line in told) == 8


@pytest.mark.django_db
def test_labels_are_written_as_the_format_asks(django_assert_num_queries: object) -> None:
    from backoffice.doctor.metrics import _labels

    assert (
        _labels('{"queue": "a\\"b\\\\", "state": "pending"}')
        == '{queue="a\\"b\\\\",state="pending"}'
    )
    with django_assert_num_queries(8):  # type: ignore[operator]
        assert "".join(lines()).count("# TYPE") == 8
