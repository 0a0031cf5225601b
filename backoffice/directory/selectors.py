"""What a person may see of parties: those that are, or were, something to their company."""

from collections.abc import Mapping
from typing import Any

from django.contrib.postgres.aggregates import StringAgg
from django.db.models import (
    Case,
    CharField,
    Exists,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat

from backoffice.directory.registry import linked
from backoffice.identity.rules import Access, Scope
from backoffice.official.models import Bank
from backoffice.parties.models import (
    ChangeState,
    Party,
    PartyAddress,
    PartyAlias,
    PartyContact,
    PartyRole,
    PayoutAccount,
    PayoutChange,
)
from backoffice.parties.rules import ROLES
from backoffice.parties.selectors import duplicates_of, identities

VIEW = "backoffice.party.view"


def visible_parties(access: Access) -> QuerySet[Party]:
    """Parties with a role in the company; what is kept of them is only what this company keeps."""
    mine = {"company_id": access.company_id}
    here = {**mine, "party_id": OuterRef("pk")}
    roles = PartyRole.objects.filter(**here)
    open_roles = roles.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=access.on))
    names = Case(
        *(When(kind=kind, then=Value(str(name))) for kind, name in ROLES.items()),
        default="kind",
        output_field=CharField(),
    )
    listed = open_roles.order_by().values("party_id").annotate(text=StringAgg(names, ", "))
    alias = PartyAlias.objects.filter(**here)
    rows = Party.objects.filter(Exists(roles))
    if access.scope(VIEW) is not Scope.COMPANY:
        rows = rows.none()
    return rows.annotate(
        roles_now=Coalesce(Subquery(listed.values("text")), Value(""), output_field=TextField()),
        merged_into=Subquery(alias.values("kept__name")),
        state=Case(
            When(Exists(alias), then=Value("merged")),
            When(Exists(open_roles), then=Value("current")),
            default=Value("ended"),
            output_field=CharField(),
        ),
    ).prefetch_related(
        Prefetch("roles", PartyRole.objects.filter(**mine).order_by("kind", "valid_from")),
        Prefetch("addresses", PartyAddress.objects.filter(**mine).order_by("kind", "valid_from")),
        Prefetch("contacts", PartyContact.objects.filter(**mine).order_by("kind", "value")),
        Prefetch("payout_accounts", PayoutAccount.objects.filter(**mine).order_by("valid_from")),
    )


def _mine(access: Access, party: Party) -> dict[str, Any]:
    """The rows of the company on a party, under any of the keys that it takes for it."""
    if access.scope(VIEW) is not Scope.COMPANY:
        return {"pk__in": []}
    return {
        "company_id": access.company_id,
        "party_id__in": identities(access.company_id, party.pk),
    }


def roles_of(party: Party, access: Access) -> QuerySet[PartyRole]:
    """What a party is and was to the company."""
    return PartyRole.objects.filter(**_mine(access, party)).order_by("-valid_from", "kind")


def addresses_of(party: Party, access: Access) -> QuerySet[PartyAddress]:
    """Addresses of a party, the latest first."""
    rows = PartyAddress.objects.filter(**_mine(access, party)).select_related("place")
    return rows.annotate(
        written=Concat("street", Value(", "), "street_number", output_field=CharField())
    ).order_by("-valid_from", "kind")


def contacts_of(party: Party, access: Access) -> QuerySet[PartyContact]:
    """Contacts of a party, those in use first."""
    return PartyContact.objects.filter(**_mine(access, party)).order_by("-valid_to", "value")


def accounts_of(party: Party, access: Access) -> QuerySet[PayoutAccount]:
    """Where a party is and was paid, the latest first."""
    bank = Bank.objects.filter(code=OuterRef("bank_code")).values("label")
    return (
        PayoutAccount.objects.filter(**_mine(access, party))
        .annotate(bank=Coalesce(Subquery(bank, output_field=CharField()), "bank_code"))
        .order_by("-valid_from")
    )


def changes_of(party: Party, access: Access) -> QuerySet[PayoutChange]:
    """Changes of accounts that were asked for, the latest first."""
    bank = Bank.objects.filter(code=OuterRef("bank_code")).values("label")
    return (
        PayoutChange.objects.filter(**_mine(access, party))
        .annotate(bank=Coalesce(Subquery(bank, output_field=CharField()), "bank_code"))
        .order_by("-pk")
    )


def aliases_of(party: Party, access: Access) -> QuerySet[PartyAlias]:
    """Parties that the company takes for this one."""
    if access.scope(VIEW) is not Scope.COMPANY:
        return PartyAlias.objects.none()
    kept = identities(access.company_id, party.pk)
    rows = PartyAlias.objects.filter(company_id=access.company_id, kept_id__in=kept)
    return rows.select_related("party").order_by("-merged_on")


def duplicates_panel(party: Party, access: Access) -> dict[str, Any] | None:
    """Parties that may be the same."""
    found = [] if _is_merged(party, access) else duplicates_of(access.company_id, party.pk)
    return {"candidates": found} if found else None


def links_panel(party: Party, access: Access) -> dict[str, Any] | None:
    """Everything else that is linked to the party."""
    found = linked(access, identities(access.company_id, party.pk))
    return {"groups": found} if found else None


def party_values(access: Access, record: Party | None) -> Mapping[str, Any]:
    """First values of the forms of a party."""
    given: dict[str, Any] = {"valid_from": access.on}
    return given if record is None else {"name": record.name, "social_name": record.social_name}


def from_today(access: Access, _record: Party | None) -> Mapping[str, Any]:
    """A row that begins today."""
    return {"valid_from": access.on}


def until_today(access: Access, _record: Party | None) -> Mapping[str, Any]:
    """A row that ends today."""
    return {"valid_to": access.on}


def waiting_change(party: Party, access: Access) -> bool:
    """Whether a change of the account waits for a second person."""
    rows = PayoutChange.objects.filter(company_id=access.company_id, party=party)
    return rows.filter(state=ChangeState.WAITING).exists()


def _is_merged(party: Party, access: Access) -> bool:
    return PartyAlias.objects.filter(company_id=access.company_id, party=party).exists()
