"""The health of one container, told without Django."""

import socket

import psycopg
import pytest

from backoffice.doctor.container import SCHEDULER, main
from backoffice.jobs import tasks
from backoffice.jobs.services import record_beat

pytestmark = pytest.mark.clone


@pytest.fixture(autouse=True)
def _address(clone_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", clone_url)


def test_the_scheduler_signs_with_the_name_that_is_looked_for() -> None:
    assert tasks.SCHEDULER == SCHEDULER
    assert main("beat") == 1
    record_beat(tasks.SCHEDULER)
    assert main("beat") == 0


def test_a_worker_is_healthy_by_its_own_sign_and_not_by_that_of_another() -> None:
    record_beat("celery@another-host")
    assert main("worker") == 1
    record_beat(f"celery@{socket.gethostname()}")
    assert main("worker") == 0


def test_a_sign_older_than_a_minute_is_none(owner_cursor: psycopg.Cursor) -> None:
    record_beat(tasks.SCHEDULER)
    owner_cursor.execute("UPDATE backoffice_worker_beat SET at = at - interval '61 seconds'")
    assert main("beat") == 1


def test_without_a_database_it_says_why(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/x?host=/nowhere")
    assert main("worker") == 1
    assert "/nowhere" in capsys.readouterr().err


def test_a_web_server_that_does_not_answer_is_not_healthy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and never listening: nobody else answers there
        monkeypatch.setattr("backoffice.doctor.container.PORT", taken.getsockname()[1])
        assert main("web") == 1
