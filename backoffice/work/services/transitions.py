"""The one way to move work that is on its way."""

from collections.abc import Iterable, Sequence
from functools import cache

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from backoffice.commands import Context, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.work.registry import PROCESSES, document_model
from backoffice.work.rules import Process, Step
from backoffice.work.services.events import Held, Move, append_moves

NAMED = 5  # so many documents are named in a refusal, the others are counted


@step
def transition(
    ctx: Context,
    process: str,
    document_ids: Sequence[int],
    action: str,
    reason: str = "",
) -> list[Move]:
    """Take one step with all documents or with none, in three statements whatever their number.

    Locks the documents and their items, checks permission, reason and states, and appends the events; the
    database moves items and documents by them. In-memory documents keep their old state: read them again.
    The step is refused a second time, because the state has passed.

    Args:
        ctx: Of the command.
        process: Key of the process.
        document_ids: Primary keys of documents of the context's company; repeats count once.
        action: Name of a declared step.
        reason: Why, in the person's words; the context's reason when empty.

    Returns:
        The moves, in the order of the documents' keys.

    Raises:
        NotAllowed: The actor lacks the step's permission.
        InvalidInput: `reason_needed`.
        NotFound: Some document does not exist in this company.
        WrongState: Some document is in a state from which the step does not lead on; names it and its state.
    """
    declared = PROCESSES[process]
    chosen = declared.step[action]
    ctx.require(chosen.permission)
    why = reason.strip() or ctx.reason.strip()
    if chosen.needs_reason and not why:
        message = _("Say why.")
        raise InvalidInput("reason_needed", message, fields={"reason": message})
    wanted = set(document_ids)
    if not wanted:
        return []
    held = _lock(ctx, declared, wanted)
    _refuse_missing(wanted - {one.document_id for one in held})
    _refuse_wrong_state(declared, chosen, held)
    return append_moves(ctx, declared, chosen, held, why)


def _lock(ctx: Context, process: Process, document_ids: Iterable[int]) -> list[Held]:
    """Lock the documents, then their items, in the order of the documents' keys.

    The document comes first because commands lock it before they ask for a step. NO KEY UPDATE is what
    the move itself takes: rows that refer to the document may still be written meanwhile.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _lock_query(document_model(process)._meta.db_table),
            [process.key, sorted(document_ids), ctx.company],
        )
        return [Held(*row) for row in cursor.fetchall()]


@cache
def _lock_query(table: str) -> str:
    query = """
        SELECT i.document_id, i.id, i.title, i.last_seq, i.state, i.phase, i.state_since
        FROM {table} d JOIN backoffice_work_item i ON i.process = %s AND i.document_id = d.id
        WHERE d.id = ANY(%s) AND d.company_id = %s
        ORDER BY d.id FOR NO KEY UPDATE
    """
    return sql.SQL(query).format(table=sql.Identifier(table)).as_string()


def _refuse_missing(missing: set[int]) -> None:
    if missing:
        raise NotFound("not_found", _("There is no such record."))


def _refuse_wrong_state(process: Process, chosen: Step, held: Sequence[Held]) -> None:
    wrong = [one for one in held if one.state not in chosen.sources]
    if not wrong:
        return
    named = "; ".join(f"{one.title}: {process.state[one.state].label}" for one in wrong[:NAMED])
    if len(wrong) > NAMED:
        named = _("%(named)s; and %(count)d more") % {"named": named, "count": len(wrong) - NAMED}
    message = _("“%(action)s” is not possible in the present state (%(named)s).")
    raise WrongState("wrong_state", message % {"action": chosen.label, "named": named})
