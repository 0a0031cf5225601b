"""Requests of data subjects and legal holds, each call another one."""

import datetime as dt
from typing import Any

from backoffice.organization.models import Company
from backoffice.privacy import services
from backoffice.privacy.models import LegalHold, PersonRequest
from tests.factories import people
from tests.factories.objects import body_for, factory_for

TODAY = people.AT.date()


@factory_for("backoffice.person_request")
def make_request(company: Company, **over: Any) -> PersonRequest:
    """A request of an employee, received today."""
    given: dict[str, Any] = {"kind": "access", "said": "Quais dados?", "received_on": TODAY} | over
    if "person_id" not in given:
        given["person_id"] = people.hire(company).party_id
    return services.receive_request(people.system(company), **given)


@factory_for("backoffice.legal_hold")
def make_hold(company: Company, **over: Any) -> LegalHold:
    """A hold on the data of an employee."""
    given: dict[str, Any] = {
        "reason": "Reclamação trabalhista",
        "since": dt.date(2026, 1, 1),
    } | over
    if "person_id" not in given:
        given["person_id"] = people.hire(company).party_id
    return services.place_hold(people.system(company), **given)


@body_for("backoffice.person_request.create")
def request_body(company: Company, record: Any) -> dict[str, Any]:
    person = people.hire(company).party_id
    return {"person": person, "kind": "access", "said": "Quais?", "received_on": "2026-11-20"}


@body_for("backoffice.person_request.answer", "backoffice.person_request.refuse")
def answer_body(company: Company, record: Any) -> dict[str, Any]:
    return {"answer": "Segue em anexo."}


@body_for("backoffice.person_request.report")
def report_body(company: Company, record: Any) -> dict[str, Any]:
    return {"format": "json"}


@body_for("backoffice.legal_hold.place")
def hold_body(company: Company, record: Any) -> dict[str, Any]:
    person = people.hire(company).party_id
    return {"person": person, "reason": "Fiscalização", "since": "2026-01-01"}


@body_for("backoffice.legal_hold.release")
def release_body(company: Company, record: Any) -> dict[str, Any]:
    return {"why": "Processo encerrado"}
