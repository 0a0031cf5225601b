"""People and companies, each known once; what they are to each company, and where they are paid."""

from backoffice.parties.models.parties import Party, PartyKind, PayoutAccount, PayoutKind
from backoffice.parties.models.relations import (
    AddressKind,
    ChangeState,
    ContactKind,
    PartyAddress,
    PartyAlias,
    PartyContact,
    PartyRole,
    PayoutChange,
)

__all__ = [
    "AddressKind",
    "ChangeState",
    "ContactKind",
    "Party",
    "PartyAddress",
    "PartyAlias",
    "PartyContact",
    "PartyKind",
    "PartyRole",
    "PayoutAccount",
    "PayoutChange",
    "PayoutKind",
]
