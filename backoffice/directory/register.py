"""Parties as a registered object: one page with everything that a company knows of one."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.directory import forms, selectors
from backoffice.directory.api import PartyDetailSerializer, PartySerializer
from backoffice.directory.filters import STATES, PartyFilter
from backoffice.directory.links import LINKS, keeps_user
from backoffice.directory.registry import KEEPS, register_links
from backoffice.directory.services import APPROVE, account_content, on_account_decision
from backoffice.exchange import importers
from backoffice.identity.rules import Access
from backoffice.parties.models import (
    Party,
    PartyAddress,
    PartyAlias,
    PartyContact,
    PartyRole,
    PayoutChange,
)
from backoffice.parties.rules import ROLES
from backoffice.parties.services import unregister_party
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    DataClass,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Personal,
    Resource,
    Table,
    Text,
)
from backoffice.search import sources
from backoffice.work.registry import ApprovalKind, register_approval

KNOWN = frozenset({"current", "ended"})
TONES = {"current": "success", "ended": "neutral", "merged": "warning"}
CONTRACT = Personal(
    data_class=DataClass.PERSONAL,
    purpose=_("Business with suppliers, customers and other parties"),
    basis=_("LGPD art. 7, V (contract) and II (legal obligation)"),
    retention=_("Ten years after the last business (Código Civil, art. 205)"),
)

STATE = Column(key="state", label=_("State"), kind=Kind.STATE, choices=STATES, tones=TONES)
TAX_ID = Column(key="tax_id", label=_("CPF or CNPJ"), kind=Kind.TAX_ID)
FROM = Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE)
TO = Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE)
KIND = Column(key="kind", label=_("Kind"), kind=Kind.CHOICE)
ACCOUNT = (
    KIND,
    Column(key="bank", label=_("Bank")),
    Column(key="agency", label=_("Agency")),
    Column(key="account", label=_("Account")),
    Column(key="pix_key", label=_("Pix key")),
    FROM,
)


def account_summary(content: Any) -> list[tuple[Any, Any]]:  # noqa: ANN401  any JSON
    """What the second person must see: who is paid, where, and how that was confirmed."""
    bank = " ".join(content[name] for name in ("bank_code", "agency", "account")).strip()
    return [
        (_("Party"), f"{content['name']} ({content['party']})"),
        (_("Paid to until now"), content["before"] or "—"),
        (_("Paid to from now on"), content["pix_key"] or bank),
        (_("Valid from"), content["valid_from"]),
        (_("How it was confirmed"), content["why"]),
    ]


def party_url(change_id: int) -> str:
    """The page of the party whose account changes."""
    party_id = PayoutChange.objects.values_list("party_id", flat=True).get(pk=change_id)
    return reverse("backoffice.party.detail", args=[party_id])


def why_not_account(party: Party, access: Access) -> Text | None:
    """One change at a time."""
    if selectors.waiting_change(party, access):
        return _("A change of this account waits already.")
    return None


def why_not_withdraw(party: Party, access: Access) -> Text | None:
    """Only what waits is withdrawn."""
    return None if selectors.waiting_change(party, access) else _("No change of the account waits.")


def merge_summary(party: Party, _access: Access) -> Text:
    """What merging does."""
    text = _("%(name)s leaves the lists; documents that name it stay as they are.")
    return text % {"name": party.display_name}


def split_summary(party: Party, _access: Access) -> Text:
    """What taking a merge back does."""
    return _("%(name)s is a party of its own again.") % {"name": party.display_name}


def _lines(title: Text, icon: str, rows: Any, columns: tuple[Column, ...], order: str) -> Lines:  # noqa: ANN401
    return Lines(title=title, icon=icon, rows=rows, table=Table(columns=columns, order=order))


def _command(name: str, label: Text, icon: str, done: Text, **more: Any) -> Command:  # noqa: ANN401
    return Command(
        name=f"backoffice.party.{name}",
        label=label,
        icon=icon,
        done=done,
        **{"states": KNOWN, **more},
    )


PANELS = (
    Facts(
        title=_("Identity"),
        icon="id",
        facts=(
            TAX_ID,
            Fact(key="kind", label=_("Kind"), kind=Kind.CHOICE),
            Fact(key="name", label=_("Name")),
            Fact(key="social_name", label=_("Social or trade name")),
            STATE,
            Fact(key="merged_into", label=_("Taken for")),
        ),
    ),
    Panel(
        title=_("Possible duplicates"),
        icon="copy",
        template="directory/duplicates.html",
        context=selectors.duplicates_panel,
    ),
    _lines(
        _("Roles"),
        "list-details",
        selectors.roles_of,
        (Column(key="kind", label=_("Role"), kind=Kind.CHOICE, choices=ROLES), FROM, TO),
        "-valid_from",
    ),
    _lines(
        _("Contacts"),
        "users-group",
        selectors.contacts_of,
        (
            Column(key="value", label=_("E-mail or phone")),
            Column(key="person", label=_("Contact person")),
            Column(key="purpose", label=_("For what")),
            FROM,
            TO,
        ),
        "value",
    ),
    _lines(
        _("Addresses"),
        "map-pin",
        selectors.addresses_of,
        (
            KIND,
            Column(key="written", label=_("Address")),
            Column(key="address_extra", label=_("Complement")),
            Column(key="district", label=_("District")),
            Column(key="place", label=_("Municipality"), source="place__label"),
            Column(key="postal_code", label=_("Postal code"), kind=Kind.CEP),
            FROM,
            TO,
        ),
        "-valid_from",
    ),
    _lines(_("Accounts"), "building-bank", selectors.accounts_of, (*ACCOUNT, TO), "-valid_from"),
    _lines(
        _("Changes of accounts"),
        "shield-check",
        selectors.changes_of,
        (
            *ACCOUNT,
            Column(key="why", label=_("How it was confirmed")),
            Column(key="state", label=_("State"), kind=Kind.CHOICE),
        ),
        "-valid_from",
    ),
    _lines(
        _("Merged into this one"),
        "link",
        selectors.aliases_of,
        (
            Column(key="alias", label=_("Party"), source="party__name"),
            Column(key="tax_id", label=_("CPF or CNPJ"), kind=Kind.TAX_ID, source="party__tax_id"),
            Column(key="merged_on", label=_("Merged on"), kind=Kind.DATE),
            Column(key="why", label=_("Reason")),
        ),
        "-merged_on",
    ),
    Panel(
        title=_("Linked"),
        icon="link",
        template="directory/links.html",
        context=selectors.links_panel,
    ),
)

PARTY = Resource(
    name="backoffice.party",
    model=Party,
    slug="parties",
    label=_("Party"),
    label_plural=_("Parties"),
    icon="users-group",
    view_permission=selectors.VIEW,
    queryset=selectors.visible_parties,
    empty=_("Suppliers, customers and everybody else with whom the company has business."),
    title=lambda party: party.display_name,
    state="state",
    table=Table(
        columns=(
            Column(key="name", label=_("Name"), kind=Kind.LINK),
            TAX_ID,
            Column(key="roles_now", label=_("Roles")),
            STATE,
        ),
        order="name",
        groups=("state",),
        search=("name", "social_name", "tax_id"),
    ),
    filters=PartyFilter,
    panels=PANELS,
    serializer=PartySerializer,
    detail_serializer=PartyDetailSerializer,
    create=Command(
        name="backoffice.party.create",
        label=_("New party"),
        icon="plus",
        form=forms.PartyForm,
        initial=selectors.party_values,
        done=_("Party registered."),
    ),
    update=_command(
        "change",
        _("Change"),
        "edit",
        _("Party changed."),
        form=forms.PartyChangeForm,
        initial=selectors.party_values,
    ),
    commands=(
        _command(
            "change_account",
            _("Change account"),
            "building-bank",
            _("Asked. It counts once a second person agreed."),
            form=forms.AccountForm,
            initial=selectors.from_today,
            payload=forms.account_payload,
            available=why_not_account,
            leads_to=lambda change: party_url(change.pk),
        ),
        _command(
            "withdraw_account",
            _("Withdraw change of account"),
            "arrow-back-up",
            _("Withdrawn."),
            available=why_not_withdraw,
            leads_to=lambda change: party_url(change.pk),
        ),
        _command(
            "add_contact",
            _("Add contact"),
            "phone",
            _("Contact added."),
            form=forms.ContactForm,
            initial=selectors.from_today,
        ),
        _command(
            "end_contact",
            _("End contact"),
            "x",
            _("Contact ended."),
            form=forms.EndContactForm,
            initial=selectors.until_today,
        ),
        _command(
            "set_address",
            _("Set address"),
            "map-pin",
            _("Address set."),
            form=forms.AddressForm,
            initial=selectors.from_today,
            payload=forms.address_payload,
        ),
        _command(
            "add_role",
            _("Add role"),
            "plus",
            _("Role added."),
            form=forms.RoleForm,
            initial=selectors.from_today,
        ),
        _command(
            "end_role",
            _("End role"),
            "x",
            _("Role ended."),
            form=forms.EndRoleForm,
            initial=selectors.until_today,
        ),
        _command(
            "merge",
            _("Merge"),
            "link",
            _("Merged."),
            form=forms.MergeForm,
            summary=merge_summary,
            danger=True,
            leads_to=lambda alias: reverse("backoffice.party.detail", args=[alias.kept_id]),
        ),
        _command(
            "split",
            _("Take the merge back"),
            "arrow-back-up",
            _("The party is one of its own again."),
            summary=split_summary,
            states=frozenset({"merged"}),
        ),
    ),
    personal=dict.fromkeys(("tax_id", "social_name", "birth_date", "email", "phone"), CONTRACT),
    events={
        "created": _("Registered"),
        "changed": _("Changed"),
        "role_added": _("Role added"),
        "role_ended": _("Role ended"),
        "address_set": _("Address set"),
        "contact_added": _("Contact added"),
        "contact_ended": _("Contact ended"),
        "account_asked": _("Change of account asked"),
        "account_withdrawn": _("Change of account withdrawn"),
        "account_changed": _("Account changed by two people"),
        "account_returned": _("Change of account returned"),
        "merged": _("Merged"),
        "split": _("Merge taken back"),
    },
    menu=Menu(order=40),
)

register_approval(
    ApprovalKind(
        permission=APPROVE,
        label=_("Agree to the account"),
        model="backoffice.PayoutChange",
        on_decision=on_account_decision,
        summary=account_summary,
        url=party_url,
        current=account_content,
    )
)
registry.register(PARTY)
importers.register(
    importers.Importer(
        resource=PARTY,
        key="tax_id",
        key_path="tax_id",
        identifier=True,
        remove=unregister_party,
    )
)
registry.internal(
    "Rows of a party, shown on its page and nested in the API.",
    PartyRole,
    PartyAddress,
    PartyContact,
    PartyAlias,
    PayoutChange,
)
register_links(*LINKS)
KEEPS.provide(keeps_user)
sources.declare("backoffice.party", keyed="scope", also=("roles",), person=True)
