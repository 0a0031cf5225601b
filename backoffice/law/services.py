"""Commands on legal tables: enter, verify by a second person, confirm for longer, correct."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.law.models import LegalTable, LegalTableConfirmation
from backoffice.periods.rules import Validity

SYSTEM = "Retaguarda"


@dataclass(frozen=True, kw_only=True, slots=True)
class TableData:
    """What is entered of a version of a table; see ``LegalTable`` for the meaning of the fields."""

    act: str
    source: str
    certainty: str
    payload: dict[str, Any]
    known_from: dt.date
    valid_to: dt.date | None = None
    confirmed_through: dt.date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class NewTable(TableData):
    """A version of a table as it is entered, with what it is of and since when."""

    kind: str
    valid_from: dt.date


@command("backoffice.legal_table.enter")
def enter_table(ctx: Context, *, table: NewTable) -> LegalTable:
    """Enter a version of a table; it is used only after somebody else has verified it.

    Raises:
        InvalidInput: ``bad_legal_table``, with what is wrong at each field.
    """
    row = LegalTable(**asdict(table), entered_by_id=ctx.actor_id)
    _check(ctx, row)
    row.save(force_insert=True)
    ctx.record("backoffice.legal_table.entered", target=row)
    return row


@command("backoffice.legal_table.correct", permission="backoffice.legal_table.enter")
def correct_table(ctx: Context, *, legal_table_id: int, table: TableData) -> LegalTable:
    """Enter what takes the place of a verified table for the same days, once it is verified itself.

    Results that were computed before keep the version that they used.

    Raises:
        InvalidInput: ``bad_legal_table``, with what is wrong at each field.
        NotFound: There is no such table.
        WrongState: It is not verified, was replaced, or waits for a correction already.
    """
    old = _locked(legal_table_id)
    if old.verified_on is None:
        raise WrongState("not_verified", _("This draft can still be changed itself."))
    if old.replaced_on is not None:
        raise WrongState("already_replaced", _("The table it corrects was replaced already."))
    if LegalTable.objects.filter(corrects=old).exists():
        raise WrongState("already_corrected", _("A correction of this table waits already."))
    row = LegalTable(
        **asdict(table),
        kind=old.kind,
        valid_from=old.valid_from,
        corrects=old,
        entered_by_id=ctx.actor_id,
    )
    _check(ctx, row)
    row.save(force_insert=True)
    ctx.record("backoffice.legal_table.entered", target=row, data={"corrects": old.pk})
    return row


@command("backoffice.legal_table.change", permission="backoffice.legal_table.enter")
def change_table(ctx: Context, *, legal_table_id: int, table: TableData) -> LegalTable:
    """Change a draft; who changed it last counts as who entered it.

    Raises:
        InvalidInput: ``bad_legal_table``, with what is wrong at each field.
        NotFound: There is no such table.
        WrongState: It is verified: only a correction can replace it.
    """
    row = _draft(legal_table_id)
    for name, value in asdict(table).items():
        setattr(row, name, value)
    row.entered_by_id = ctx.actor_id
    _check(ctx, row)
    row.save()
    ctx.record("backoffice.legal_table.changed", target=row)
    return row


@command("backoffice.legal_table.discard", permission="backoffice.legal_table.enter")
def discard_table(ctx: Context, *, legal_table_id: int) -> None:
    """Take a draft away that should not be verified.

    Raises:
        NotFound: There is no such table.
        WrongState: It is verified, and stays for ever.
    """
    row = _draft(legal_table_id)
    ctx.record(
        "backoffice.legal_table.discarded",
        target=row,
        data={"kind": row.kind, "valid_from": row.valid_from.isoformat(), "act": row.act},
    )
    row.delete()


def _check(ctx: Context, row: LegalTable) -> None:
    if row.known_from > timezone.localdate(ctx.at):
        message = _("This day has not come yet.")
        raise InvalidInput("bad_legal_table", message, fields={"known_from": message})
    try:
        row.full_clean()
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
        raise InvalidInput(
            "bad_legal_table", _("The table cannot be read as it is."), fields=fields
        ) from None


@command("backoffice.legal_table.verify")
def verify_table(ctx: Context, *, legal_table_id: int) -> LegalTable:
    """Verify a table that somebody else entered, and let it be used.

    The version that was open until now ends the day before; a correction takes the place of what
    it corrects, for results computed from now on.

    Raises:
        NotFound: There is no such table.
        WrongState: It was verified already, or what it corrects was replaced meanwhile.
        NotAllowed: The person entered it, or acts for whoever did.
        InvalidInput: ``overlap``: another version is verified for some of its days.
    """
    versions = _locked_versions(legal_table_id)
    row = next(version for version in versions if version.pk == legal_table_id)
    if row.verified_on is not None:
        raise WrongState("already_verified", _("This table was already verified."))
    entered_by = row.entered_by_id
    if entered_by is not None and (
        ctx.actor_id is None or entered_by in {ctx.actor_id, ctx.on_behalf_of_id}
    ):
        raise NotAllowed("own_entry", _("Who entered a table cannot verify it."))
    today = timezone.localdate(ctx.at)
    current = [v for v in versions if v.verified_on is not None and v.replaced_on is None]
    if row.corrects_id is not None:
        current.remove(_replace(row, current, today))
    _end_predecessor(row, current)
    row.verified_on, row.verified_at, row.verified_by = today, ctx.at, _name_of(ctx)
    row.verified_by_id = ctx.actor_id
    row.save()
    ctx.record("backoffice.legal_table.verified", target=row)
    return row


def _locked_versions(pk: int) -> list[LegalTable]:
    """All versions of the table of a row, held in the order of their keys.

    All of them from the start, so that two people can neither verify two at once nor wait for each
    other in a circle.
    """
    kind = LegalTable.objects.filter(pk=pk).values("kind")
    versions = list(LegalTable.objects.select_for_update().filter(kind__in=kind).order_by("pk"))
    if not any(version.pk == pk for version in versions):
        raise NotFound("no_legal_table", _("There is no such table."))
    return versions


def _name_of(ctx: Context) -> str:
    """The person's name, as explanations show it for ever."""
    if ctx.actor_id is None:
        return SYSTEM
    people: Any = get_user_model()._default_manager
    name: str | None = people.filter(pk=ctx.actor_id).values_list("name", flat=True).first()
    return name or str(ctx.actor_id)


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
def confirm_tables(
    ctx: Context, *, legal_table_ids: Sequence[int], through: dt.date, source: str
) -> list[int]:
    """Say that verified tables still hold, through a later day than was known.

    Args:
        ctx: Who looked, and when.
        legal_table_ids: The tables; all of them or none is confirmed.
        through: Last day for which somebody looked.
        source: Where it was looked up.

    Returns:
        The keys of the tables.

    Raises:
        NotFound: There is no such table.
        WrongState: One is not verified, was replaced, or needs no confirmation.
        InvalidInput: ``not_later``: one is confirmed through that day already; ``past_its_end``:
            an act ended one before that day.
    """
    ids = sorted(set(legal_table_ids))
    rows = list(LegalTable.objects.select_for_update().filter(pk__in=ids).order_by("pk"))
    if not rows or len(rows) != len(ids):
        raise NotFound("no_legal_table", _("There is no such table."))
    for row in rows:
        _confirm(ctx, row, through, source)
    return ids


