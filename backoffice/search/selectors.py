"""Find records: what a person may see is taken first, then it is ranked.

Objects whose rows are decided by company and party alone are filtered by the keys of the entry. The
others are asked, before anything is ranked, which of the matching rows this person sees.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.search import (
    SearchQuery,
    SearchQueryCombinable,
    SearchRank,
    TrigramWordSimilarity,
)
from django.db import connection, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
    Window,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import RowNumber
from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import BadQuery
from backoffice.identity.selectors import reached
from backoffice.resources import listing, registry
from backoffice.resources.listing import MAX_SEARCH
from backoffice.resources.records import Resource
from backoffice.search import rules, sources
from backoffice.search.models import RecentRecord, SearchEntry
from backoffice.search.rules import SOUND, Typed

if TYPE_CHECKING:
    from backoffice.identity.rules import Access

SHOWN = 5
ENOUGH = 3
ALIKE = 0.4
"""From which similarity on a word counts as the same with a typing error."""

MANY = 1_000


@dataclass(frozen=True, slots=True)
class Hit:
    """One record that was found; ``pieces`` is the title, with what was typed marked."""

    kind: str
    pk: int
    title: str
    hint: str
    url: str
    pieces: list[tuple[str, bool]]
    similar: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one object: the best records, and how many there are in all."""

    resource: Resource
    hits: list[Hit] = field(default_factory=list)
    total: int = 0


def find(
    access: "Access", typed: str, *, kinds: Iterable[str] = (), limit: int = SHOWN, skip: int = 0
) -> list[Group]:
    """The best records of every object that this person may see, best object first.

    Words may come in any order and unfinished, with or without accents, in singular or plural. When
    hardly anything is found, words with a typing error count too.

    Args:
        access: Who asks.
        typed: What they typed.
        kinds: Only these objects; all without them.
        limit: Records of each object.
        skip: How many of each to leave out: the pages before.

    Raises:
        BadQuery: The text is longer than anything searchable.
    """
    if len(typed) > MAX_SEARCH:
        raise BadQuery(
            "long_search", _("Search for at most %(limit)s characters.") % {"limit": MAX_SEARCH}
        )
    asked = rules.read(typed.replace("\x00", ""))
    wanted = [name for name in visible_kinds(access) if not kinds or name in set(kinds)]
    if not asked.words or not wanted:
        return []
    question = _Question(access, asked, wanted)
    found = question.groups(question.exactly(), limit, skip)
    if sum(group.total for group in found) >= ENOUGH or not question.may_be_misspelled:
        return found
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(ALIKE)]
            )
        return question.groups(question.similarly(), limit, skip, similar=True)


def visible_kinds(access: "Access") -> list[str]:
    """The objects of which this person may see any rows, in the order of their registration."""
    return [
        name for name in sources.names() if access.can(registry.RESOURCES[name].view_permission)
    ]


def seen(access: "Access", kinds: Iterable[str], among: QuerySet[SearchEntry]) -> Q:
    """Which entries this person may see, of these objects.

    Args:
        access: Who asks.
        kinds: Objects whose view permission they hold.
        among: The entries in question: objects that have no keys are asked about these only.
    """
    by_key: dict[tuple[str, bool] | None, list[str]] = defaultdict(list)
    asked: list[str] = []
    for name in kinds:
        source = sources.of(name)
        if source.declared.keyed:
            permission = source.resource.view_permission
            whole = source.declared.keyed == "company" or _reaches_all(access, permission)
            key = None if whole else (permission, bool(source.person_path))
            by_key[key].append(name)
        else:
            asked.append(name)
    condition = _by_keys(access, by_key)
    if asked:
        condition |= _by_queryset(access, among.filter(kind__in=asked))
    return condition


def _reaches_all(access: "Access", permission: str) -> bool:
    reach = access.reach(permission)
    return reach is not None and reach.company


def _by_keys(access: "Access", kinds: Mapping[tuple[str, bool] | None, list[str]]) -> Q:
    """Entries by whose they are; without a key those of which the person sees every one."""
    condition = Q(kind__in=kinds.get(None, []))
    for key, found in kinds.items():
        rows = reached(access, key[0], person="person_id" if key[1] else "") if key else False
        if isinstance(rows, Q):
            condition |= Q(kind__in=found) & rows
    return condition


def _by_queryset(access: "Access", among: QuerySet[SearchEntry]) -> Q:
    """Entries of objects without keys that match and that their querysets let this person see."""
    condition = Q(pk__in=[])
    ids = among.order_by().values_list("kind").annotate(found=ArrayAgg("record_id"))
    for name, found in ids:
        resource = registry.RESOURCES[name]
        rows = resource.queryset(access).order_by()
        if len(found) <= MANY:
            rows = rows.filter(pk__in=found)
            mine: Any = list(rows.values_list("pk", flat=True))
        else:
            mine = rows.values("pk")
        condition |= Q(kind=name, record_id__in=mine)
    return condition


