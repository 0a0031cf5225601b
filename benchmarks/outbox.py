"""Events on their way out: read on and written for a webhook, delivered, and asked for page by page.

Budgets: 5,000 events a second read on with one webhook that hears of all; 100 deliveries a second by one
worker to a receiver on this machine that checks every signature; a page of 100 changes, through the whole
endpoint, in 25 ms with 100,000 events in the log. On a clone of the tests' template.
"""

import datetime as dt
import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
os.environ.setdefault("LOG_LEVEL", "WARNING")
django.setup()

import psycopg  # noqa: E402  after the set-up
from django.conf import settings  # noqa: E402
from django.db import connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from backoffice.audit.services import NewEvent, append_events  # noqa: E402
from backoffice.integration import delivery  # noqa: E402
from backoffice.organization.models import Company  # noqa: E402
from backoffice.outbox.models import Webhook, WebhookDelivery  # noqa: E402
from backoffice.outbox.selectors import secret_of  # noqa: E402
from backoffice.outbox.services import consume  # noqa: E402
from benchmarks.stage import Figure, report  # noqa: E402
from tests.factories import identity, people  # noqa: E402
from tests.factories import webhooks as made  # noqa: E402
from tests.factories.receiver import receiving  # noqa: E402
from tests.harness.addresses import ensure_servers  # noqa: E402
from tests.harness.clones import Clones  # noqa: E402
from tests.harness.template import ensure_template  # noqa: E402

READ, DELIVERED, LOGGED = 20_000, 500, 100_000
PAGES = 60


@contextmanager
def clone() -> Iterator[None]:
    """A new database for this process; dropped afterwards."""
    urls = ensure_servers()
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
        clones = Clones(owner, ensure_template(owner, urls))
        name = clones.create()
        try:
            connections.close_all()
            for alias in connections.settings.values():
                alias["NAME"] = name
            yield
        finally:
            connections.close_all()
            clones.drop(name)


def require(held: bool, what: str) -> None:  # noqa: FBT001  reads as a sentence
    """End without a figure when a result is wrong."""
    if not held:
        raise SystemExit(f"outbox: not {what}")


def write_events(company: Company, count: int) -> None:
    """Events about a branch, a thousand in each transaction."""
    for start in range(0, count, 1_000):
        with transaction.atomic():
            append_events(
                [
                    NewEvent(
                        action="backoffice.branch.changed",
                        at=timezone.now(),
                        company_id=company.pk,
                        actor_id=None,
                        channel="system",
                        target_type="backoffice.branch",
                        target_id=number,
                    )
                    for number in range(start, start + 1_000)
                ]
            )


def read_on(company: Company) -> float:
    """Events a second that the consumer of webhooks reads and writes deliveries for."""
    made.webhook(company, created_at=timezone.now())
    consume(delivery.NAME, at=timezone.now())
    write_events(company, READ)
    began = time.perf_counter()
    while consume(delivery.NAME, at=timezone.now()):
        pass
    taken = time.perf_counter() - began
    require(WebhookDelivery.objects.count() == READ, "one delivery for each event")
    Webhook.objects.update(active=False)
    return READ / taken


def deliver(company: Company) -> float:
    """Deliveries a second by one worker, each with its attempt, signature and answer."""
    settings.GATEWAY_PRIVATE_HOSTS = frozenset({"127.0.0.1"})
    with receiving() as receiver:
        hook = made.webhook(company, url=receiver.url, created_at=timezone.now())
        receiver.secret = secret_of(hook)
        write_events(company, 1_000)
        while consume(delivery.NAME, at=timezone.now()):
            pass
        mine = WebhookDelivery.objects.filter(webhook=hook)
        keep = mine.order_by("pk").values_list("pk", flat=True)[:DELIVERED]
        later = timezone.now() + dt.timedelta(days=1)
        mine.exclude(pk__in=list(keep)).update(due_at=later)
        began = time.perf_counter()
        tried = delivery.pump(timezone.now, seconds=120)
        taken = time.perf_counter() - began
    done = mine.filter(state="delivered").count()
    require(len(receiver.taken) == tried == done == DELIVERED, "each delivered once")
    return DELIVERED / taken


def ask(company: Company) -> float:
    """Milliseconds of the middle page of 100 changes, each with two statements for the events."""
    write_events(company, LOGGED)
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE backoffice_event")  # what autovacuum does by itself after a while
    client = identity.browser(identity.make_user(company, "owner"), company)
    after, times, seen = "", [], 0
    for _page in range(PAGES):
        began = time.perf_counter()
        answer = client.get(f"/api/v1/changes/?limit=100&after={after}").json()
        times.append((time.perf_counter() - began) * 1000)
        after, seen = answer["next"], seen + len(answer["results"])
    require(seen == PAGES * 100, "full pages")
    return statistics.median(times)


def main() -> None:
    """Measure and report."""
    with clone():
        reading = read_on(people.make_company())
        sending = deliver(people.make_company())
        asking = ask(people.make_company())
    report(
        Figure(
            name="outbox: events read on, one webhook hears of all",
            value=reading,
            unit="/s",
            budget=5_000,
            higher_is_better=True,
            note=f"{READ} events",
        ),
        Figure(
            name="outbox: deliveries by one worker, one connection each",
            value=sending,
            unit="/s",
            budget=100,
            higher_is_better=True,
            note=f"{DELIVERED} deliveries, every signature checked",
        ),
        Figure(
            name="outbox: page of 100 changes, whole endpoint",
            value=asking,
            unit="ms",
            budget=25,
            note=f"{LOGGED} events in the log",
        ),
    )


if __name__ == "__main__":
    main()