def _confirm(ctx: Context, row: LegalTable, through: dt.date, source: str) -> None:
    before = row.confirmed_through
    if row.verified_on is None or row.replaced_on is not None or before is None:
        raise WrongState(
            "nothing_to_confirm", _("This table is not verified or needs no confirmation.")
        )
    if through <= before:
        raise InvalidInput(
            "not_later",
            _("This table is confirmed through that day already."),
            fields={"through": _("Choose a later day.")},
        )
    if row.valid_to is not None and through > row.valid_to:
        raise InvalidInput(
            "past_its_end",
            _("An act ended this table before that day."),
            fields={"through": _("Choose a day before its end.")},
        )
    row.confirmed_through = through
    row.save(update_fields=["confirmed_through"])
    LegalTableConfirmation.objects.create(
        table=row, before=before, through=through, source=source, by_id=ctx.actor_id, at=ctx.at
    )
    ctx.record(
        "backoffice.legal_table.confirmed",
        target=row,
        data={"before": before.isoformat(), "through": through.isoformat(), "source": source},
    )


def _draft(pk: int) -> LegalTable:
    row = _locked(pk)
    if row.verified_on is not None:
        raise WrongState(
            "already_verified", _("A verified table keeps its figures: enter a correction.")
        )
    return row


def _locked(pk: int) -> LegalTable:
    row = LegalTable.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise NotFound("no_legal_table", _("There is no such table."))
    return row
