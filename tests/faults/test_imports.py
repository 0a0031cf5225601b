"""A real import, with its worker killed in the middle: each row is taken in once."""

import time
from collections.abc import Iterator

import pytest
from django.db.models import Count

from backoffice.audit.models import Event
from backoffice.exchange import services
from backoffice.exchange.models import DataImport
from backoffice.exchange.services import imports
from backoffice.jobs.models import JobChunk
from backoffice.organization.models import CostCenter
from tests.factories import identity, people
from tests.faults.harness import Site, assert_done_exactly_once

pytestmark = [pytest.mark.faults, pytest.mark.slow]

ROWS = 1_200


def test_a_worker_killed_in_the_middle_of_an_import_takes_each_row_in_once(
    site: Site, cycles: Iterator[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ROWS_IN_A_PART", 100)
    site.start_scheduler()
    site.start_workers()
    company = people.make_company()
    ctx = identity.acting_as(identity.make_user(company, "owner"), company)
    for number in cycles:
        lines = "".join(f"{number}.{row};Linha {row}\n" for row in range(ROWS))
        made = services.start_import(
            ctx,
            object_name="backoffice.cost_center",
            name="a.csv",
            content=f"codigo;nome\n{lines}".encode(),
        )
        check = services.check_import(ctx, import_id=made.pk, mapping=made.mapping)
        site.wait_until_ended(check.pk)
        job = services.apply_import(ctx, data_import_id=made.pk)
        site.wait_until_at_work(job.pk, chunks_done=2)
        site.kill_workers()
        broken = time.monotonic()
        assert JobChunk.objects.filter(job=job, state="pending").exists(), "killed too late"
        site.start_workers()
        site.wait_until_ended(job.pk)
        print(f"\nkill -9: done after {time.monotonic() - broken:.1f} s")  # noqa: T201
        assert_done_exactly_once(job.pk)
        assert DataImport.objects.get(pk=made.pk).state == "applied"
        assert not made.rows.filter(applied_at=None).exists()
        centers = CostCenter.objects.filter(company=company, code__startswith=f"{number}.")
        assert centers.count() == ROWS
        created = Event.objects.filter(
            action="backoffice.cost_center.created", target_id__in=centers.values("pk")
        )
        twice = created.values("target_id").annotate(n=Count("pk")).filter(n__gt=1)
        assert (created.count(), twice.count()) == (ROWS, 0)
