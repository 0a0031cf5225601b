"""Legal tables for the conformance suite."""

import datetime as dt
from itertools import count
from typing import Any

from backoffice.law.models import LegalTable
from backoffice.organization.models import Company
from tests.factories.objects import body_for, factory_for, record_for
from tests.factories.people import AT

_numbers = count(1)
DUTY = {
    "name": "ISS do município",
    "responsible": "finance",
    "counts_from": "competence",
    "only_month": None,
    "months_after": "1",
    "count": "day",
    "day": "10",
    "saturday_counts": False,
    "shift": "later",
}
SAID: dict[str, Any] = {
    "act": "Lei municipal de teste",
    "source": "Diário Oficial",
    "certainty": "official",
    "payload": DUTY,
}


@factory_for("backoffice.legal_table")
def draft(company: Company, **over: Any) -> LegalTable:
    """A draft that nobody who is asked entered."""
    given = {
        "kind": f"duty.test_{next(_numbers)}",
        "valid_from": dt.date(2026, 1, 1),
        "known_from": dt.date(2026, 1, 1),
        "entered_by_id": None,
        **SAID,
    }
    return LegalTable.objects.create(**{**given, **over})


@record_for("backoffice.legal_table.confirm", "backoffice.legal_table.correct")
def verified(company: Company, **over: Any) -> LegalTable:
    """A verified table that is confirmed through a day."""
    given = {"verified_on": AT.date(), "verified_by": "Bruno Sá", "verified_at": AT}
    return draft(company, **given, confirmed_through=dt.date(2026, 12, 31), **over)


@body_for("backoffice.legal_table.enter")
def entered(company: Company, record: Any) -> dict[str, Any]:
    kind = f"duty.test_{next(_numbers)}"
    return {"kind": kind, "valid_from": "2026-01-01", "known_from": "2026-01-01", **SAID}


@body_for("backoffice.legal_table.change", "backoffice.legal_table.correct")
def changed(company: Company, record: Any) -> dict[str, Any]:
    return {"act": f"Lei municipal nº {next(_numbers)}"}


@body_for("backoffice.legal_table.confirm")
def confirmed(company: Company, record: Any) -> dict[str, Any]:
    return {"through": "2027-01-31", "source": "Diário Oficial"}
