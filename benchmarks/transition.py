"""Moving work: 8 writers that each take single steps, and one step with many documents.

Budget of the product: 800 transitions a second with 8 writers; the ORM way reached 369. Every step is a
transaction of its own that is committed to disk. The documents are those of the tests of `work`, with all
guards of the database, on a clone of the tests' template.
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
django.setup()

import psycopg  # noqa: E402  after the set-up
from django.db import connection, connections, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from backoffice.commands import Channel, Context  # noqa: E402
from backoffice.organization.models import Company  # noqa: E402
from backoffice.work import registry, services  # noqa: E402
from backoffice.work.models import WorkItem  # noqa: E402
from tests.backoffice.work import sample  # noqa: E402
from tests.harness.addresses import ensure_servers, with_database  # noqa: E402
from tests.harness.clones import Clones  # noqa: E402
from tests.harness.template import ensure_template  # noqa: E402

BUDGET = 800
WRITERS = 8
DOCUMENTS = 50  # of each writer
SET = 10_000


@contextmanager
def clone() -> Iterator[str]:
    """A new database with the sample process; its name. It is dropped afterwards."""
    urls = ensure_servers()
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as owner:
        clones = Clones(owner, ensure_template(owner, urls))
        name = clones.create()
        try:
            point_to(name)
            make_sample(with_database(urls["DATABASE_OWNER_URL"], name))
            yield name
        finally:
            connections.close_all()
            clones.drop(name)


def point_to(name: str) -> None:
    """Let this process use the clone, with the sample process declared."""
    connections.close_all()
    for alias in connections.settings.values():
        alias["NAME"] = name
    registry.PROCESSES[sample.PROCESS.key] = sample.PROCESS


def make_sample(owner_url: str) -> None:
    """The tables and the declaration of the sample process."""
    app = connections["default"].settings_dict["USER"]
    with psycopg.connect(owner_url) as owner:
        owner.execute(sample.TABLES)
        owner.execute(f"GRANT ALL ON work_sample_order, work_sample_line TO {app}")
    registry.save_declarations(connections["owner"], [sample.PROCESS])


def context(company_id: int) -> Context:
    """The system, now."""
    return Context(company_id=company_id, at=timezone.now(), channel=Channel.SYSTEM)


def checked_orders(company_id: int, count: int) -> list[int]:
    """New orders in the state from which a step leads back to itself."""
    ctx = context(company_id)
    with transaction.atomic():
        orders = sample.Order.objects.bulk_create(
            sample.Order(company_id=company_id, title="Pedido") for _ in range(count)
        )
        services.open_items(ctx, "sample.order", [(order, order.title) for order in orders])
        keys = [order.pk for order in orders]
        services.transition(ctx, "sample.order", keys, "check")
    return keys


@dataclass(frozen=True)
class Spent:
    """Processor seconds of one writer: its own, and those of its PostgreSQL backend."""

    python: float
    postgres: float


def write(name: str, company_id: int, orders: list[int], count: int) -> Spent:
    """One writer: so many single steps, one after the other."""
    if connections.settings["default"]["NAME"] != name:  # a process of its own
        point_to(name)
    connection.ensure_connection()
    backend = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    started, backend_started = time.thread_time(), processor_seconds(backend)
    for order in islice(cycle(orders), count):
        with transaction.atomic(durable=True):
            services.transition(context(company_id), "sample.order", [order], "recheck")
    spent = Spent(time.thread_time() - started, processor_seconds(backend) - backend_started)
    connection.close()
    return spent


def processor_seconds(stat: Path) -> float:
    """What a process has used so far; 0 when it runs elsewhere."""
    if not stat.exists():
        return 0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure_single(
    pool: Callable[[], Executor], name: str, company_id: int, count: int
) -> tuple[float, Spent]:
    """Steps a second of all writers, and the processor seconds of one step.

    The first steps of each writer are not counted.

    Raises:
        ValueError: A step was lost or counted twice.
    """
    owned = [checked_orders(company_id, DOCUMENTS) for _ in range(WRITERS)]
    before = total_moves()
    with pool() as writers:

        def run(steps: int) -> list[Spent]:
            running = [writers.submit(write, name, company_id, mine, steps) for mine in owned]
            return [writer.result() for writer in running]

        run(DOCUMENTS)
        started = time.perf_counter()
        spent = run(count)
        seconds = time.perf_counter() - started
    if total_moves() - before != WRITERS * (DOCUMENTS + count):
        msg = "steps were lost or counted twice"
        raise ValueError(msg)
    total = WRITERS * count
    return total / seconds, Spent(
        sum(each.python for each in spent) / total, sum(each.postgres for each in spent) / total
    )


def total_moves() -> int:
    """All moves of all items, as the items count them."""
    return sum(WorkItem.objects.values_list("last_seq", flat=True))


def measure_set(company_id: int, count: int) -> float:
    """Documents a second in one step with many."""
    orders = checked_orders(company_id, count)
    started = time.perf_counter()
    with transaction.atomic(durable=True):
        services.transition(context(company_id), "sample.order", orders, "recheck")
    return count / (time.perf_counter() - started)


def threads() -> Executor:
    """Eight threads of one process: they share one Python."""
    return ThreadPoolExecutor(WRITERS)


def processes() -> Executor:
    """Eight processes, as web and worker processes are."""
    return ProcessPoolExecutor(WRITERS, mp_context=get_context("spawn"))


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print each figure beside its budget, with the state of the machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--steps", type=int, default=500, help="steps of each writer")
    parser.add_argument("--set", type=int, default=SET, help="documents of the set")
    given = parser.parse_args(arguments)
    with clone() as name:
        company = Company.objects.create(
            cnpj="11222333000181", legal_name="Comercial Ipê Ltda", trade_name="Comercial Ipê"
        )
        load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
        print(f"machine: {os.cpu_count()} processors, load {load}")
        for what, pool in (("threads", threads), ("processes", processes)):
            rate, spent = measure_single(pool, name, company.pk, given.steps)
            print(
                f"transition(), {WRITERS} {what}: {rate:.0f}/s (budget {BUDGET}/s); processor time of a"
                f" step: {spent.python * 1000:.2f} ms Python, {spent.postgres * 1000:.2f} ms PostgreSQL"
            )
        rate = measure_set(company.pk, given.set)
        print(f"transition() of {given.set} documents in one step: {rate:.0f} documents/s")


if __name__ == "__main__":
    main()
