"""A database for each module of work tests, with the sample process in it; all commits are real."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from backoffice.commands import Channel, Context
from backoffice.identity.models import User
from backoffice.organization.models import Company
from backoffice.work import approvals, registry, services
from backoffice.work.models import Approval, ApprovalVote, WorkItem
from tests.backoffice.work import sample
from tests.harness.database import Harness

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)
numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """An actor with the permissions that the test gives."""

    user_id: int
    permissions: frozenset[str] | None = None

    def can(self, permission: str) -> bool:
        return self.permissions is None or permission in self.permissions

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        return False


@pytest.fixture(scope="module")
def work_database(
    harness: Harness, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    name = harness.clones.create()
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        before = harness.point_to(name)
        patch.setitem(registry.PROCESSES, sample.PROCESS.key, sample.PROCESS)
        patch.setitem(registry.APPROVALS, sample.KIND.permission, sample.KIND)
        connection = connections["owner"]
        with transaction.atomic(using="owner"), connection.cursor() as cursor:
            cursor.execute(sample.TABLES)
            app = connections["default"].settings_dict["USER"]
            cursor.execute(
                f"GRANT SELECT, INSERT, UPDATE, DELETE ON work_sample_order, work_sample_line TO {app}"
            )
            registry.save_declarations(connection, [sample.PROCESS])
        yield
        harness.point_to(before)
    harness.clones.drop(name)


@pytest.fixture
def owner(work_database: None, harness: Harness) -> Iterator[psycopg.Cursor[Any]]:
    with psycopg.connect(harness.url("DATABASE_OWNER_URL"), autocommit=True) as connection:
        connection.execute("SET lock_timeout = '5s'")
        yield connection.cursor()


@pytest.fixture
def company(work_database: None) -> Company:
    number = next(numbers)
    return Company.objects.create(
        cnpj=f"{number:012d}00", legal_name=f"Empresa {number} Ltda", trade_name=f"Empresa {number}"
    )


@pytest.fixture
def user(work_database: None) -> Callable[[], int]:
    def make() -> int:
        number = next(numbers)
        return User.objects.create(
            email=f"pessoa{number}@example.com", name=f"Pessoa {number}", created_at=NOON
        ).pk

    return make


@pytest.fixture
def ctx(company: Company, user: Callable[[], int]) -> Context:
    return Context(
        company_id=company.pk, at=NOON, channel=Channel.WEB, actor=Person(user_id=user())
    )


def new_order(ctx: Context, title: str = "Cadeiras", amounts: tuple[str, ...] = ("10.00",)) -> int:
    """An order with its item, committed."""
    return new_orders(ctx, 1, title, amounts)[0]


def new_orders(
    ctx: Context, count: int, title: str = "Cadeiras", amounts: tuple[str, ...] = ("10.00",)
) -> list[int]:
    with transaction.atomic():
        orders = sample.Order.objects.bulk_create(
            sample.Order(company_id=ctx.company, title=title) for _ in range(count)
        )
        sample.Line.objects.bulk_create(
            sample.Line(order=order, amount=amount) for order in orders for amount in amounts
        )
        services.open_items(ctx, "sample.order", [(order, order.title) for order in orders])
    return [order.pk for order in orders]


def move(
    ctx: Context, order: int | list[int], action: str, reason: str = ""
) -> list[services.Move]:
    """One transition in a transaction of its own."""
    ids = [order] if isinstance(order, int) else order
    with transaction.atomic():
        return services.transition(ctx, "sample.order", ids, action, reason)


def item_of(order: int) -> WorkItem:
    return WorkItem.objects.get(process="sample.order", document_id=order)


def state_of(order: int) -> tuple[str, str]:
    """The state of the document and of its item."""
    document = sample.Order.objects.values_list("state", flat=True).get(pk=order)
    return document, item_of(order).state


def ask(ctx: Context, order: int, **how: Any) -> Approval:
    """Submit an order, and ask for its approval with the content that it has now."""
    with transaction.atomic():
        services.transition(ctx, "sample.order", [order], "submit")
        return approvals.request_approval(
            ctx,
            document=sample.Order.objects.get(pk=order),
            permission=sample.APPROVE,
            content=sample.content_of(order),
            **how,
        )


def asked(ctx: Context, **how: Any) -> Approval:
    """A new order that waits for its approval."""
    order = new_order(ctx)
    move(ctx, order, "check")
    return ask(ctx, order, **how)


def cast(ctx: Context, approval: Approval, decision: str = "approve", **over: Any) -> ApprovalVote:
    """A vote on what the approval shows."""
    given = {"content_hash": approval.content_hash, **over}
    return approvals.vote(ctx, approval_id=approval.pk, decision=decision, **given)


def voter(ctx: Context, user_id: int, *permissions: str) -> Context:
    """The same moment and company, another person; without names they may do everything."""
    return replace(ctx, actor=Person(user_id, frozenset(permissions) if permissions else None))
