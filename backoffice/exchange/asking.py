"""A list without a page: the question of an address, asked again by a worker or for a count."""

from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.resources import listing, registry
from backoffice.resources.records import Resource

PAGING = frozenset({"after", "before", "limit", "filters", "idempotency_key"})
"""Parameters of an address that choose a page, not rows."""

LONGEST = 2_000


def object_named(name: str, access: Access) -> Resource:
    """The object whose list somebody may read.

    Raises:
        NotFound: There is none of this name.
        NotAllowed: They may not read it.
    """
    resource = registry.RESOURCES.get(name)
    if resource is None:
        raise NotFound("not_found", _("There is no such list."))
    if not access.can(resource.view_permission):
        raise NotAllowed(
            "permission_denied",
            _("You do not have the permission “%(permission)s”.")
            % {"permission": resource.view_permission},
        )
    return resource


def question(text: str) -> QueryDict:
    """The parameters of a list, without those that choose a page of it.

    Raises:
        InvalidInput: It is longer than any list needs, or no text at all.
    """
    if len(text) > LONGEST or "\x00" in text:
        message = _("This question to a list is too long.")
        raise InvalidInput("query_too_long", message, fields={"query": message})
    try:
        given = QueryDict(text.removeprefix("?"), mutable=True)
    except (ValueError, UnicodeDecodeError) as error:
        message = _("This is no question to a list.")
        raise InvalidInput("bad_query", message, fields={"query": message}) from error
    for name in PAGING:
        given.pop(name, None)
    return given


def ask(resource: Resource, query: QueryDict, access: Access) -> listing.Listing:
    """The rows, columns and order that an address asks for, as this person may see them today.

    Raises:
        BadQuery: The address asks for what the list does not have, or not any more.
    """
    request = HttpRequest()
    request.method = "GET"
    made: Any = request
    made.GET = query
    made.access = access
    kept = User.objects.filter(pk=access.user_id).values_list("lists", flat=True).first() or {}
    return listing.read(request, resource, access, columns=kept.get(resource.name, ()))
