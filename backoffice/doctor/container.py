"""`python -m backoffice.doctor.container web|worker|beat`: the health of this container.

Asked every few seconds, so it loads no Django: one request, or one row of the database.
"""

import os
import socket
import sys
from collections.abc import Callable
from http.client import HTTPConnection

import psycopg

PORT = 8000
SILENT_SECONDS = 60
SCHEDULER = "scheduler"
"""The name under which the sweep signs (`backoffice.jobs.tasks.SCHEDULER`)."""


def web_is_ready() -> bool:
    """Whether the web server of this container answers /readyz with 200."""
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip()
    connection = HTTPConnection("127.0.0.1", PORT, timeout=4)
    connection.request("GET", "/readyz", headers={"Host": host})
    return connection.getresponse().status == 200


def gave_sign(pattern: str) -> bool:
    """Whether a process of this name gave a sign of life within the last minute."""
    query = (
        "SELECT EXISTS (SELECT FROM backoffice_worker_beat"
        " WHERE name LIKE %s AND at > now() - make_interval(secs => %s))"
    )
    with psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=4) as connection:
        row = connection.execute(query, [pattern, SILENT_SECONDS]).fetchone()
    return row is not None and bool(row[0])


def main(kind: str) -> int:
    """0 when healthy, 1 when not; the reason goes to standard error."""
    checks: dict[str, Callable[[], bool]] = {
        "web": web_is_ready,
        "worker": lambda: gave_sign(f"%@{socket.gethostname()}"),
        "beat": lambda: gave_sign(SCHEDULER),
    }
    try:
        return 0 if checks[kind]() else 1
    except (OSError, psycopg.Error) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