@dataclass
class _Question:
    """One question of one person: conditions, rank, and the rows that come out."""

    access: "Access"
    asked: Typed
    kinds: list[str]

    def __post_init__(self) -> None:
        self.entries = SearchEntry.objects.filter(
            company_id=self.access.company_id, kind__in=self.kinds
        )
        parts = [_spellings(word) for word in self.asked.words]
        self.query: SearchQueryCombinable = parts[0]
        for part in parts[1:]:
            self.query &= part
        self.parts = parts

    @property
    def may_be_misspelled(self) -> bool:
        """Whether any word is long enough to hold a typing error."""
        return any(len(word) > 3 and word.isalpha() for word in self.asked.words)

    def exactly(self) -> Q:
        """Every word is there: as typed so far, in another number, or sounding so; or a whole key."""
        return Q(vector=self.query)

    def similarly(self) -> Q:
        """Every word is there, or one much like it."""
        condition = Q()
        for word, part in zip(self.asked.words, self.parts, strict=True):
            alike = Q(text__trigram_word_similar=word) if len(word) > 3 else Q()
            condition &= Q(vector=part) | alike
        return condition

    def groups(self, match: Q, limit: int, skip: int, *, similar: bool = False) -> list[Group]:
        """The best rows of each object, in two statements and one for each object without keys."""
        among = self.entries.filter(match)
        keys = self._guarded()
        visible = match & seen(self.access, self.kinds, among)
        rows = self.entries.filter(visible | keys if keys else visible)
        ranked = rows.annotate(score=self._score(similar=similar)).annotate(
            place=Window(
                RowNumber(), partition_by="kind", order_by=[F("score").desc(), "title", "record_id"]
            ),
            total=Window(Count("*"), partition_by="kind"),
        )
        best = ranked.filter(place__gt=skip, place__lte=skip + limit).order_by("-score", "place")
        found: dict[str, Group] = {}
        for kind, pk, title, hint, total in best.values_list(
            "kind", "record_id", "title", "hint", "total"
        ):
            resource = registry.RESOURCES[kind]
            group = found.setdefault(kind, Group(resource, total=total))
            group.hits.append(
                Hit(
                    kind=kind,
                    pk=pk,
                    title=title,
                    hint=hint,
                    url=registry.url(resource, "detail", pk),
                    pieces=rules.marked(title, self.asked.words),
                    similar=similar,
                )
            )
        return list(found.values())

    def _guarded(self) -> Q | None:
        """Entries found by a value that only some may look for, where this person may."""
        condition = None
        for name in self.kinds:
            source = sources.of(name)
            for key in source.guarded if self.asked.numbers else ():
                permission = source.resource.restricted[key]
                if listing.sight(source.resource, key, self.access) is listing.Sight.NONE:
                    continue
                rows = self.entries.filter(
                    kind=name, keys__overlap=[f"{name}:{key}:{n}" for n in self.asked.numbers]
                )
                allowed = listing.reachable(source.resource, self.access, permission)
                ids = list(rows.values_list("record_id", flat=True))
                if ids:
                    mine = list(allowed.filter(pk__in=ids).values_list("pk", flat=True))
                    found = Q(kind=name, record_id__in=mine)
                    condition = condition | found if condition else found
        return condition

    def _score(self, *, similar: bool) -> Combinable:
        """How well an entry fits: the words by weight, the whole title, what was opened lately."""
        recent = RecentRecord.objects.filter(
            company_id=self.access.company_id,
            user_id=self.access.user_id,
            kind=OuterRef("kind"),
            record_id=OuterRef("record_id"),
        )
        score: Any = SearchRank(
            F("vector"), self.query, weights=[0.1, 0.2, 0.6, 1.0], normalization=Value(2)
        )
        if similar:
            for word in self.asked.words:
                score += TrigramWordSimilarity(word, "text")
        whole = Case(
            When(text=self.asked.text, then=Value(2.0)),
            When(text__startswith=f"{self.asked.text} ", then=Value(1.0)),
            When(text__startswith=self.asked.text, then=Value(0.5)),
            default=Value(0.0),
            output_field=FloatField(),
        )
        opened = Case(
            When(Exists(recent), then=Value(0.4)), default=Value(0.0), output_field=FloatField()
        )
        rank: Combinable = score + whole + opened
        return rank


def _spellings(word: str) -> SearchQueryCombinable:
    """A word as it was typed so far, in another number or form, or as it sounds."""
    query: Any = SearchQuery(f"{word}:*", config="simple", search_type="raw")
    if word.isalpha():
        query |= SearchQuery(rules.spelled(word), config="portuguese", search_type="plain")
    if sound := rules.sound(word):
        tail = ":*" if len(sound) > len(SOUND) + 4 else ""
        query |= SearchQuery(sound + tail, config="simple", search_type="raw")
    return query  # type: ignore[no-any-return]  # the stubs do not know that | keeps the class


def lag() -> tuple[int, float]:
    """How many marks wait, and the age of the oldest in seconds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), coalesce(extract(epoch FROM now() - min(at)), 0)"
            "  FROM backoffice_search_mark"
        )
        waiting, seconds = cursor.fetchone()
    return waiting, float(seconds)
