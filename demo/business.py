"""Whom Comercial Ipê does business with: invented suppliers and customers, one of them entered twice."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from backoffice.directory.services import ask_for_account, merge_parties
from backoffice.parties.models import Party
from backoffice.parties.services import (
    AddressData,
    PayoutData,
    add_contact,
    add_role,
    register_party,
    set_address,
)
from backoffice.work.approvals import vote
from backoffice.work.models import Approval
from demo.numbers import cnpj, cpf

if TYPE_CHECKING:
    from demo.ipe import Ipe

DOMAIN = "example"
PURPOSE = "Comercial"


@dataclass(frozen=True, slots=True)
class Partner:
    """One party of the demonstration."""

    tax_id: str
    name: str
    role: str
    mail: str
    phone: str
    street: str
    postal_code: str
    municipality: str
    payout: PayoutData


PARTNERS = (
    Partner(
        cnpj(61_220_417), "Distribuidora Aroeira Ltda", "supplier", "vendas@aroeira", "1134567801",
        "Rua dos Lírios", "04101000", "3550308", PayoutData(bank_code="341", agency="1234", account="55017-3"),
    ),
    Partner(
        cnpj(58_913_260), "Papelaria Jatobá Ltda", "supplier", "pedidos@jatoba", "1932345602",
        "Avenida das Amoreiras", "13036000", "3509502", PayoutData(pix_key="financeiro@jatoba.example"),
    ),
    Partner(
        cnpj(47_105_882), "Transportes Serra Azul S.A.", "carrier", "coleta@serraazul", "4133456703",
        "Rua das Araucárias", "80010000", "4106902", PayoutData(bank_code="001", agency="3321", account="20458-6"),
    ),
    Partner(
        cnpj(39_770_154), "Contábil Horizonte Ltda", "accountant", "atende@horizonte", "1130987604",
        "Alameda Santos", "01418000", "3550308", PayoutData(bank_code="237", agency="0550", account="77120-9"),
    ),
    Partner(
        cpf(318_440_927), "Odete Salgueiro Pinto", "landlord", "odete@correio", "11988123405",
        "Rua Vergueiro", "04101300", "3550308", PayoutData(bank_code="104", agency="0238", account="10044-1"),
    ),
    Partner(
        cnpj(72_018_365), "Mercado Boa Praça Ltda", "customer", "compras@boapraca", "1932109806",
        "Rua Barão de Jaguara", "13015001", "3509502", PayoutData(),
    ),
)  # fmt: skip
TWICE = "Distribuidora Aroeira"
SIMILAR = "Papelaria Jatoba Ltda ME"


def build(ipe: "Ipe", day: dt.date) -> None:
    """Make the parties known: entered by finance, their accounts agreed to by the head of people."""
    for partner in PARTNERS:
        _register(ipe, partner, day)
    entry = ipe.acting("finance", day, 14)
    first = Party.objects.get(tax_id=PARTNERS[0].tax_id)
    add_role(entry, party_id=first.pk, role="customer", valid_from=day)
    branch = register_party(
        entry, tax_id=cnpj(61_220_417, 2), name=TWICE, role="supplier", valid_from=day
    )
    merge_parties(
        entry, party_id=branch.pk, into_id=first.pk, why="Filial cadastrada como outro fornecedor"
    )
    register_party(entry, tax_id=cnpj(58_931_206), name=SIMILAR, role="supplier", valid_from=day)


def _register(ipe: "Ipe", partner: Partner, day: dt.date) -> None:
    ctx = ipe.acting("finance", day, 10)
    party = register_party(
        ctx, tax_id=partner.tax_id, name=partner.name, role=partner.role, valid_from=day
    )
    for value in (f"{partner.mail}.{DOMAIN}", partner.phone):
        add_contact(ctx, party_id=party.pk, value=value, valid_from=day, purpose=PURPOSE)
    address = AddressData(
        kind="main",
        postal_code=partner.postal_code,
        street=partner.street,
        street_number=str(100 + len(partner.name)),
        municipality=partner.municipality,
        valid_from=day,
    )
    set_address(ctx, party_id=party.pk, address=address)
    if partner.payout.given:
        _account(ipe, party, partner.payout, day)


def _account(ipe: "Ipe", party: Party, payout: PayoutData, day: dt.date) -> None:
    change = ask_for_account(
        ipe.acting("finance", day, 11),
        party_id=party.pk,
        payout=payout,
        valid_from=day,
        why="Confirmada por telefone, no número do contrato",
    )
    approval = Approval.objects.get(
        document_type=change._meta.label_lower, document_id=change.pk, state="open"
    )
    vote(
        ipe.acting("hr_manager", day, 15),
        approval_id=approval.pk,
        decision="approve",
        content_hash=approval.content_hash,
    )
