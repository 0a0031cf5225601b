"""Requests for approval, for the conformance suite: of payroll runs."""

from itertools import count
from typing import Any

from backoffice.organization.models import Company
from backoffice.work.models import Approval
from backoffice.work.rules import content_hash
from hr.payroll import services
from hr.payroll.process import APPROVE
from tests.factories import payroll, people
from tests.factories.objects import body_for, factory_for, record_for

CONTENT = {
    "competence": "2026-10",
    "payslips": 1,
    "earnings": "1.00",
    "deductions": "0.00",
    "net": "1.00",
    "fgts": "0.08",
    "payment_date": "2026-11-06",
}
_numbers = count(1_000_000)


@factory_for("backoffice.approval")
def approval(company: Company, **over: Any) -> Approval:
    """A request of the system about a run that is not there."""
    number = next(_numbers)
    given: dict[str, Any] = {
        "permission": APPROVE,
        "document_type": "hr.payrollrun",
        "document_id": number,
        "title": f"Folha {number}",
        "content": CONTENT,
        "content_hash": content_hash(CONTENT),
        "mode": "any",
        "required": 1,
        "requested_at": people.AT,
    }
    return Approval.objects.create(company=company, **{**given, **over})


@record_for("backoffice.approval.vote")
def submitted(company: Company) -> Approval:
    """The request about a payroll run that was sent for approval."""
    people.hire(company)
    run = payroll.computed_run(company)
    services.submit_run(people.system(company), payroll_run_id=run.pk)
    return Approval.objects.get(document_type="hr.payrollrun", document_id=run.pk)


@body_for("backoffice.approval.vote")
def vote_body(company: Company, record: Any) -> dict[str, Any]:
    """An approval of what the record shows."""
    return {
        "decision": "approve",
        "content_hash": record.content_hash,
        "comment": "Tudo conferido.",
    }
