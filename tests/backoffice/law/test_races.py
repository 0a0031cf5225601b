"""Sixteen people at once: one version for a day, one confirmation for each step."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection

from backoffice.errors import BusinessError
from backoffice.law.models import LegalTable, LegalTableConfirmation
from backoffice.law.services import confirm_tables, enter_table, verify_table
from tests.backoffice.law.test_tables import INSS_2027, ctx

pytestmark = pytest.mark.clone
PEOPLE = 16


def at_once(act: Callable[[int], object]) -> list[str]:
    """What each of sixteen got: "done" or the code of the refusal."""
    got: list[str] = []
    barrier = threading.Barrier(PEOPLE)

    def run(number: int) -> None:
        barrier.wait()
        try:
            act(number)
            got.append("done")
        except BusinessError as refusal:
            got.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(PEOPLE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(got)


def test_of_sixteen_overlapping_drafts_one_is_verified() -> None:
    drafts = [
        enter_table(
            ctx(7), table=replace(INSS_2027, known_from=dt.date(2026, 12, 1) + dt.timedelta(number))
        ).pk
        for number in range(PEOPLE)
    ]
    got = at_once(lambda number: verify_table(ctx(8), legal_table_id=drafts[number]))
    assert got == ["done"] + ["overlap"] * (PEOPLE - 1)
    verified = LegalTable.objects.filter(valid_from="2027-01-01", verified_on__isnull=False)
    assert verified.count() == 1


def test_one_draft_is_verified_once() -> None:
    draft = enter_table(ctx(7), table=INSS_2027).pk
    got = at_once(lambda number: verify_table(ctx(100 + number), legal_table_id=draft))
    assert got == ["already_verified"] * (PEOPLE - 1) + ["done"]


def test_the_same_day_is_confirmed_once() -> None:
    row = LegalTable.objects.get(kind="irrf_monthly", valid_from="2025-05-01")
    through = dt.date(2027, 1, 31)
    got = at_once(
        lambda number: confirm_tables(
            ctx(number), legal_table_ids=[row.pk], through=through, source="DOU"
        )
    )
    assert got == ["done"] + ["not_later"] * (PEOPLE - 1)
    assert LegalTableConfirmation.objects.count() == 1
