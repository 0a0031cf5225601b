"""Parties for tests, and their samples for the conformance suite."""

import datetime as dt
from itertools import count
from typing import Any

from backoffice.directory.services import ask_for_account, merge_parties
from backoffice.organization.models import Company
from backoffice.parties.models import Party
from backoffice.parties.services import PayoutData, add_contact, add_role, register_party
from tests.factories import people
from tests.factories.objects import body_for, factory_for, record_for

_numbers = count(700_000)
DAY = dt.date(2026, 1, 1)


def make_party(
    company: Company, name: str = "", *, person: bool = False, role: str = "supplier"
) -> Party:
    """One more supplier of the company."""
    number = next(_numbers)
    return register_party(
        people.system(company),
        tax_id=people.cpf(number) if person else people.cnpj(number),
        name=name or f"Fornecedor {number} Ltda",
        role=role,
        valid_from=DAY,
    )


@factory_for("backoffice.party")
def party(company: Company, **over: Any) -> Party:
    return make_party(company, **over)


@body_for("backoffice.party.create")
def party_body(company: Company, record: Any) -> dict[str, Any]:
    number = next(_numbers)
    names = {"tax_id": people.cnpj(number), "name": f"Cliente {number} S.A."}
    return {**names, "role": "customer", "valid_from": "2026-01-01"}


@body_for("backoffice.party.change")
def change_body(company: Company, record: Any) -> dict[str, Any]:
    return {"name": f"Nome {next(_numbers)}"}


@body_for("backoffice.party.add_role")
def role_body(company: Company, record: Any) -> dict[str, Any]:
    return {"role": "carrier", "valid_from": "2026-01-01"}


@record_for("backoffice.party.end_role")
def with_role(company: Company) -> Party:
    return add_role(
        people.system(company), party_id=make_party(company).pk, role="carrier", valid_from=DAY
    )


@body_for("backoffice.party.end_role")
def end_role_body(company: Company, record: Any) -> dict[str, Any]:
    return {"role": "carrier", "valid_to": "2026-12-31"}


@body_for("backoffice.party.set_address")
def address_body(company: Company, record: Any) -> dict[str, Any]:
    place = {"postal_code": "11010-000", "street": "Rua do Comércio", "street_number": "10"}
    return {"kind": "main", **place, "municipality": "3548500", "valid_from": "2026-01-01"}


@body_for("backoffice.party.add_contact")
def contact_body(company: Company, record: Any) -> dict[str, Any]:
    return {"value": f"contato{next(_numbers)}@example.com", "valid_from": "2026-01-01"}


@record_for("backoffice.party.end_contact")
def with_contact(company: Company) -> Party:
    value = f"contato{next(_numbers)}@example.com"
    return add_contact(
        people.system(company), party_id=make_party(company).pk, value=value, valid_from=DAY
    )


@body_for("backoffice.party.end_contact")
def end_contact_body(company: Company, record: Any) -> dict[str, Any]:
    return {"contact": record.contacts.get().pk, "valid_to": "2026-12-31"}


@body_for("backoffice.party.change_account")
def account_body(company: Company, record: Any) -> dict[str, Any]:
    key = {"pix_key": f"pix{next(_numbers)}@example.com"}
    return {**key, "why": "Ligação para o número antigo", "valid_from": "2026-01-01"}


@record_for("backoffice.party.withdraw_account")
def with_change(company: Company) -> Party:
    found = make_party(company)
    ask_for_account(
        people.system(company),
        party_id=found.pk,
        payout=PayoutData(pix_key="pix@example.com"),
        valid_from=DAY,
        why="Ligação",
    )
    return found


@body_for("backoffice.party.merge")
def merge_body(company: Company, record: Any) -> dict[str, Any]:
    return {"into": make_party(company).pk, "why": "O mesmo fornecedor"}


@record_for("backoffice.party.split")
def merged(company: Company) -> Party:
    found = make_party(company)
    merge_parties(
        people.system(company), party_id=found.pk, into_id=make_party(company).pk, why="Igual"
    )
    return found
