"""Commands on parties that ask a second person, and those that take one party for another."""

import datetime as dt
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.directory.registry import KEEPS
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.parties.models import (
    ChangeState,
    Party,
    PartyAlias,
    PartyRole,
    PayoutAccount,
    PayoutChange,
    PayoutKind,
)
from backoffice.parties.selectors import identities
from backoffice.parties.services import (
    PayoutData,
    known_party,
    refuse_incomplete,
    set_payout_account,
)
from backoffice.work.approvals import request_approval, withdraw_approval
from backoffice.work.models import Approval, ApprovalState

APPROVE = "backoffice.party.approve_account"
MERGE = "backoffice.party.merge"
ACCOUNT = ("bank_code", "agency", "account", "pix_key")


@command("backoffice.party.change_account")
def ask_for_account(
    ctx: Context, *, party_id: int, payout: PayoutData, valid_from: dt.date, why: str
) -> PayoutChange:
    """Ask that a party be paid to another account from a day on; a second person must agree.

    Args:
        ctx: Who asks; they cannot be the second person.
        party_id: Who is paid.
        payout: The bank account or the Pix key.
        valid_from: The first day.
        why: How the new account was confirmed, such as a call to the known number.

    Raises:
        InvalidInput: The account is not complete, or nothing says how it was confirmed.
        WrongState: ``change_waiting``: another change waits already.
    """
    party = known_party(ctx, party_id)
    refuse_incomplete(payout)
    if not why.strip():
        message = _("Say how the account was confirmed.")
        raise InvalidInput("not_confirmed", message, fields={"why": message})
    waiting = PayoutChange.objects.filter(company_id=ctx.company, party=party)
    if waiting.filter(state=ChangeState.WAITING).exists():
        raise WrongState("change_waiting", _("A change of this account waits already."))
    change = PayoutChange.objects.create(
        company_id=ctx.company,
        party=party,
        kind=PayoutKind.PIX if payout.pix_key else PayoutKind.BANK,
        **{name: getattr(payout, name) for name in ACCOUNT},
        valid_from=valid_from,
        why=why.strip(),
    )
    request_approval(
        ctx,
        document=change,
        permission=APPROVE,
        content=account_content(change.pk),
        title=party.display_name,
    )
    ctx.record("backoffice.party.account_asked", target=party, data={"change": change.pk})
    return change


@command("backoffice.party.withdraw_account", permission="backoffice.party.change_account")
def withdraw_account(ctx: Context, *, party_id: int) -> PayoutChange:
    """Take back a change of an account that nobody has settled yet."""
    party = known_party(ctx, party_id)
    change = _waiting(ctx, party_id)
    withdraw_approval(ctx, document=change, permission=APPROVE)
    change.state = ChangeState.WITHDRAWN
    change.save(update_fields=["state"])
    ctx.record("backoffice.party.account_withdrawn", target=party, data={"change": change.pk})
    return change


@step
def on_account_decision(ctx: Context, approval: Approval) -> None:
    """Pay the party to the new account as the second person decided.

    Raises:
        NotAllowed: Whoever is paid there cannot be the one who agrees.
    """
    change = PayoutChange.objects.select_for_update().get(pk=approval.document_id)
    agreed = approval.state == ApprovalState.APPROVED
    voters = approval.votes.values("voter_id")
    own = identities(change.company_id, change.party_id)
    if User.objects.filter(pk__in=voters, person_id__in=own).exists():
        raise NotAllowed("own_account", _("Nobody agrees to their own account."))
    if agreed:
        data = PayoutData(**{name: getattr(change, name) for name in ACCOUNT})
        set_payout_account(ctx, party=change.party, data=data, valid_from=change.valid_from)
    change.state = ChangeState.DONE if agreed else ChangeState.RETURNED
    change.save(update_fields=["state"])
    done = "account_changed" if agreed else "account_returned"
    ctx.record(f"backoffice.party.{done}", target=change.party, data={"change": change.pk})


