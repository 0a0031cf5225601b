"""Links as the doors show them."""

from backoffice.identity.rules import Access
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS
from backoffice.links.selectors import Linked, links_of
from backoffice.links.services import RecordRef


def shown_links(access: Access, ref: RecordRef) -> list[Linked] | None:
    """The links of a record that this person sees; None when they do not see the record."""
    objects = OBJECTS.answer
    kind = objects.kind(ref.kind)
    if kind is None or not objects.rows(kind, access, "").filter(pk=ref.pk).exists():
        return None
    return links_of(access, kind.model, ref.pk)


def as_shown(access: Access, link: Link) -> Linked | None:
    """A link as it looks from its source, if this person sees both of its records."""
    shown = links_of(access, link.source_type, link.source_id)
    return next((each for each in shown if each.link.pk == link.pk), None)
