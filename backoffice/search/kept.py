"""What a person keeps at hand: favourites and recent records, as far as they may still see them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

from backoffice.database import keyset
from backoffice.resources import registry
from backoffice.search import sources
from backoffice.search.models import Favourite, RecentRecord, SearchEntry
from backoffice.search.selectors import seen

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

Key = tuple[str, int]
RECENT = 8
MEMO = "favourites"


@dataclass(frozen=True, slots=True)
class Kept:
    """One line: a record or, without ``pk``, a list; ``id`` is the favourite's own key."""

    kind: str
    pk: int | None
    label: str
    hint: str
    url: str
    icon: str
    id: int = 0

    @property
    def counter_id(self) -> str:
        """Where the number of rows stands in the menu; empty for a record."""
        return "" if self.pk else "favourite-count-" + self.kind.replace(".", "-")


def favourites(access: "Access") -> list[Kept]:
    """The own favourites of this company in their order; read once for each request."""
    if MEMO not in access.memo:
        rows = list(
            Favourite.objects.filter(
                user_id=access.user_id, company_id=access.company_id
            ).values_list("kind", "record_id", "pk")
        )
        titles = named(access, [(kind, pk) for kind, pk, _id in rows if pk])
        found = (_kept(access, kind, pk, titles, number) for kind, pk, number in rows)
        access.memo[MEMO] = [each for each in found if each]
    kept: list[Kept] = access.memo[MEMO]
    return kept


def recent(access: "Access", limit: int = RECENT) -> list[Kept]:
    """The records that this person opened last, newest first."""
    rows = list(
        RecentRecord.objects.filter(user_id=access.user_id, company_id=access.company_id)
        .order_by("-at")
        .values_list("kind", "record_id")[: limit * 2]
    )
    titles = named(access, rows)
    found = (_kept(access, kind, pk, titles) for kind, pk in rows)
    return [each for each in found if each][:limit]


def named(access: "Access", wanted: Iterable[Key]) -> dict[Key, tuple[str, str]]:
    """Title and hint of those of the records that this person may see."""
    by_kind: dict[str, list[int]] = defaultdict(list)
    for kind, pk in wanted:
        resource = registry.RESOURCES.get(kind)
        if resource is not None and access.can(resource.view_permission):
            by_kind[kind].append(pk)
    found: dict[Key, tuple[str, str]] = {}
    indexed = {kind: ids for kind, ids in by_kind.items() if kind in sources.names()}
    if indexed:
        these = Q()
        for kind, ids in indexed.items():
            these |= Q(kind=kind, record_id__in=ids)
        entries = SearchEntry.objects.filter(these, company_id=access.company_id)
        rows = entries.filter(seen(access, indexed, entries))
        for kind, pk, title, hint in rows.values_list("kind", "record_id", "title", "hint"):
            found[kind, pk] = (title, hint)
    for kind in by_kind.keys() - indexed.keys():
        resource = registry.RESOURCES[kind]
        for row in resource.queryset(access).filter(pk__in=by_kind[kind]):
            found[kind, row.pk] = (str(resource.title(row)), "")
    return found


def _kept(
    access: "Access", kind: str, pk: int | None, titles: dict[Key, tuple[str, str]], number: int = 0
) -> Kept | None:
    """The line of a favourite or a recent record; None for what the person may not see any more."""
    resource = registry.RESOURCES.get(kind)
    if resource is None or not access.can(resource.view_permission):
        return None
    if pk is None:
        url = registry.url(resource)
        return Kept(kind, None, str(resource.label_plural), "", url, resource.icon, number)
    if (kind, pk) not in titles:
        return None
    title, hint = titles[kind, pk]
    url = registry.url(resource, "detail", pk)
    hint = " · ".join(filter(None, (str(resource.label), hint)))
    return Kept(kind, pk, title, hint, url, resource.icon, number)


def counts(access: "Access") -> list[tuple[str, int]]:
    """How many rows each favourite list has, at most ten thousand and one."""
    found: list[tuple[str, int]] = []
    for each in favourites(access):
        if each.pk is None:
            rows: Any = registry.RESOURCES[each.kind].queryset(access).order_by()
            found.append((each.counter_id, rows.values("pk")[: keyset.COUNT_CAP + 1].count()))
    return found
