"""The bundled PostgreSQL is really killed, really restarted, and keeps what was committed."""

import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from backoffice.embedded.binaries import library_path, postgres_home
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import CHECKOUT, server_user
from backoffice.embedded.postgres import Postgres
from backoffice.embedded.processes import answers_or_dies, holders, is_alive, wait_for
from backoffice.embedded.servers import bundled

pytestmark = [pytest.mark.faults, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A safe server (fsync on) of its own; binaries come from the usual cache."""
    own = bundled("faults", tmp_path_factory.mktemp("checkout"))
    own.postgres.start()
    yield own.postgres
    own.erase()


def rows(server: Postgres) -> list[int]:
    with psycopg.connect(server.url("owner")) as connection:
        return [n for (n,) in connection.execute("SELECT n FROM kept ORDER BY n").fetchall()]


@pytest.fixture
def kept(server: Postgres) -> list[int]:
    """Numbers that were committed one by one."""
    server.start()
    with psycopg.connect(server.url("owner"), autocommit=True) as connection:
        connection.execute("DROP TABLE IF EXISTS kept")
        connection.execute("CREATE TABLE kept (n int PRIMARY KEY)")
        for n in range(50):
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
    return list(range(50))


def kill(server: Postgres) -> int:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def write_until_killed(server: Postgres) -> list[int]:
    """Insert numbers one by one, kill the server on the way; the numbers that it confirmed."""
    confirmed: list[int] = []
    with (
        suppress(psycopg.OperationalError),
        psycopg.connect(server.url("owner"), autocommit=True) as connection,
    ):
        for n in range(1000, 1_000_000):
            if n == 1200:
                kill(server)
            connection.execute("INSERT INTO kept VALUES (%s)", [n])
            confirmed.append(n)
    return confirmed


def test_a_second_start_uses_the_same_process_and_the_same_data(
    server: Postgres, kept: list[int]
) -> None:
    before = server.pid()
    server.start()
    assert server.pid() == before
    assert rows(server) == kept


def test_a_clean_stop_leaves_no_process_and_keeps_the_data(
    server: Postgres, kept: list[int]
) -> None:
    server.stop()
    assert server.pid() is None
    assert holders(server.place.postgres_data) == []
    assert not (server.place.postgres_data / "postmaster.pid").exists()
    server.start()
    assert rows(server) == kept


@pytest.mark.parametrize("attempt", range(3))
def test_after_kill_9_every_committed_row_is_there_within_five_seconds(
    server: Postgres, kept: list[int], attempt: int
) -> None:
    kill(server)
    begun = time.monotonic()
    server.start()
    took = time.monotonic() - begun
    assert rows(server) == kept
    assert took < 5


def test_after_kill_9_in_the_middle_of_writing_nothing_that_was_confirmed_is_lost(
    server: Postgres, kept: list[int]
) -> None:
    confirmed = write_until_killed(server)
    server.start()
    assert set(kept) | set(confirmed) <= set(rows(server))
    assert 200 <= len(confirmed) < 999_000


def test_a_server_that_hangs_is_never_joined_by_a_second_one(
    server: Postgres, kept: list[int]
) -> None:
    pid = server.pid()
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(EmbeddedError, match=f"Process {pid} holds the data"):
            answers_or_dies(server, 0.5)
        assert server.pid() == pid
    finally:
        os.kill(pid, signal.SIGCONT)
    assert rows(server) == kept


def test_kill_9_of_every_process_of_the_server_loses_nothing(
    server: Postgres, kept: list[int]
) -> None:
    for pid in holders(server.place.postgres_data):
        os.kill(pid, signal.SIGKILL)
    server.start()
    assert rows(server) == kept


def test_a_killed_server_that_stays_a_zombie_does_not_prevent_a_start(
    server: Postgres, kept: list[int]
) -> None:
    """Its parent (this process) does not reap it, as process 1 does in many containers."""
    server.stop()
    zombie = launch_as_child(server)
    assert wait_for(server.is_ready, 20)
    assert server.pid() == zombie.pid
    zombie.send_signal(signal.SIGKILL)
    assert wait_for(lambda: not is_alive(zombie.pid), 5)
    os.kill(zombie.pid, 0)  # the number still answers: it is a zombie
    server.start()
    assert rows(server) == kept
    assert server.pid() != zombie.pid
    zombie.wait()


def launch_as_child(server: Postgres) -> subprocess.Popen[bytes]:
    user = server_user()
    home = postgres_home()
    return subprocess.Popen(
        [f"{home}/bin/postgres", "-D", f"{server.place.postgres_data}"],
        env=library_path(home),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        user=user.uid if user.must_switch else None,
        group=user.gid if user.must_switch else None,
        extra_groups=[] if user.must_switch else None,
    )


def test_a_pid_file_with_the_number_of_another_program_does_not_prevent_a_start(
    server: Postgres, kept: list[int]
) -> None:
    pid = kill(server)
    assert wait_for(lambda: not is_alive(pid), 5)
    pid_file = server.place.postgres_data / "postmaster.pid"
    lines = pid_file.read_text().split("\n")
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    assert server.pid() is None
    server.start()
    assert rows(server) == kept


def test_a_half_made_data_folder_is_made_again(tmp_path: Path) -> None:
    servers = bundled("half", tmp_path)
    half = servers.postgres
    half.place.make()
    (half.place.root / "initialising").mkdir()
    (half.place.root / "initialising" / "PG_VERSION").write_text("18\n")
    half.start()
    try:
        with psycopg.connect(half.url("superuser")) as connection:
            assert connection.execute("SHOW data_checksums").fetchone() == ("on",)
            assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
            query = "SELECT datlocprovider::text, datlocale FROM pg_database"
            assert set(connection.execute(query).fetchall()) == {("b", "C.UTF-8")}
    finally:
        servers.erase()


def test_several_starts_at_the_same_moment_make_one_server(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from backoffice.embedded.servers import bundled; "
        "s = bundled('many', Path(sys.argv[1])).postgres; s.start(); print(s.pid())"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)],
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    answers = {start.communicate(timeout=60)[0].strip() for start in starts}
    many = bundled("many", tmp_path)
    try:
        assert answers == {str(many.postgres.pid())}
    finally:
        many.erase()


def test_only_the_servers_user_may_enter_its_folders(server: Postgres, kept: list[int]) -> None:
    for folder in (server.place.root, server.place.sockets, server.place.postgres_data):
        assert folder.stat().st_mode & 0o077 == 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to give up its rights")
def test_root_runs_the_server_as_an_ordinary_user(server: Postgres, kept: list[int]) -> None:
    pid = server.pid()
    owner = Path(f"/proc/{pid}").stat().st_uid
    assert owner != 0
    assert pwd.getpwuid(owner).pw_name in {"postgres", "nobody"}


def test_nothing_listens_on_the_network(server: Postgres, kept: list[int]) -> None:
    with psycopg.connect(server.url("superuser")) as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
