"""Imports for tests: of suppliers, in the states that commands need."""

from backoffice.exchange.models import DataImport, ImportRow, ImportState, Verdict
from backoffice.organization.models import Company
from backoffice.parties.services import register_party
from demo.numbers import cnpj
from tests.factories import identity
from tests.factories.objects import factory_for, record_for
from tests.factories.people import AT, system


@factory_for("backoffice.data_import")
def make_import(company: Company, **over: object) -> DataImport:
    """An import of one new supplier, checked."""
    number = identity.next_number()
    made = DataImport.objects.create(
        company=company,
        object_name="backoffice.party",
        source=f"fornecedores-{number}.csv",
        sha256=f"{number:064d}",
        headings=["CNPJ", "Nome", "Papel", "Desde"],
        mapping={"0": "tax_id", "1": "name", "2": "role", "3": "valid_from"},
        created_by=identity.make_user(company, "owner"),
        created_at=AT,
        **{"state": ImportState.CHECKED} | over,
    )
    ImportRow.objects.create(
        company=company,
        data_import=made,
        line=2,
        key=cnpj(number),
        cells=[cnpj(number), f"Fornecedor {number} Ltda", "supplier", "01/01/2026"],
        verdict=Verdict.NEW,
    )
    return made


@record_for("backoffice.data_import.undo")
def make_applied_import(company: Company) -> DataImport:
    """An import whose row became a supplier."""
    made = make_import(company, state=ImportState.APPLIED, applied_at=AT)
    row = made.rows.get()
    party = register_party(
        system(company), tax_id=row.key, name=row.cells[1], role="supplier", valid_from=AT.date()
    )
    row.record_id, row.applied_at, row.last_event_id = party.pk, AT, 2**62
    row.after = {"name": row.cells[1], "social_name": ""}
    row.save()
    return made
