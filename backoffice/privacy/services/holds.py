"""Legal holds: what may not be removed, whatever its term, while somebody needs it as evidence."""

import datetime as dt

from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.privacy.models import LegalHold
from backoffice.privacy.selectors import known_person


@command("backoffice.legal_hold.place")
def place_hold(
    ctx: Context,
    *,
    reason: str,
    since: dt.date,
    until: dt.date | None = None,
    person_id: int | None = None,
) -> LegalHold:
    """Keep all data of a person, or of the whole company, until the hold is released.

    Law:
        LGPD (Lei 13.709/2018) art. 16, I, and art. 7, VI (exercise of rights in proceedings).

    Raises:
        NotFound: The company keeps nothing about such a person.
        InvalidInput: ``reason_needed``, ``ends_before_it_begins``.
    """
    if person_id is not None and known_person(ctx.company, person_id) is None:
        raise NotFound("not_found", _("The company keeps nothing about such a person."))
    if not reason.strip():
        raise _refusal("reason_needed", _("Say why."), "reason")
    if until is not None and until < since:
        message = _("The last day comes before the first.")
        raise _refusal("ends_before_it_begins", message, "until")
    hold = LegalHold.objects.create(
        company_id=ctx.company,
        person_id=person_id,
        reason=reason.strip(),
        since=since,
        until=until,
        placed_at=ctx.at,
        placed_by_id=ctx.actor_id,
    )
    ctx.record("backoffice.legal_hold.placed", target=hold)
    return hold


@command("backoffice.legal_hold.release")
def release_hold(ctx: Context, *, legal_hold_id: int, why: str) -> LegalHold:
    """Release a hold: terms count again.

    Raises:
        NotFound: There is no such hold.
        WrongState: ``hold_released``.
        InvalidInput: ``reason_needed``.
    """
    rows = LegalHold.objects.select_for_update(of=("self",)).filter(company_id=ctx.company)
    hold = rows.filter(pk=legal_hold_id).first()
    if hold is None:
        raise NotFound("not_found", _("There is no such record."))
    if hold.released_at is not None:
        raise WrongState("hold_released", _("This hold was released already."))
    if not why.strip():
        raise _refusal("reason_needed", _("Say why."), "why")
    hold.released_at, hold.released_by_id, hold.release_reason = ctx.at, ctx.actor_id, why.strip()
    hold.save(update_fields=["released_at", "released_by", "release_reason"])
    ctx.record("backoffice.legal_hold.released", target=hold)
    return hold


def _refusal(code: str, message: str, field: str) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})
