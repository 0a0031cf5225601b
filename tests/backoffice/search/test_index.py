"""The index is as the records are: whoever changed them, and however many at once."""

import pytest
from django.db import connection

from backoffice.organization.models import Company
from backoffice.parties.models import Party
from backoffice.search import indexing, marking, selectors, sources
from backoffice.search.models import SearchEntry, SearchMark
from tests.factories import people
from tests.factories.identity import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


def renew() -> int:
    return indexing.renew_marked(on=AT.date(), limit=100_000)


def entry(kind: str, pk: int) -> SearchEntry:
    return SearchEntry.objects.get(kind=kind, record_id=pk)


def test_the_triggers_are_those_that_the_objects_ask_for() -> None:
    with connection.cursor() as cursor:
        assert marking.differences(cursor) == set(), "the template is older: change a migration"


def test_a_hire_is_found_with_everything_that_leads_to_it(company: Company) -> None:
    employee = people.hire(company, name="Conceição Araújo")
    assert renew() > 0
    found = entry("hr.employee", employee.pk)
    assert (found.title, found.company_id) == ("Conceição Araújo", company.pk)
    assert found.person_id == employee.party_id
    assert found.keys == [f"hr.employee:cpf:{employee.party.tax_id}"]
    assert SearchMark.objects.count() == 0


def test_a_name_that_changes_is_changed_in_every_record_that_shows_it(company: Company) -> None:
    employee = people.hire(company, name="Rosa Lima")
    renew()
    Party.objects.filter(pk=employee.party_id).update(name="Rosa Prado")
    renew()
    titles = SearchEntry.objects.filter(person_id=employee.party_id).values_list("kind", "title")
    assert {"hr.employee", "hr.contract"} <= {kind for kind, _title in titles}
    assert {title for _kind, title in titles} == {"Rosa Prado"}


def test_a_change_of_another_column_leaves_no_mark(company: Company) -> None:
    employee = people.hire(company)
    renew()
    Party.objects.filter(pk=employee.party_id).update(email="novo@exemplo.com.br")
    assert SearchMark.objects.count() == 0


def test_what_is_removed_is_found_no_more(company: Company) -> None:
    renew()
    employee = people.hire(company)
    renew()
    SearchMark.objects.create(source="hr_employee.id", row_id=employee.pk)
    SearchEntry.objects.filter(kind="hr.employee").update(record_id=employee.pk + 10**6)
    SearchMark.objects.create(source="hr_employee.id", row_id=employee.pk + 10**6)
    renew()
    ids = SearchEntry.objects.filter(kind="hr.employee", company=company)
    assert list(ids.values_list("record_id", flat=True)) == [employee.pk]


def test_marks_of_a_table_that_is_watched_no_more_are_dropped() -> None:
    renew()
    SearchMark.objects.create(source="gone.id", row_id=1)
    assert renew() == 1
    assert SearchMark.objects.count() == 0


def test_the_lag_is_the_number_and_age_of_what_waits(company: Company) -> None:
    renew()
    assert selectors.lag() == (0, 0.0)
    SearchMark.objects.create(source="hr_employee.id", row_id=1)
    assert selectors.lag()[0] == 1


@pytest.mark.parametrize("name", sources.names())
def test_every_table_that_an_object_is_read_from_is_watched(name: str) -> None:
    known = {table for table, found in ASKED_ANYWAY.items() if name in found}
    watched = {watch.table for watch in sources.watches().values()}
    of_object = {
        watch.table
        for watch in sources.watches().values()
        if any(each == name for each, _path in watch.leads_to)
    }
    assert sources.tables_read(name) - of_object - known == set()
    assert watched


# The rows of these objects are asked again by each question: what stands here may change freely.
ASKED_ANYWAY = {
    "backoffice_webhook_delivery": {"backoffice.webhook"},  # counted, not shown
    "hr_employee": {"backoffice.attachment"},
    "hr_employee_listing": {"backoffice.attachment"},
    "hr_employment_contract": {"backoffice.attachment"},
}
