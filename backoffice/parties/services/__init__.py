"""Commands and steps that make parties known, say what they are to a company, and pay them."""

from backoffice.parties.services.payouts import (
    PayoutData,
    PersonData,
    know_person,
    refuse_incomplete,
    set_payout_account,
    take_back_payout_account,
)
from backoffice.parties.services.relations import (
    AddressData,
    add_contact,
    add_role,
    change_party,
    end_contact,
    end_role,
    known_party,
    refuse_merged,
    register_party,
    set_address,
    unregister_party,
)

__all__ = [
    "AddressData",
    "PayoutData",
    "PersonData",
    "add_contact",
    "add_role",
    "change_party",
    "end_contact",
    "end_role",
    "know_person",
    "known_party",
    "refuse_incomplete",
    "refuse_merged",
    "register_party",
    "set_address",
    "set_payout_account",
    "take_back_payout_account",
    "unregister_party",
]
