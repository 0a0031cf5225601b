"""roles.sql makes the three roles on any server, and takes back what somebody gave them."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from backoffice.embedded.postgres import ROLES_SQL, Postgres
from backoffice.embedded.servers import bundled

pytestmark = [pytest.mark.slow, pytest.mark.faults]

ROLES = "retaguarda_owner, retaguarda_app, retaguarda_reader"
MIGHTY = """
    SELECT rolname FROM pg_roles
     WHERE rolname LIKE 'retaguarda%' AND (rolsuper OR rolcreaterole OR rolreplication OR rolbypassrls)
"""


@pytest.fixture
def server(own_state: Path, tmp_path: Path) -> Iterator[Postgres]:
    servers = bundled("roles", tmp_path)
    servers.postgres.start()
    yield servers.postgres
    servers.erase()


def superuser(server: Postgres) -> psycopg.Connection:
    return psycopg.connect(server.url("superuser", "postgres"), autocommit=True)


def test_a_role_that_was_made_mighty_is_not_so_after_the_next_start(server: Postgres) -> None:
    with superuser(server) as connection:
        connection.execute("ALTER ROLE retaguarda_app SUPERUSER CREATEROLE BYPASSRLS CREATEDB")
        assert connection.execute(MIGHTY).fetchall() == [("retaguarda_app",)]
    server.start()
    with superuser(server) as connection:
        assert connection.execute(MIGHTY).fetchall() == []
        query = "SELECT rolname FROM pg_roles WHERE rolcreatedb AND rolname LIKE 'retaguarda%'"
        assert connection.execute(query).fetchall() == [("retaguarda_owner",)]


def test_a_managed_server_without_superuser_can_run_it(server: Postgres) -> None:
    with superuser(server) as connection:
        connection.execute("DROP DATABASE retaguarda")
        connection.execute(f"DROP ROLE {ROLES}")
        connection.execute("CREATE ROLE managed LOGIN CREATEROLE CREATEDB")
        connection.execute("GRANT pg_signal_backend TO managed WITH ADMIN OPTION")
    url = server.url("superuser", "postgres").replace("//postgres@", "//managed@")
    for _ in range(2):
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(ROLES_SQL.read_bytes())
    with superuser(server) as connection:
        made = connection.execute(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'retaguarda%' AND rolcanlogin"
        ).fetchone()
        assert made == (3,)
        assert connection.execute(MIGHTY).fetchall() == []
