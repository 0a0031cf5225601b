"""A company, people with and without rights in it, and jobs of the probe."""

import datetime as dt
import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import transaction

from backoffice.commands import Channel, Context
from backoffice.identity.models import Role, RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.identity.selectors import Access, access_of
from backoffice.jobs import registry, services
from backoffice.jobs.models import Job, JobChunk
from backoffice.organization.models import Company, CostCenter
from tests.faults.probe.kind import FINISH_CODE, GUARDED, PROBE

NOON = dt.datetime(2026, 11, 20, 15, tzinfo=dt.UTC)
WORKER = "test worker"
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def _probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(registry.KINDS, PROBE.name, PROBE)
    monkeypatch.setitem(registry.KINDS, GUARDED.name, GUARDED)


@pytest.fixture
def company(db: None) -> Company:
    return new_company()


def new_company() -> Company:
    number = next(numbers)
    return Company.objects.create(
        cnpj=f"{number:012d}00", legal_name=f"Empresa {number} Ltda", trade_name=f"Empresa {number}"
    )


def new_user(company: Company, role: str = "employee") -> User:
    """A person who holds one of the standard roles in the whole company."""
    number = next(numbers)
    user = User.objects.create(
        email=f"pessoa{number}@example.com", name=f"Pessoa {number}", created_at=NOON
    )
    RoleGrant.objects.create(
        company=company,
        user=user,
        role=Role.objects.get(code=role, company=None),
        scope=Scope.COMPANY.value,
        valid_from=dt.date(2026, 1, 1),
    )
    return user


def access_for(user: User, company: Company) -> Access:
    return access_of(user, company.pk, NOON.date())


def context_for(user: User, company: Company) -> Context:
    return Context(
        company_id=company.pk, at=NOON, channel=Channel.WEB, actor=access_for(user, company)
    )


@pytest.fixture
def starter(company: Company) -> User:
    return new_user(company)


@pytest.fixture
def ctx(company: Company, starter: User) -> Context:
    return context_for(starter, company)


def codes_of(part: int, count: int = 2) -> list[str]:
    return [f"{part:03d}{item:03d}" for item in range(count)]


def start(
    ctx: Context,
    *chunks: Mapping[str, Any],
    kind: str = PROBE.name,
    params: Mapping[str, Any] | None = None,
) -> Job:
    """A committed job; without chunks it has three parts of two items each."""
    parts = chunks or tuple({"codes": codes_of(part)} for part in range(1, 4))
    with transaction.atomic():
        return services.create_job(
            ctx,
            kind=kind,
            title="Centros de custo",
            params=params or {},
            chunks=parts,
            total=sum(len(part["codes"]) for part in parts),
        )


def chunk_ids(job: Job) -> list[int]:
    return list(job.chunks.order_by("seq").values_list("pk", flat=True))


def run(chunk_id: int) -> bool:
    return services.run_chunk(chunk_id, worker=WORKER, at=NOON)


def run_all(job: Job) -> Job:
    """Every chunk once, in order; the job as it then is."""
    for chunk_id in chunk_ids(job):
        run(chunk_id)
    job.refresh_from_db()
    return job


def made(company_id: int) -> list[str]:
    """The codes that the probe inserted in a company, sorted, without the traces of ends."""
    codes = CostCenter.objects.filter(company_id=company_id).exclude(code__startswith=FINISH_CODE)
    return sorted(codes.values_list("code", flat=True))


def ends(job: Job) -> list[tuple[str, str]]:
    """The traces that the ends of a job left: code and state."""
    found = CostCenter.objects.filter(
        company_id=job.company_id, code__startswith=f"{FINISH_CODE}{job.pk}."
    )
    return sorted(found.values_list("code", "name"))


def states(job: Job) -> list[str]:
    return list(job.chunks.order_by("seq").values_list("state", flat=True))


def outcomes(chunk: JobChunk | int) -> list[str]:
    pk = chunk if isinstance(chunk, int) else chunk.pk
    found = JobChunk.objects.get(pk=pk).attempts.order_by("pk")
    return list(found.values_list("outcome", flat=True))
