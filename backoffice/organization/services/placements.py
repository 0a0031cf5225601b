"""Steps that put people into their places, and take them out."""

import datetime as dt
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, step
from backoffice.errors import BusinessError, InvalidInput
from backoffice.organization.models import Placement


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a person stands: the parts of the company and the manager's person."""

    branch_id: int
    department_id: int
    cost_center_id: int | None = None
    manager_person_id: int | None = None


@step
def place_person(
    ctx: Context, *, person_id: int, employment_id: int, place: Place, valid_from: dt.date
) -> Placement:
    """Put an employment in its place from a day on; what held before ends the day before.

    A placement that was to begin later is kept: the new one ends where it begins.

    Raises:
        InvalidInput: The manager is the person, or stands below the person on one of these days; or
            a part of the company is closed on one of them.
    """
    lock_managers(ctx)
    of_employment = Placement.objects.select_for_update().filter(
        company_id=ctx.company, employment_id=employment_id
    )
    upcoming = of_employment.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    valid_to = upcoming.valid_from - dt.timedelta(days=1) if upcoming else None
    if place.manager_person_id is not None:
        _refuse_circle(ctx, person_id, place.manager_person_id, valid_from, valid_to)
    of_employment.filter(valid_from=valid_from).delete()
    before = of_employment.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    placement = Placement(
        company_id=ctx.company,
        person_id=person_id,
        employment_id=employment_id,
        branch_id=place.branch_id,
        department_id=place.department_id,
        cost_center_id=place.cost_center_id,
        manager_person_id=place.manager_person_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    try:
        with transaction.atomic():
            placement.save()
    except IntegrityError as error:
        raise _refusal(error) from error
    return placement


@step
def end_places(ctx: Context, *, employment_id: int, last: dt.date) -> None:
    """End the place of an employment with its last day; what was to come later never begins."""
    mine = Placement.objects.filter(company_id=ctx.company, employment_id=employment_id)
    mine.filter(valid_from__gt=last).delete()
    mine.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=last)).update(valid_to=last)


@step
def discard_places(ctx: Context, *, employment_id: int) -> None:
    """Take back the places of an employment that never was."""
    Placement.objects.filter(company_id=ctx.company, employment_id=employment_id).delete()


@step
def lock_managers(ctx: Context) -> None:
    """Let changes of the company's chains of managers come one after the other.

    Taken before any row, because the trigger of placements takes the same lock.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT backoffice_lock_managers(%s)", [ctx.company])


@step
def _refuse_circle(
    ctx: Context, person_id: int, manager_id: int, since: dt.date, until: dt.date | None
) -> None:
    """Refuse a manager who stands below the person on any of the days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT backoffice_manager_circle(%s, %s, %s, %s, %s)",
            [ctx.company, person_id, manager_id, since, until],
        )
        first = cursor.fetchone()[0]
    if first is not None:
        message = _("On %(day)s the manager stands below this person, or is this person.") % {
            "day": date_format(first, "SHORT_DATE_FORMAT")
        }
        raise InvalidInput("manager_circle", message, fields={"manager_person_id": message})


def _refusal(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    refusals: dict[str, BusinessError] = {
        "placement_in_open_parts": InvalidInput(
            "part_closed", _("The branch, department or cost centre is closed on these days.")
        ),
    }
    return refusals.get(str(name), error)
