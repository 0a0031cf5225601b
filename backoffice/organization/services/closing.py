"""Commands that close a part of a company after a day, open it again, or merge it into another."""

import datetime as dt
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from backoffice.commands import Context, command, step
from backoffice.commands.rows import own
from backoffice.errors import InvalidInput, WrongState
from backoffice.organization.models import (
    Branch,
    CodedPart,
    CostCenter,
    Department,
    Placement,
)
from backoffice.organization.selectors import people_after, placement_field, subtree_ids
from backoffice.organization.services.parts import lock_tree
from backoffice.organization.services.placements import lock_managers

P = TypeVar("P", bound=CodedPart)
M = TypeVar("M", Department, CostCenter)


@command("backoffice.branch.close", permission="backoffice.branch.change")
def close_branch(ctx: Context, *, branch_id: int, closed_on: dt.date) -> Branch:
    """Close a branch after a last day.

    Raises:
        WrongState: It is closed.
        InvalidInput: People have their place there on a later day.
    """
    return _close(ctx, own(ctx, Branch, branch_id), closed_on)


@command("backoffice.branch.reopen", permission="backoffice.branch.change")
def reopen_branch(ctx: Context, *, branch_id: int) -> Branch:
    """Open a closed branch again.

    Raises:
        WrongState: It is not closed.
    """
    return _reopen(ctx, own(ctx, Branch, branch_id))


@command("backoffice.department.close", permission="backoffice.department.change")
def close_department(ctx: Context, *, department_id: int, closed_on: dt.date) -> Department:
    """Close a department after a last day.

    Raises:
        WrongState: It is closed.
        InvalidInput: People have their place there on a later day, or a department below it is open.
    """
    lock_tree(ctx)
    department = own(ctx, Department, department_id)
    below = _outlives(department, closed_on)
    if below is not None:
        message = _("%(department)s stands below it and is still open.") % {"department": below}
        raise InvalidInput("open_below", message, fields={"closed_on": message})
    return _close(ctx, department, closed_on)


@command("backoffice.department.reopen", permission="backoffice.department.change")
def reopen_department(ctx: Context, *, department_id: int) -> Department:
    """Open a closed department again.

    Raises:
        WrongState: It is not closed, or the one above it is.
    """
    lock_tree(ctx)
    department = own(ctx, Department, department_id)
    if department.parent is not None and department.parent.closed_on is not None:
        raise WrongState("parent_closed", _("The department above is closed."))
    return _reopen(ctx, department)


@command("backoffice.department.merge", permission="backoffice.department.change")
def merge_department(
    ctx: Context, *, department_id: int, into_id: int, merged_on: dt.date
) -> Department:
    """Let everybody of a department belong to another one from a day on, and close it.

    What stands below it moves along. The days before keep the old department.

    Raises:
        WrongState: One of both is closed.
        InvalidInput: Merged with itself, or into one that stands below it.
    """
    lock_tree(ctx)
    department, into = _both(ctx, Department, department_id, into_id)
    if into_id in subtree_ids(ctx.company, department_id):
        message = _("Choose one that does not stand below it.")
        raise InvalidInput("merge_below", message, fields={"into": message})
    moved = _move_people(ctx, department, into, merged_on)
    last = merged_on - dt.timedelta(days=1)
    Department.objects.filter(Q(closed_on=None) | Q(closed_on__gt=last), parent=department).update(
        parent=into
    )
    return _merged(ctx, department, into, last, moved)


@command("backoffice.cost_center.close", permission="backoffice.cost_center.change")
def close_cost_center(ctx: Context, *, cost_center_id: int, closed_on: dt.date) -> CostCenter:
    """Close a cost centre after a last day.

    Raises:
        WrongState: It is closed.
        InvalidInput: People are charged to it on a later day.
    """
    return _close(ctx, own(ctx, CostCenter, cost_center_id), closed_on)


@command("backoffice.cost_center.reopen", permission="backoffice.cost_center.change")
def reopen_cost_center(ctx: Context, *, cost_center_id: int) -> CostCenter:
    """Open a closed cost centre again.

    Raises:
        WrongState: It is not closed.
    """
    return _reopen(ctx, own(ctx, CostCenter, cost_center_id))


