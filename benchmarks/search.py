"""The search over 100,000 entries, and what the marks cost a mass write."""

import datetime as dt
import os
import statistics
import time

from benchmarks.stage import Figure, manage, report, stage

EMPLOYEES = 33_000
ROUNDS = 20
TYPED = (
    *("maria", "silva joao", "conceicao", "goncalves ana", "peçanha", "lucas nobrega", "assis"),
    *("jose brandao", "beatriz v", "ines", "davi cama", "sonia silva", "mateus", "cecilia araujo"),
    *("julia barreto", "rafael", "analista", "luiza conceicao", "pedro vasques", "camargo"),
)


def main() -> None:
    """Fill a company, make its entries, ask, and write a set with and without the marks."""
    with stage() as environment:
        os.environ.update(environment)
        import django

        django.setup()
        import json

        made = json.loads(manage(environment, "generate_company", f"--employees={EMPLOYEES}"))
        _entries()
        _questions(made["company"])


def _entries() -> None:
    from django.utils import timezone

    from backoffice.search import indexing
    from backoffice.search.models import SearchEntry, SearchMark

    marks = SearchMark.objects.count()
    start = time.perf_counter()
    while indexing.catch_up(at=timezone.now()):
        pass
    seconds = time.perf_counter() - start
    entries = SearchEntry.objects.count()
    report(
        Figure(
            name=f"search: {entries:,} entries made from their marks",
            value=entries / seconds,
            unit="/s",
            budget=1_000,
            higher_is_better=True,
            note=f"{marks:,} marks left when it began; the worker helps",
        )
    )


def _questions(company_id: int) -> None:
    from django.db import connection

    from backoffice.identity.models import User
    from backoffice.identity.selectors import access_of
    from backoffice.search import selectors
    from backoffice.search.models import SearchEntry

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM backoffice_search_entry")
        entries = cursor.fetchone()[0]
    user = User.objects.get(email=f"analyst{company_id}@example.com")
    times = []
    for number in range(ROUNDS + 2):
        for typed in TYPED:
            access = access_of(user, company_id, dt.date.today())  # noqa: DTZ011  a benchmark's own day
            start = time.perf_counter()
            selectors.find(access, typed)
            if number >= 2:
                times.append((time.perf_counter() - start) * 1000)
    report(
        Figure(
            name=f"search: a question to {entries:,} entries, p50",
            value=statistics.median(times),
            unit="ms",
            budget=20,
            note=f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms",
        )
    )
    assert SearchEntry.objects.exists()  # noqa: S101  an empty index is fast for no reason
