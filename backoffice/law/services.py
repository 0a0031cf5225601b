"""Commands on legal tables: enter, verify by a second person, confirm for longer."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.law.models import LegalTable
from backoffice.periods.rules import Validity


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTable:
    """A version of a table as it is entered; see ``LegalTable`` for the meaning of the fields."""

    kind: str
    valid_from: dt.date
    act: str
    source: str
    certainty: str
    payload: dict[str, Any]
    known_from: dt.date
    valid_to: dt.date | None = None
    confirmed_through: dt.date | None = None
    corrects_id: int | None = None


@command("backoffice.legal_table.enter")
def enter_table(ctx: Context, *, table: NewTable) -> LegalTable:
    """Enter a version of a table; it is used only after somebody else has verified it.

    Raises:
        InvalidInput: ``bad_legal_table``, with what is wrong at each field.
    """
    row = LegalTable(
        **{name: getattr(table, name) for name in table.__slots__}, entered_by_id=ctx.actor_id
    )
    try:
        row.full_clean()
    except ValidationError as error:
        raise _refusal(error) from None
    _check_correction(row)
    row.save(force_insert=True)
    ctx.record("backoffice.legal_table.entered", target=row)
    return row


def _check_correction(row: LegalTable) -> None:
    """A correction says something else about the same days."""
    old = row.corrects
    if old is None:
        return
    if (old.kind, old.valid_from) != (row.kind, row.valid_from) or old.verified_on is None:
        raise InvalidInput(
            "bad_correction",
            _("A correction is for a verified table of the same kind and first day."),
            fields={"corrects": _("This is another table.")},
        )


@command("backoffice.legal_table.verify")
def verify_table(ctx: Context, *, table_id: int, verified_by: str) -> LegalTable:
    """Verify a table that somebody else entered, and let it be used.

    The version that was open until now ends the day before; a correction takes the place of what
    it corrects, for results computed from now on.

    Args:
        ctx: The circumstances.
        table_id: The table.
        verified_by: Name of the person, as it is shown in explanations.

    Raises:
        NotFound: There is no such table.
        WrongState: It was verified already, or what it corrects was replaced meanwhile.
        NotAllowed: The person entered it.
        InvalidInput: ``overlap``: another version is verified for some of its days.
    """
    row = _locked(table_id)
    if row.verified_on is not None:
        raise WrongState("already_verified", _("This table was already verified."))
    if ctx.actor_id is not None and ctx.actor_id == row.entered_by_id:
        raise NotAllowed("own_entry", _("Who entered a table cannot verify it."))
    today = timezone.localdate(ctx.at)
    # All versions of the table are held, so that two people cannot verify two at once.
    versions = list(LegalTable.objects.select_for_update().filter(kind=row.kind).order_by("pk"))
    current = [v for v in versions if v.verified_on is not None and v.replaced_on is None]
    if row.corrects_id is not None:
        current.remove(_replace(row, current, today))
    _end_predecessor(row, current)
    row.verified_on, row.verified_by = today, verified_by
    row.verified_by_id = ctx.actor_id
    row.save()
    ctx.record("backoffice.legal_table.verified", target=row)
    return row


def _replace(row: LegalTable, current: list[LegalTable], today: dt.date) -> LegalTable:
    """Take the place of what is corrected, with the end that it was given meanwhile."""
    old = next((version for version in current if version.pk == row.corrects_id), None)
    if old is None:
        raise WrongState("already_replaced", _("The table it corrects was replaced already."))
    old.replaced_on = today
    old.save(update_fields=["replaced_on"])
    row.valid_to = row.valid_to or old.valid_to
    return old


def _end_predecessor(row: LegalTable, current: list[LegalTable]) -> None:
    """End the version that was open on the day before the new one; refuse any other overlap."""
    days = Validity(row.valid_from, row.valid_to)
    for version in current:
        if not days.overlaps(Validity(version.valid_from, version.valid_to)):
            continue
        if version.valid_to is not None or version.valid_from >= row.valid_from:
            raise InvalidInput(
                "overlap",
                _("There is already a verified version of this table for some of these days."),
            )
        version.valid_to = row.valid_from - dt.timedelta(days=1)
        version.save(update_fields=["valid_to"])


@command("backoffice.legal_table.confirm")
def confirm_table(ctx: Context, *, table_id: int, through: dt.date) -> LegalTable:
    """Say that a verified table still holds, through a later day than was known.

    Raises:
        NotFound: There is no such table.
        WrongState: It is not verified, was replaced, or needs no confirmation.
        InvalidInput: ``not_later``: it is confirmed through that day already.
    """
    row = _locked(table_id)
    if row.verified_on is None or row.replaced_on is not None or row.confirmed_through is None:
        raise WrongState(
            "nothing_to_confirm", _("This table is not verified or needs no confirmation.")
        )
    if through <= row.confirmed_through:
        raise InvalidInput(
            "not_later",
            _("This table is confirmed through that day already."),
            fields={"through": _("Choose a later day.")},
        )
    before, row.confirmed_through = row.confirmed_through, through
    row.save(update_fields=["confirmed_through"])
    ctx.record(
        "backoffice.legal_table.confirmed",
        target=row,
        data={"before": before.isoformat(), "through": through.isoformat()},
    )
    return row


def _locked(table_id: int) -> LegalTable:
    row = LegalTable.objects.select_for_update().filter(pk=table_id).first()
    if row is None:
        raise NotFound("no_legal_table", _("There is no such table."))
    return row


def _refusal(error: ValidationError) -> InvalidInput:
    fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
    return InvalidInput("bad_legal_table", _("The table cannot be read as it is."), fields=fields)
