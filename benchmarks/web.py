"""The list page and the API list over HTTP: server time, requests a second, statements."""

import http.client
import json
import os
import statistics
import sys
import threading
import time

from benchmarks.payroll import _token
from benchmarks.stage import PORT, Figure, Stopwatch, manage, report, stage

EMPLOYEES = 20_000
WARM_UP = 30
REQUESTS = 200
CLIENTS = 8
SECONDS = 5.0


def main() -> None:
    """Fill a company, then ask for its employees in both doors."""
    with stage() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        made = json.loads(manage(environment, "generate_company", f"--employees={EMPLOYEES}"))
        secret = _token(made["company"])
        cookie = _login(made["company"])
        _api(secret)
        _page(cookie, made["company"])


def _login(company_id: int) -> str:
    """A session of the analyst whose token is used, as a cookie."""
    from importlib import import_module

    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from backoffice.identity.models import User

    user = User.objects.get(email=f"analyst{company_id}@example.com")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "backoffice.identity.backends.LoginBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["company_id"] = company_id
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _get(path: str, headers: dict[str, str]) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != 200:
        sys.exit(f"{path}: {answer.status} {body[:300]!r}")
    return body


def _times(path: str, headers: dict[str, str]) -> list[float]:
    for _ in range(WARM_UP):
        _get(path, headers)
    times = []
    for _ in range(REQUESTS):
        watch = Stopwatch()
        _get(path, headers)
        times.append(watch.seconds() * 1000)
    return times


def _throughput(path: str, headers: dict[str, str]) -> float:
    """Requests a second with several clients, for a few seconds."""
    end = time.monotonic() + SECONDS
    counts = [0] * CLIENTS

    def ask(number: int) -> None:
        while time.monotonic() < end:
            _get(path, headers)
            counts[number] += 1

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / SECONDS


def _api(secret: str) -> None:
    headers = {"Authorization": f"Bearer {secret}"}
    path = "/api/v1/hr/employees/?limit=50"
    rows = json.loads(_get(path, headers))["results"]
    if len(rows) != 50:
        sys.exit(f"{len(rows)} rows, not 50")
    times = _times(path, headers)
    report(
        Figure(
            name=f"API list of 50 of {EMPLOYEES:,} employees, 1 client, p50",
            value=statistics.median(times),
            unit="ms",
            budget=5,
            note=f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms, connection included",
        ),
        Figure(
            name=f"API list of 50 of {EMPLOYEES:,} employees, {CLIENTS} clients",
            value=_throughput(path, headers),
            unit="req/s",
            budget=600,
            higher_is_better=True,
            note="clients share the two cores with the server",
        ),
    )


def _page(cookie: str, company_id: int) -> None:
    headers = {"Cookie": cookie}
    times = _times("/hr/employees/", headers)
    report(
        Figure(
            name=f"HTML list page of 50 of {EMPLOYEES:,} employees, p50",
            value=statistics.median(times),
            unit="ms",
            budget=25,
            note=f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms, connection included",
        ),
        Figure(
            name="HTML list page, statements",
            value=_statements(company_id),
            unit="",
            budget=8,
        ),
    )


def _statements(company_id: int) -> int:
    """Statements of one list page in this process, session and login included."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from backoffice.identity.models import User

    client = Client(SERVER_NAME="localhost")
    user = User.objects.get(email=f"analyst{company_id}@example.com")
    client.force_login(user, backend="backoffice.identity.backends.LoginBackend")
    client.get("/hr/employees/")
    with CaptureQueriesContext(
        connection,
    ) as captured:
        client.get("/hr/employees/")
    return len(captured)


if __name__ == "__main__":
    main()
