"""`script/demo` for real: from nothing to a site, a killed worker, the main jobs, a clean end."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backoffice.embedded import schema
from backoffice.embedded.demo import choose_port
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT
from backoffice.embedded.processes import is_alive, read_pid, wait_for
from backoffice.embedded.schema import bring_up_to_date, is_half_filled, mark_of
from backoffice.embedded.servers import Servers, bundled
from backoffice.embedded.services import answers

pytestmark = [pytest.mark.slow, pytest.mark.faults]

READY = "Stop with Ctrl+C"


@pytest.fixture
def environment() -> dict[str, str]:
    """The variables of a demonstration, without the servers of the other tests."""
    foreign = ("DATABASE_", "REDIS_", "DJANGO_", "SECRET_KEY", "AUDIT_")
    return {name: value for name, value in os.environ.items() if not name.startswith(foreign)}


def test_a_demonstration_lives_survives_a_killed_worker_and_ends_cleanly(
    own_state: Path, environment: dict[str, str]
) -> None:
    port = choose_port(None)
    command = [sys.executable, "-m", "backoffice.embedded.demo", f"--port={port}"]
    log = own_state / "said"
    with log.open("w") as out:
        demo = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=out, stderr=out)
    try:
        assert wait_for(lambda: demo.poll() is not None or READY in log.read_text(), 300)
        assert demo.poll() is None, log.read_text()
        assert f"http://localhost:{port}" in log.read_text()
        assert "helena@comercialipe.example" in log.read_text()
        assert answers(port, "/livez")
        files = bundled("demo").place.files
        assert wait_for((files / "beat.pid").exists, 20)
        pids = {name: read_pid(files / f"{name}.pid") for name in ("web", "worker", "beat")}

        worker = pids["worker"]
        assert worker is not None
        os.kill(worker, signal.SIGKILL)
        begun = time.monotonic()
        assert wait_for(lambda: read_pid(files / "worker.pid") not in {worker, None}, 5)
        assert time.monotonic() - begun < 2

        check = [sys.executable, "manage.py", "demo_check", f"--address=http://localhost:{port}"]
        theirs = {**environment, **bundled("demo").environment()}
        theirs["DJANGO_SETTINGS_MODULE"] = "backoffice.settings.demo"
        checked = subprocess.run(
            check, cwd=CHECKOUT, env=theirs, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        again = subprocess.run(
            command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=False
        )
        assert again.returncode == 1
    finally:
        demo.send_signal(signal.SIGINT)
        code = demo.wait(timeout=60)
    assert code == 0, log.read_text()
    assert not any(is_alive(pid) for pid in pids.values() if pid)
    assert bundled("demo").postgres.pid() is None
    assert bundled("demo").valkey.pid() is None
    assert not list(files.glob("*.pid"))


@pytest.fixture
def servers(own_state: Path, tmp_path: Path) -> Iterator[Servers]:
    made = bundled("schema", tmp_path)
    made.start()
    yield made
    made.erase()


def test_a_fresh_database_starts_from_the_kept_dump_of_the_same_migrations(
    servers: Servers,
    environment: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    open_folder: Path,
) -> None:
    monkeypatch.setattr(schema, "cache_dir", lambda: open_folder)
    ours = {**environment, **servers.environment()}
    ours["DJANGO_SETTINGS_MODULE"] = "backoffice.settings.demo"
    url = servers.postgres.url("owner")
    assert mark_of(url) is None
    bring_up_to_date(ours, bundled=True)
    (dump,) = open_folder.glob("schema-*.dump")
    mark = mark_of(url)
    assert mark is not None
    assert dump.name == f"schema-{mark}.dump"
    made = dump.stat().st_mtime_ns
    before = catalogue(url)

    servers.postgres.make_database_anew()
    assert mark_of(url) is None
    bring_up_to_date(ours, bundled=True)
    assert mark_of(url) == mark
    assert dump.stat().st_mtime_ns == made
    assert catalogue(url) == before


def catalogue(url: str) -> list[tuple[object, ...]]:
    """Tables with owner and rights, triggers and rows of reference data."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT relname, relkind, relowner::regrole::text, relacl::text FROM pg_class"
            " WHERE relnamespace = 'public'::regnamespace"
            " UNION ALL SELECT tgname, tgenabled, tgrelid::regclass::text, NULL FROM pg_trigger"
            " WHERE NOT tgisinternal"
            " UNION ALL SELECT 'roles', 'n', count(*)::text, NULL FROM backoffice_role"
            " ORDER BY 1, 3"
        ).fetchall()


def test_examples_that_were_cut_off_on_their_way_are_known(servers: Servers) -> None:
    url = servers.postgres.url("owner")
    assert not is_half_filled({"DATABASE_OWNER_URL": url})
    with pytest.raises(EmbeddedError, match=r"manage.py create_demo failed"):
        schema.fill({**os.environ, **servers.environment()})  # there are no tables yet
    assert is_half_filled({"DATABASE_OWNER_URL": url})
    servers.postgres.make_database_anew()
    assert not is_half_filled({"DATABASE_OWNER_URL": url})


def test_an_own_database_needs_the_owners_address() -> None:
    with pytest.raises(EmbeddedError, match="DATABASE_URL needs DATABASE_OWNER_URL beside it"):
        bring_up_to_date({"DATABASE_URL": "postgresql://app@db/x"}, bundled=False)


def test_a_port_that_is_taken_is_said() -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(EmbeddedError, match=f"Port {port} is in use"):
            choose_port(port)
