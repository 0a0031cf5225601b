"""Pages by key visit every row once, with ties and missing values, there and back."""

import itertools
from typing import Any

import pytest

from backoffice.database.keyset import BadQuery, Page, Sort, capped_count, is_nullable, page
from backoffice.organization.models import Department
from tests.factories import people

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows() -> Any:
    """Eleven departments: four without a parent, the others below three that share two names."""
    company = people.make_company()
    Department.objects.filter(company=company).delete()
    tops = [
        Department.objects.create(company=company, code=f"T{n}", name=name)
        for n, name in enumerate(("Ágata", "Zinco", "Zinco", ""))
    ]
    for number in range(7):
        Department.objects.create(
            company=company, code=f"S{number}", name="x", parent=tops[number % 3]
        )
    return Department.objects.filter(company=company)


ORDERS = [Sort("id", "pk", nullable=False), Sort("-id", "pk", nullable=False)] + [
    Sort(f"{sign}{path}", path, nullable=is_nullable(Department, path))
    for sign in ("", "-")
    for path in ("code", "name", "parent__name", "closed_on")
]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 11, 50])
@pytest.mark.parametrize("sort", ORDERS, ids=lambda sort: sort.name)
def test_pages_follow_one_another_there_and_back(rows: Any, sort: Sort, limit: int) -> None:
    keys = ["pk"] if sort.path == "pk" else [sort.path, "pk"]
    sign = "-" if sort.descending else ""
    expected = list(rows.order_by(*(f"{sign}{key}" for key in keys)).values_list("pk", flat=True))
    pages: list[Page] = [page(rows, ["pk"], sort, limit=limit)]
    while pages[-1].next:
        pages.append(page(rows, ["pk"], sort, limit=limit, after=pages[-1].next))
    assert [row[0] for row in itertools.chain(*(each.rows for each in pages))] == expected
    back = [pages[-1]]
    while back[-1].previous:
        back.append(page(rows, ["pk"], sort, limit=limit, before=back[-1].previous))
    seen = itertools.chain(*(each.rows for each in reversed(back)))
    assert [row[0] for row in seen] == expected
    assert pages[0].previous == ""


def test_a_row_added_meanwhile_repeats_and_hides_no_other(rows: Any) -> None:
    sort = Sort("code", "code", nullable=False)
    first = page(rows, ["code"], sort, limit=4)
    Department.objects.create(company_id=rows[0].company_id, code="A", name="new")
    rest = page(rows, ["code"], sort, limit=50, after=first.next)
    assert [row[0] for row in first.rows + rest.rows] == sorted(
        rows.exclude(code="A").values_list("code", flat=True)
    )


@pytest.mark.parametrize(
    "cursor", ["", "x", "W10", "bnVsbA", "WyJjb2RlIiwxLCJ4Il0", "WyJjb2RlIiwxZTk5OTksMV0", "%00"]
)
def test_a_cursor_that_was_not_given_out_is_refused(rows: Any, cursor: str) -> None:
    sort = Sort("code", "code", nullable=False)
    if cursor == "":
        assert page(rows, ["pk"], sort, limit=2, after=cursor).previous == ""
        return
    with pytest.raises(BadQuery):
        page(rows, ["pk"], sort, limit=2, after=cursor)


def test_the_first_page_is_found_by_the_index_however_deep(rows: Any) -> None:
    sort = Sort("code", "code", nullable=False)
    following = page(rows, ["pk"], sort, limit=2).next
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as captured:
        page(rows, ["pk"], sort, limit=2, after=following)
    assert len(captured) == 1
    assert "OFFSET" not in captured[0]["sql"]
    assert '"code" >= ' in captured[0]["sql"]


def test_counting_stops_one_past_the_cap(rows: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("backoffice.database.keyset.COUNT_CAP", 5)
    assert capped_count(rows) == 6
    assert capped_count(rows.filter(code="T1")) == 1
