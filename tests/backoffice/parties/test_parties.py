"""Parties: once in the database, with roles, contacts and bank data of each company alone."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from backoffice.audit.history import history_of
from backoffice.directory import services
from backoffice.errors import InvalidInput, NotAllowed, NotFound, Stale, WrongState
from backoffice.identity.models import User
from backoffice.organization.models import Company
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
from backoffice.parties.selectors import duplicates_of, identities, kept_party
from backoffice.parties.services import (
    AddressData,
    PayoutData,
    add_contact,
    add_role,
    change_party,
    end_contact,
    end_role,
    register_party,
    set_address,
)
from backoffice.work.approvals import vote
from backoffice.work.models import Approval, ApprovalState
from tests.factories import identity, people
from tests.factories.parties import make_party

DAY = dt.date(2026, 1, 1)
PIX = PayoutData(pix_key="novo@example.com")
pytestmark = pytest.mark.django_db


def ask(company: Company, party: Party, user: User, payout: PayoutData = PIX) -> PayoutChange:
    return services.ask_for_account(
        identity.acting_as(user, company),
        party_id=party.pk,
        payout=payout,
        valid_from=DAY,
        why="Ligação",
    )


def decide(company: Company, user: User, decision: str = "approve", **over: Any) -> Any:
    approval = Approval.objects.get(company=company, state=ApprovalState.OPEN)
    given = {"decision": decision, "content_hash": approval.content_hash, "comment": "Por isso"}
    return vote(identity.acting_as(user, company), approval_id=approval.pk, **{**given, **over})


# --- known once ---------------------------------------------------------------------------------


def test_a_party_is_known_once_and_each_company_has_its_own_roles() -> None:
    first, second = people.make_company(), people.make_company()
    mine = make_party(first, "Alfa Ltda")
    theirs = register_party(
        people.system(second),
        tax_id=mine.tax_id,
        name="Outro nome",
        role="customer",
        valid_from=DAY,
    )
    assert theirs == mine
    assert theirs.name == "Alfa Ltda"
    assert list(mine.roles.filter(company=first).values_list("kind", flat=True)) == ["supplier"]
    assert list(mine.roles.filter(company=second).values_list("kind", flat=True)) == ["customer"]


@pytest.mark.parametrize("tax_id", ["11.222.333/0001-82", "123", "", "111.111.111-11"])
def test_a_wrong_number_is_refused(tax_id: str) -> None:
    with pytest.raises(InvalidInput):
        register_party(
            people.system(people.make_company()),
            tax_id=tax_id,
            name="X",
            role="supplier",
            valid_from=DAY,
        )


def test_a_role_is_had_once_at_a_time_and_again_later() -> None:
    company = people.make_company()
    party, ctx = make_party(company), people.system(company)
    with pytest.raises(InvalidInput):
        add_role(ctx, party_id=party.pk, role="supplier", valid_from=dt.date(2026, 6, 1))
    with pytest.raises(InvalidInput):
        add_role(ctx, party_id=party.pk, role="king", valid_from=DAY)
    end_role(ctx, party_id=party.pk, role="supplier", valid_to=dt.date(2026, 3, 31))
    with pytest.raises(InvalidInput):
        end_role(ctx, party_id=party.pk, role="supplier", valid_to=dt.date(2026, 3, 31))
    add_role(ctx, party_id=party.pk, role="supplier", valid_from=dt.date(2026, 6, 1))
    assert party.roles.count() == 2


def test_an_address_ends_when_the_next_of_its_kind_begins() -> None:
    company = people.make_company()
    party, ctx = make_party(company), people.system(company)
    data = {
        "kind": "main",
        "postal_code": "11010000",
        "street": "Rua A",
        "street_number": "1",
        "municipality": "3548500",
    }
    set_address(ctx, party_id=party.pk, address=AddressData(**data, valid_from=DAY))
    later = dt.date(2026, 7, 1)
    set_address(ctx, party_id=party.pk, address=AddressData(**data, valid_from=later))
    old, new = party.addresses.order_by("valid_from")
    assert (old.valid_to, new.valid_to) == (dt.date(2026, 6, 30), None)
    with pytest.raises(InvalidInput):  # it would end before it began
        set_address(ctx, party_id=party.pk, address=AddressData(**data, valid_from=DAY))
    with pytest.raises(InvalidInput):
        set_address(
            ctx,
            party_id=party.pk,
            address=AddressData(**{**data, "municipality": "1"}, valid_from=later),
        )


@pytest.mark.parametrize(
    ("typed", "kind", "kept"),
    [
        (" Vendas@Alfa.COM.br ", "email", "vendas@alfa.com.br"),
        ("+55 (13) 3222-1234", "phone", "+551332221234"),
        ("13 99123 4567", "phone", "+5513991234567"),
    ],
)
def test_contacts_are_kept_in_one_form(typed: str, kind: str, kept: str) -> None:
    company = people.make_company()
    party, ctx = make_party(company), people.system(company)
    add_contact(ctx, party_id=party.pk, value=typed, valid_from=DAY)
    contact = party.contacts.get()
    assert (contact.kind, contact.value) == (kind, kept)
    with pytest.raises(InvalidInput):
        add_contact(ctx, party_id=party.pk, value=typed, valid_from=DAY)
    end_contact(ctx, party_id=party.pk, contact_id=contact.pk, valid_to=dt.date(2026, 2, 1))
    with pytest.raises(InvalidInput):
        add_contact(ctx, party_id=party.pk, value="nada", valid_from=DAY)


# --- a company never sees or touches what another keeps -----------------------------------------


def test_another_company_finds_nothing() -> None:
    mine, other = people.make_company(), people.make_company()
    party, ctx = make_party(mine), people.system(other)
    add_contact(people.system(mine), party_id=party.pk, value="a@example.com", valid_from=DAY)
    attacks: list[Any] = [
        lambda: change_party(ctx, party_id=party.pk, name="X"),
        lambda: add_role(ctx, party_id=party.pk, role="customer", valid_from=DAY),
        lambda: add_contact(ctx, party_id=party.pk, value="b@example.com", valid_from=DAY),
        lambda: services.ask_for_account(
            ctx, party_id=party.pk, payout=PIX, valid_from=DAY, why="x"
        ),
        lambda: services.merge_parties(
            ctx, party_id=party.pk, into_id=make_party(other).pk, why="x"
        ),
        lambda: services.merge_parties(
            ctx, party_id=make_party(other).pk, into_id=party.pk, why="x"
        ),
    ]
    for attack in attacks:
        with pytest.raises(NotFound):
            attack()


def test_pages_and_rest_show_only_what_the_own_company_keeps(client: Client) -> None:
    mine, other = people.make_company(), people.make_company()
    party = make_party(mine, "Alfa Ltda")
    register_party(
        people.system(other), tax_id=party.tax_id, name="x", role="customer", valid_from=DAY
    )
    add_contact(
        people.system(other), party_id=party.pk, value="segredo@example.com", valid_from=DAY
    )
    client.force_login(identity.make_user(mine, "finance"))
    page = client.get(f"/backoffice/parties/{party.pk}/").content.decode()
    assert "Alfa Ltda" in page
    assert "segredo@example.com" not in page
    answer = client.get(f"/api/v1/backoffice/parties/{party.pk}/").json()
    assert answer["contacts"] == []
    assert [role["kind"] for role in answer["roles"]] == ["supplier"]
    client.force_login(identity.make_user(mine, "employee"))
    assert client.get(f"/backoffice/parties/{party.pk}/").status_code in {403, 404}


# --- two people for an account ------------------------------------------------------------------


def test_an_account_counts_after_a_second_person_agreed() -> None:
    company = people.make_company()
    party = make_party(company)
    asks, agrees = (identity.make_user(company, "finance") for _ in range(2))
    change = ask(company, party, asks)
    assert not PayoutAccount.objects.filter(party=party).exists()
    decide(company, agrees)
    change.refresh_from_db()
    assert change.state == ChangeState.DONE
    assert PayoutAccount.objects.get(party=party, company=company).pix_key == "novo@example.com"
    again = PayoutData(bank_code="341", agency="1234", account="99999-1")
    services.ask_for_account(
        identity.acting_as(asks, company),
        party_id=party.pk,
        payout=again,
        valid_from=dt.date(2026, 5, 1),
        why="Visita",
    )
    decide(company, agrees)
    accounts = PayoutAccount.objects.filter(party=party).order_by("valid_from")
    assert [(row.kind, row.valid_to) for row in accounts] == [
        ("pix", dt.date(2026, 4, 30)),
        ("bank", None),
    ]


def test_nobody_agrees_to_what_they_asked_or_to_their_own_account() -> None:
    company = people.make_company()
    party = make_party(company, person=True)
    asks = identity.make_user(company, "finance")
    paid = identity.make_user(company, "finance", person=party)
    ask(company, party, asks)
    with pytest.raises(NotAllowed):
        decide(company, asks)
    with pytest.raises(NotAllowed):
        decide(company, paid)
    with pytest.raises(NotAllowed):
        decide(company, identity.make_user(company, "hr_analyst"))
    assert not PayoutAccount.objects.exists()
    assert Approval.objects.get().state == ApprovalState.OPEN


def test_what_changed_after_it_was_asked_is_not_agreed_to() -> None:
    company = people.make_company()
    party = make_party(company)
    asks, agrees = (identity.make_user(company, "finance") for _ in range(2))
    change = ask(company, party, asks)
    PayoutChange.objects.filter(pk=change.pk).update(pix_key="ladrao@example.com")
    with pytest.raises(Stale):
        decide(company, agrees)
    with pytest.raises(Stale):
        decide(company, agrees, content_hash="0" * 64)
    assert not PayoutAccount.objects.exists()


def test_a_change_is_returned_or_withdrawn_and_one_waits_at_a_time() -> None:
    company = people.make_company()
    party = make_party(company)
    asks, agrees = (identity.make_user(company, "finance") for _ in range(2))
    first = ask(company, party, asks)
    with pytest.raises(WrongState):
        ask(company, party, asks)
    decide(company, agrees, "return")
    first.refresh_from_db()
    assert first.state == ChangeState.RETURNED
    second = ask(company, party, asks)
    services.withdraw_account(identity.acting_as(asks, company), party_id=party.pk)
    second.refresh_from_db()
    assert second.state == ChangeState.WITHDRAWN
    with pytest.raises(NotFound):
        services.withdraw_account(identity.acting_as(asks, company), party_id=party.pk)
    assert not PayoutAccount.objects.exists()
    with pytest.raises(InvalidInput):
        ask(company, party, asks, PayoutData(bank_code="341"))


def test_the_database_keeps_one_waiting_change() -> None:
    company = people.make_company()
    row = {"company": company, "party": make_party(company), "kind": "pix", "pix_key": "x"}
    PayoutChange.objects.create(**row, valid_from=DAY, why="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutChange.objects.create(**row, valid_from=DAY, why="x")


# --- duplicates and merging ---------------------------------------------------------------------


def test_duplicates_are_found_by_name_root_contact_and_account() -> None:
    company = people.make_company()
    ctx = people.system(company)
    first = make_party(company, "Padaria São João Ltda")
    same_name = make_party(company, "PADARIA SAO JOAO LTDA. ME")
    root = register_party(
        ctx, tax_id=_branch_of(first.tax_id), name="Filial", role="supplier", valid_from=DAY
    )
    contact, stranger = make_party(company, "Beta"), make_party(company, "Gama")
    for party in (first, contact):
        add_contact(ctx, party_id=party.pk, value="Compras@x.com", valid_from=DAY)
    account = make_party(company, "Delta")
    for party in (first, account):
        PayoutAccount.objects.create(
            company=company, party=party, kind="pix", pix_key="k", valid_from=DAY
        )
    found = {each.party_id: each.reasons for each in duplicates_of(company.pk, first.pk)}
    assert found == {
        same_name.pk: ("name",),
        root.pk: ("root",),
        contact.pk: ("contact",),
        account.pk: ("account",),
    }
    assert stranger.pk not in found
    other = people.make_company()
    assert duplicates_of(other.pk, first.pk) == []


def _branch_of(cnpj: str) -> str:
    from backoffice.br import cnpj as rules

    for number in range(100):
        candidate = f"{cnpj[:8]}0002{number:02}"
        if rules.is_valid(candidate):
            return candidate
    raise AssertionError


def test_a_merge_makes_an_alias_and_points_nothing_elsewhere() -> None:
    company, other = people.make_company(), people.make_company()
    old, kept = make_party(company, "Velho"), make_party(company, "Novo", role="customer")
    ctx = people.system(company)
    add_contact(ctx, party_id=old.pk, value="a@example.com", valid_from=DAY)
    account = PayoutAccount.objects.create(
        company=company, party=old, kind="pix", pix_key="k", valid_from=DAY
    )
    services.merge_parties(ctx, party_id=old.pk, into_id=kept.pk, why="O mesmo")
    account.refresh_from_db()
    assert account.party_id == old.pk
    assert old.contacts.get().party_id == old.pk
    assert identities(company.pk, kept.pk) == sorted([old.pk, kept.pk])
    assert kept_party(company.pk, old.pk) == kept.pk
    assert set(kept.roles.values_list("kind", flat=True)) == {"customer", "supplier"}
    assert identities(other.pk, kept.pk) == [kept.pk]
    for refused in (
        lambda: add_contact(ctx, party_id=old.pk, value="b@example.com", valid_from=DAY),
        lambda: services.ask_for_account(ctx, party_id=old.pk, payout=PIX, valid_from=DAY, why="x"),
        lambda: services.merge_parties(ctx, party_id=kept.pk, into_id=old.pk, why="Kreis"),
        lambda: register_party(ctx, tax_id=old.tax_id, name="x", role="carrier", valid_from=DAY),
    ):
        with pytest.raises(WrongState):
            refused()
    services.split_party(ctx, party_id=old.pk)
    assert identities(company.pk, kept.pk) == [kept.pk]
    assert not PartyAlias.objects.exists()


def test_merges_go_on_through_several() -> None:
    company = people.make_company()
    ctx = people.system(company)
    a, b, c = (make_party(company) for _ in range(3))
    services.merge_parties(ctx, party_id=a.pk, into_id=b.pk, why="x")
    services.merge_parties(ctx, party_id=b.pk, into_id=c.pk, why="x")
    assert kept_party(company.pk, a.pk) == c.pk
    assert identities(company.pk, c.pk) == sorted([a.pk, b.pk, c.pk])
    services.split_party(ctx, party_id=b.pk)
    assert identities(company.pk, b.pk) == sorted([a.pk, b.pk])


def test_what_is_not_the_same_is_not_merged() -> None:
    company = people.make_company()
    ctx = people.system(company)
    firm, person = make_party(company), make_party(company, person=True)
    user = make_party(company, person=True)
    identity.make_user(company, "employee", person=user)
    for old, into, error in (
        (firm, firm, InvalidInput),
        (firm, person, InvalidInput),
        (user, person, WrongState),
    ):
        with pytest.raises(error):
            services.merge_parties(ctx, party_id=old.pk, into_id=into.pk, why="x")
    with pytest.raises(InvalidInput):
        services.merge_parties(ctx, party_id=person.pk, into_id=user.pk, why=" ")
    services.merge_parties(ctx, party_id=person.pk, into_id=user.pk, why="CPF errado")
    with pytest.raises(WrongState):
        services.split_party(ctx, party_id=firm.pk)


def test_an_employee_is_not_merged_away() -> None:
    company = people.make_company()
    employee = people.hire(company)
    ctx = people.system(company)
    register_party(ctx, tax_id=employee.party.tax_id, name="x", role="supplier", valid_from=DAY)
    other = make_party(company, person=True)
    with pytest.raises(WrongState):
        services.merge_parties(ctx, party_id=employee.party_id, into_id=other.pk, why="x")
    services.merge_parties(ctx, party_id=other.pk, into_id=employee.party_id, why="x")


def test_no_merge_while_an_account_waits() -> None:
    company = people.make_company()
    old, kept = make_party(company), make_party(company)
    ask(company, kept, identity.make_user(company, "finance"))
    with pytest.raises(WrongState):
        services.merge_parties(people.system(company), party_id=old.pk, into_id=kept.pk, why="x")


# --- one page with everything -------------------------------------------------------------------


def test_the_page_shows_everything_of_a_party_and_of_its_aliases(client: Client) -> None:
    company = people.make_company()
    employee = people.hire(company, name="Marta Nogueira")
    ctx = people.system(company)
    party = register_party(
        ctx, tax_id=employee.party.tax_id, name="x", role="landlord", valid_from=DAY
    )
    alias = make_party(company, "Marta N.", person=True)
    add_contact(ctx, party_id=alias.pk, value="velha@example.com", valid_from=DAY)
    similar = make_party(company, "Martha Nogueira", person=True)
    services.merge_parties(ctx, party_id=alias.pk, into_id=party.pk, why="CPF errado")
    ask(company, party, identity.make_user(company, "finance"))
    client.force_login(identity.make_user(company, "hr_manager"))
    page = client.get(f"/backoffice/parties/{party.pk}/").content.decode()
    for text in (
        "Marta Nogueira",
        "velha@example.com",
        "Marta N.",
        similar.name,
        "novo@example.com",
        f"/hr/employees/{employee.pk}/",
    ):
        assert text in page, text
    client.force_login(identity.make_user(company, "finance"))
    page = client.get(f"/backoffice/parties/{party.pk}/").content.decode()
    assert f"/hr/employees/{employee.pk}/" not in page
    listed = client.get("/backoffice/parties/?state=current").content.decode()
    assert "Marta N." not in listed
    merged = client.get("/backoffice/parties/?state=merged").content.decode()
    assert "Marta N." in merged


def test_every_row_of_a_party_has_a_history() -> None:
    company = people.make_company()
    party = make_party(company, "Antes")
    change_party(people.system(company), party_id=party.pk, name="Depois")
    entry = history_of(Party.objects.get(pk=party.pk))[0]
    assert [(each.field, each.before, each.after) for each in entry.changes] == [
        ("name", "Antes", "Depois")
    ]
    for model in (PartyRole, PartyAddress, PartyContact, PayoutChange, PartyAlias):
        assert hasattr(model, "row_history")


def test_the_demonstration_shows_parties_with_accounts_that_two_people_set() -> None:
    from demo import business

    numbers = [each.tax_id for each in business.PARTNERS]
    assert len(set(numbers)) == len(numbers)
    assert {each.role for each in business.PARTNERS} >= {"supplier", "customer", "landlord"}
