"""Rows of the logs for the conformance suite."""

from backoffice.audit.models import Event, ReadLog
from backoffice.audit.services import NewEvent, NewReading, append_event, record_reading
from backoffice.organization.models import Company
from tests.factories import people
from tests.factories.objects import factory_for


@factory_for("backoffice.event")
def make_event(company: Company) -> Event:
    """Something that happened to the company itself."""
    pk = append_event(
        NewEvent(
            action="backoffice.company.changed",
            at=people.AT,
            company_id=company.pk,
            actor_id=None,
            channel="system",
            target_type="backoffice.company",
            target_id=company.pk,
            data={"legal_name": company.legal_name},
        )
    )
    return Event.objects.get(pk=pk)


@factory_for("backoffice.reading")
def make_reading(company: Company) -> ReadLog:
    """Somebody saw the record of an employee."""
    employee = people.hire(company)
    record_reading(
        NewReading(
            at=people.AT,
            kind="hr.employee",
            ids=[employee.pk],
            company_id=company.pk,
            user_id=None,
            channel="web",
        )
    )
    return ReadLog.objects.latest("pk")
