"""What nearly every command does with its row: find it, hold it, save it, say what was done."""

from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.commands.context import Context
from backoffice.commands.transactions import step
from backoffice.errors import InvalidInput, NotFound

M = TypeVar("M", bound=models.Model)


@step
def own(ctx: Context, model: type[M], pk: int) -> M:
    """The row of the context's company, locked.

    Raises:
        NotFound: The company has no such row.
    """
    rows = model._default_manager.select_for_update(of=("self",))
    found = rows.filter(company_id=ctx.company, pk=pk).first()
    if found is None:
        raise NotFound("not_found", _("There is no such record."))
    return found


@step
def save(ctx: Context, row: M, done: str) -> M:
    """Save a row and record ``<area>.<object>.<done>``; what a constraint refuses becomes a refusal.

    Raises:
        InvalidInput: ``already_in_use``, with the message of the constraint at its last field.
    """
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise refusal_of(row, error) from error
    ctx.record(f"{row._meta.db_table.replace('_', '.', 1)}.{done}", target=row)
    return row


def refusal_of(row: models.Model, error: IntegrityError) -> Exception:
    """What the constraint that refused a row says to people; the error itself if it says nothing."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    for constraint in row._meta.constraints:
        if constraint.name == name and constraint.violation_error_message:
            message = constraint.violation_error_message
            fields = getattr(constraint, "fields", ())
            field = {fields[-1]: message} if fields and not constraint.condition else {}  # type: ignore[attr-defined]
            return InvalidInput("already_in_use", message, fields=field)
    return error