@command("backoffice.cost_center.merge", permission="backoffice.cost_center.change")
def merge_cost_center(
    ctx: Context, *, cost_center_id: int, into_id: int, merged_on: dt.date
) -> CostCenter:
    """Charge everybody of a cost centre to another one from a day on, and close it.

    Raises:
        WrongState: One of both is closed.
        InvalidInput: Merged with itself.
    """
    center, into = _both(ctx, CostCenter, cost_center_id, into_id)
    moved = _move_people(ctx, center, into, merged_on)
    return _merged(ctx, center, into, merged_on - dt.timedelta(days=1), moved)


def _outlives(department: Department, last: dt.date) -> Department | None:
    later = Q(closed_on__isnull=True) | Q(closed_on__gt=last)
    return Department.objects.filter(later, parent=department).order_by("code").first()


@step
def _close(ctx: Context, part: P, last: dt.date) -> P:
    if part.closed_on is not None:
        raise WrongState("already_closed", _("This is closed already."))
    count = people_after(part, last)
    if count:
        message = ngettext(
            "One person has a place there after that day; transfer or merge first.",
            "%(count)d people have their place there after that day; transfer or merge first.",
            count,
        ) % {"count": count}
        raise InvalidInput("still_in_use", message, fields={"closed_on": message})
    part.closed_on = last
    _save_closing(part)
    ctx.record(f"backoffice.{placement_field(part)}.closed", target=part, data={"closed_on": last})
    return part


@step
def _reopen(ctx: Context, part: P) -> P:
    if part.closed_on is None:
        raise WrongState("not_closed", _("This is not closed."))
    if getattr(part, "merged_into_id", None) is not None:
        part.merged_into = None  # type: ignore[attr-defined]
    part.closed_on = None
    part.save()
    ctx.record(f"backoffice.{placement_field(part)}.reopened", target=part)
    return part


@step
def _both(ctx: Context, model: type[M], pk: int, into_id: int) -> tuple[M, M]:
    """The two records of a merge, locked in the order of their keys."""
    if pk == into_id:
        message = _("Choose another one.")
        raise InvalidInput("merge_with_itself", message, fields={"into": message})
    rows = {each: own(ctx, model, each) for each in sorted((pk, into_id))}
    for row in rows.values():
        if row.closed_on is not None:
            raise WrongState("already_closed", _("%(part)s is closed already.") % {"part": row})
    return rows[pk], rows[into_id]


@step
def _move_people(ctx: Context, part: M, into: M, since: dt.date) -> int:
    """Give all placements of a part to another one from a day on, in a fixed number of statements."""
    lock_managers(ctx)
    name = placement_field(part)
    mine = Placement.objects.select_for_update().filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=since), company_id=ctx.company, **{name: part}
    )
    moved = list(mine.order_by("pk"))
    running = [each for each in moved if each.valid_from < since]
    coming = [each.pk for each in moved if each.valid_from >= since]
    Placement.objects.filter(pk__in=[each.pk for each in running]).update(
        valid_to=since - dt.timedelta(days=1)
    )
    Placement.objects.filter(pk__in=coming).update(**{name: into})
    for each in running:
        each.pk = None
        each.valid_from = since
        setattr(each, name, into)
    Placement.objects.bulk_create(running)
    return len({each.employment_id for each in moved})


@step
def _merged(ctx: Context, part: M, into: M, last: dt.date, people: int) -> M:
    part.closed_on = last
    part.merged_into = into
    _save_closing(part)
    ctx.record(
        f"backoffice.{placement_field(part)}.merged",
        target=part,
        data={"into": into.pk, "closed_on": last, "people": people},
    )
    return part


def _save_closing(part: CodedPart) -> None:
    """Save; somebody who got a place there at the same moment makes it a refusal."""
    try:
        with transaction.atomic():
            part.save()
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in {"part_closes_empty", "department_ends_with_parent"}:
            raise
        raise InvalidInput("still_in_use", _("Somebody uses it after that day.")) from error
