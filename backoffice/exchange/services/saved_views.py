"""Questions to a list that people keep under a name, alone or for others."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.exchange import asking
from backoffice.exchange.models import SavedView, Sharing
from backoffice.exchange.services.imports import person
from backoffice.exchange.tabs import opening_key
from backoffice.identity import services as identity
from backoffice.identity.models import Role
from backoffice.organization import services as organization

CHANGE = "backoffice.saved_view.change"
SHARE = "backoffice.saved_view.share"
MOST = 30
"""Views that one person keeps of one list."""


@command("backoffice.saved_view.create", permission=CHANGE)
def save_view(
    ctx: Context,
    *,
    object_name: str,
    name: str,
    query: str,
    sharing: str = Sharing.MINE,
    role_ids: Sequence[int] = (),
    is_default: bool = False,
) -> SavedView:
    """Keep the question of a list's address under a name.

    Args:
        ctx: Who keeps it.
        object_name: Of the list: ``hr.employee``.
        name: How its tab is called.
        query: The address after the question mark: search, filters, columns, order, grouping.
        sharing: ``mine``, ``roles`` or ``all``; others than the first ask for a permission.
        role_ids: The roles that see it, for ``roles``.
        is_default: The list opens with it; an earlier one of the same people makes way.

    Raises:
        NotFound: There is no such list.
        NotAllowed: They may not read the list, or not share views.
        InvalidInput: ``name_in_use``, ``no_roles``, ``too_many_views``, ``query_too_long``.
        BadQuery: The list does not understand the question.
    """
    who = person(ctx)
    resource = asking.object_named(object_name, who)
    asked = asking.question(query)
    asking.ask(resource, asked, who)
    mine = SavedView.objects.filter(
        company_id=ctx.company, object_name=object_name, owner_id=who.user_id
    )
    if mine.count() >= MOST:
        message = _("You keep %(most)s views of this list; remove one first.") % {"most": MOST}
        raise InvalidInput("too_many_views", message)
    view = SavedView(
        company_id=ctx.company,
        object_name=object_name,
        query=asked.urlencode(),
        owner_id=who.user_id,
        created_at=ctx.at,
    )
    _fill(ctx, view, name, sharing, role_ids, is_default=is_default)
    ctx.record("backoffice.saved_view.created", target=view, data={"object": object_name})
    return view


@command("backoffice.saved_view.change")
def change_view(
    ctx: Context,
    *,
    view_id: int,
    name: str,
    sharing: str,
    role_ids: Sequence[int] = (),
    is_default: bool = False,
) -> SavedView:
    """Change what a view is called, who sees it, and whether the list opens with it.

    Raises:
        NotFound: They have no such view.
        NotAllowed: They may not share views.
        InvalidInput: ``name_in_use``, ``no_roles``.
    """
    view = _own(ctx, view_id)
    _fill(ctx, view, name, sharing, role_ids, is_default=is_default)
    ctx.record("backoffice.saved_view.changed", target=view, data={"object": view.object_name})
    return view


@command("backoffice.saved_view.remove", permission=CHANGE)
def remove_view(ctx: Context, *, view_id: int) -> None:
    """Forget a view; the list itself stays as it is.

    Raises:
        NotFound: They have no such view.
    """
    view = _own(ctx, view_id)
    ctx.record("backoffice.saved_view.removed", target=view, data={"object": view.object_name})
    view.delete()
    _keep_openings(ctx, view)


def _own(ctx: Context, view_id: int) -> SavedView:
    """A view that they keep; who may share views also has those that others shared."""
    mine = Q(owner_id=person(ctx).user_id)
    if ctx.can(SHARE):
        mine |= ~Q(sharing=Sharing.MINE)
    rows = SavedView.objects.select_for_update().filter(mine, company_id=ctx.company, pk=view_id)
    found = rows.first()
    if found is None:
        raise NotFound("not_found", _("There is no such view of yours."))
    return found


def _fill(
    ctx: Context,
    view: SavedView,
    name: str,
    sharing: str,
    role_ids: Sequence[int],
    *,
    is_default: bool,
) -> None:
    if sharing != Sharing.MINE:
        ctx.require(SHARE)
    known = Role.objects.filter(Q(company_id=ctx.company) | Q(company=None), pk__in=role_ids)
    chosen = sorted(known.values_list("pk", flat=True)) if sharing == Sharing.ROLES else []
    if sharing == Sharing.ROLES and not chosen:
        message = _("Choose the roles that see the view.")
        raise InvalidInput("no_roles", message, fields={"roles": message})
    view.name, view.sharing, view.role_ids = name.strip()[:60], sharing, chosen
    view.is_default = is_default
    if is_default:
        _same_people(view).exclude(pk=view.pk).update(is_default=False)
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError as error:
        if "saved_view_name_once" not in str(error):
            raise
        message = _("You have a view with this name on this list already.")
        raise InvalidInput("name_in_use", message, fields={"name": message}) from error
    _keep_openings(ctx, view)


def _keep_openings(ctx: Context, view: SavedView) -> None:
    """Copy which views open the list to where every page finds it without asking for views."""
    defaults = SavedView.objects.filter(
        company_id=ctx.company, object_name=view.object_name, is_default=True
    )
    own = defaults.filter(sharing=Sharing.MINE, owner_id=view.owner_id)
    identity.keep_opening(
        ctx,
        user_id=view.owner_id,
        key=opening_key(ctx.company, view.object_name),
        value=own.values_list("pk", flat=True).first(),
    )
    shared = defaults.exclude(sharing=Sharing.MINE).first()
    value = None if shared is None else [shared.pk, shared.sharing]
    organization.keep_opening(ctx, name=view.object_name, value=value)


def _same_people(view: SavedView) -> QuerySet[SavedView]:
    """The views that would open the list for the same people."""
    rows = SavedView.objects.filter(
        company_id=view.company_id, object_name=view.object_name, is_default=True
    )
    if view.sharing == Sharing.MINE:
        return rows.filter(sharing=Sharing.MINE, owner_id=view.owner_id)
    return rows.exclude(sharing=Sharing.MINE)
