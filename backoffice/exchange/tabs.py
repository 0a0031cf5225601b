"""Views of a list as its tabs: which ones somebody sees, how many rows each has, and what opens it."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from backoffice.database.keyset import BadQuery, capped_count
from backoffice.exchange import asking
from backoffice.exchange.models import SavedView, Sharing
from backoffice.identity.requests import Request
from backoffice.identity.rules import Access
from backoffice.identity.selectors import grants_on, own_companies
from backoffice.resources import listing, registry
from backoffice.resources.records import Resource

MARK = "saved"
"""Parameter of an address that says by which view it was opened; 0 for none at all."""

TRIES = 6


def views_of(resource_name: str, access: Access) -> list[SavedView]:
    """The views of a list that somebody sees: own ones, then shared ones; read once for a request."""
    key = f"views:{resource_name}"
    if key not in access.memo:
        roles = grants_on(access.on).filter(user_id=access.user_id, company_id=access.company_id)
        seen = (
            Q(owner_id=access.user_id)
            | Q(sharing=Sharing.ALL)
            | Q(sharing=Sharing.ROLES, role_ids__overlap=ArraySubquery(roles.values("role_id")))
        )
        rows = SavedView.objects.filter(
            seen, company_id=access.company_id, object_name=resource_name
        )
        access.memo[key] = sorted(
            rows, key=lambda view: (view.owner_id != access.user_id, view.name.casefold())
        )
    found: list[SavedView] = access.memo[key]
    return found


def opening(request: Request, resource: Resource) -> str:
    """Where a list without any question leads: to the default view, the own one first.

    Both stand in rows that every page reads anyway; only for one shared with roles is it looked up
    whether this person has one of them.
    """
    access, name = request.access, resource.name
    chosen, *_none = request.user.lists.get(opening_key(access.company_id, name), [None])
    if chosen is None:
        known = {each.pk: each for each in own_companies(request.user, access)}
        here = known.get(access.company_id)
        chosen, sharing = (here.opening_views if here else {}).get(name, (None, ""))
        if sharing == Sharing.ROLES and chosen not in {v.pk for v in views_of(name, access)}:
            chosen = None
    return reverse("exchange:view-open", args=[chosen]) if chosen else ""


def opening_key(company_id: int, name: str) -> str:
    """Under what an account keeps its own default view of a list, beside the columns of lists."""
    return f"opening:{company_id}:{name}"


def tabs(resource: Resource, access: Access, chosen: str) -> list[dict[str, Any]]:
    """The tabs of a list, each with how many rows it has; none where there is no view."""
    views = views_of(resource.name, access)
    if not views:
        return []
    every = {
        "label": _("All"),
        "url": f"{registry.url(resource)}?{MARK}=0",
        "active": not any(chosen == str(view.pk) for view in views),
        "count": None,
        "view": None,
    }
    return [
        every,
        *(
            {
                "label": view.name,
                "url": reverse("exchange:view-open", args=[view.pk]),
                "active": chosen == str(view.pk),
                "count": _count(resource, access, view),
                "view": view,
            }
            for view in views
        ),
    ]


def _count(resource: Resource, access: Access, view: SavedView) -> int:
    query, _dropped = understood(resource, access, view.query)
    return capped_count(asking.ask(resource, query, access).rows)


def understood(resource: Resource, access: Access, text: str) -> tuple[QueryDict, list[str]]:
    """What the list still understands of a kept question, and the parameters that it does not."""
    query = asking.question(text)
    dropped = [name for name in list(query) if name not in _known(resource, access)]
    for name in dropped:
        query.pop(name)
    for _time in range(TRIES):
        try:
            asking.ask(resource, query, access)
        except BadQuery as error:
            wrong = [name for name in list(query) if _meant(name, error)] or list(query)
            for name in wrong:
                query.pop(name)
            dropped += wrong
        else:
            break
    return query, dropped


def _meant(name: str, error: BadQuery) -> bool:
    return any(name == field or name.startswith(f"{field}_") for field in error.fields)


def _known(resource: Resource, access: Access) -> set[str]:
    names = set(listing.RESERVED) | {MARK}
    if resource.filters is not None:
        filters = listing.allowed_filters(resource, access)
        names |= set(listing.parameter_names(filters))
    return names
