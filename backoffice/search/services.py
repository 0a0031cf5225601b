"""Commands on one's own favourites."""

from typing import cast

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.identity.rules import Access
from backoffice.resources import registry
from backoffice.search.models import Favourite

MOST = 30


@command("backoffice.favourite.change")
def mark(ctx: Context, *, kind: str, record_id: int | None, marked: bool) -> bool:
    """Put a list or a record among the own favourites, at their end, or take it out.

    Harmless twice.

    Raises:
        NotFound: No such object or record, or none that this person may see.
        InvalidInput: There are thirty favourites already.
    """
    access = cast("Access", ctx.actor)
    resource = registry.RESOURCES.get(kind)
    if resource is None or not access.can(resource.view_permission):
        raise NotFound("unknown_object", _("There is no such list."))
    mine = Favourite.objects.filter(user_id=access.user_id, company_id=access.company_id)
    here = mine.filter(kind=kind, record_id=record_id)
    if not marked:
        here.delete()
    elif not here.exists():
        if record_id and not resource.queryset(access).filter(pk=record_id).exists():
            raise NotFound("unknown_record", _("There is no such record."))
        if mine.count() >= MOST:
            raise InvalidInput(
                "too_many_favourites", _("There are %(most)s favourites already.") % {"most": MOST}
            )
        last = mine.aggregate(last=Max("position"))["last"]
        Favourite.objects.get_or_create(
            user_id=access.user_id,
            company_id=access.company_id,
            kind=kind,
            record_id=record_id,
            defaults={"position": 0 if last is None else min(last + 1, 99)},
        )
    ctx.record(
        "backoffice.favourite.changed", data={"object": kind, "id": record_id, "marked": marked}
    )
    return marked


@command("backoffice.favourite.move", permission="backoffice.favourite.change")
def move(ctx: Context, *, favourite_id: int, by: int) -> int:
    """Move an own favourite up (-1) or down (1); at an end it stays where it is.

    Returns:
        Its place, counted from 0.

    Raises:
        NotFound: No own favourite of this company.
    """
    access = cast("Access", ctx.actor)
    mine = list(
        Favourite.objects.select_for_update().filter(
            user_id=access.user_id, company_id=access.company_id
        )
    )
    place = next((i for i, each in enumerate(mine) if each.pk == favourite_id), None)
    if place is None:
        raise NotFound("unknown_favourite", _("There is no such favourite."))
    to = min(max(place + (1 if by > 0 else -1), 0), len(mine) - 1)
    mine.insert(to, mine.pop(place))
    for number, each in enumerate(mine):
        each.position = number
    Favourite.objects.bulk_update(mine, ["position"])
    ctx.record("backoffice.favourite.changed", data={"id": favourite_id, "place": to})
    return to