def account_content(change_id: int) -> dict[str, Any]:
    """Everything that is agreed to, with the account that holds until then."""
    change = PayoutChange.objects.select_related("party").get(pk=change_id)
    now = PayoutAccount.objects.filter(
        company_id=change.company_id, party_id=change.party_id, valid_to=None
    ).first()
    return {
        "party": change.party.tax_id,
        "name": change.party.name,
        **{name: getattr(change, name) for name in ACCOUNT},
        "valid_from": change.valid_from.isoformat(),
        "why": change.why,
        "before": "" if now is None else str(now),
    }


@command(MERGE)
def merge_parties(ctx: Context, *, party_id: int, into_id: int, why: str) -> PartyAlias:
    """Take one party for another from now on; what names the first keeps naming it.

    Only the company of the context does so. Roles that are open come to the other party.

    Raises:
        InvalidInput: The other is the same, of another kind, or there is no reason.
        WrongState: One is merged already, a change of account waits, or an area keeps the first.
    """
    _lock(ctx)
    old, kept = known_party(ctx, party_id), known_party(ctx, into_id)
    _refuse_merge(ctx, old, kept, why)
    day = timezone.localdate(ctx.at)
    for role in PartyRole.objects.filter(company_id=ctx.company, party=old, valid_to=None):
        same = PartyRole.objects.filter(company_id=ctx.company, party=kept, kind=role.kind)
        if not same.filter(valid_to=None).exists() and not same.filter(valid_to__gte=day).exists():
            PartyRole.objects.create(
                company_id=ctx.company, party=kept, kind=role.kind, valid_from=day
            )
    alias = PartyAlias.objects.create(
        company_id=ctx.company, party=old, kept=kept, merged_on=day, why=why.strip()
    )
    ctx.record("backoffice.party.merged", target=old, data={"into": kept.pk})
    return alias


@command("backoffice.party.split", permission=MERGE)
def split_party(ctx: Context, *, party_id: int) -> Party:
    """Take back a merge: the party is one of its own again, with all that always named it.

    Raises:
        WrongState: ``not_merged``.
    """
    _lock(ctx)
    alias = PartyAlias.objects.filter(company_id=ctx.company, party_id=party_id).first()
    if alias is None:
        raise WrongState("not_merged", _("This party was not merged."))
    kept, party = alias.kept_id, alias.party
    alias.delete()
    ctx.record("backoffice.party.split", target=party, data={"from": kept})
    return party


def _refuse_merge(ctx: Context, old: Party, kept: Party, why: str) -> None:
    if old.pk == kept.pk:
        message = _("A party cannot be merged into itself.")
        raise InvalidInput("same_party", message, fields={"into": message})
    if old.kind != kept.kind:
        message = _("A person and a company are never the same party.")
        raise InvalidInput("other_kind", message, fields={"into": message})
    if not why.strip():
        message = _("Say why they are the same.")
        raise InvalidInput("no_reason", message, fields={"why": message})
    changes = PayoutChange.objects.filter(company_id=ctx.company, party__in=[old, kept])
    if changes.filter(state=ChangeState.WAITING).exists():
        raise WrongState("change_waiting", _("A change of this account waits already."))
    for keeps in KEEPS.answers:
        why_not = keeps(ctx.company, old.pk)
        if why_not:
            raise WrongState("kept_by_area", why_not)


def _lock(ctx: Context) -> None:
    """Merges of a company come one after the other, so that they never close a circle."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"parties:{ctx.company}"]
        )


def _waiting(ctx: Context, party_id: int) -> PayoutChange:
    rows = PayoutChange.objects.select_for_update().filter(company_id=ctx.company)
    change = rows.filter(party_id=party_id, state=ChangeState.WAITING).first()
    if change is None:
        raise NotFound("no_change", _("No change of the account waits."))
    return change
