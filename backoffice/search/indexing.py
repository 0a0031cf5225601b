"""Keep the index as the records are: in sets, a few seconds behind, never losing a change.

A trigger marks what changed inside the transaction of the change. ``catch_up`` takes marks and makes
their entries anew in one transaction: both happen or neither, and one process at a time does it, so
that an older reading never overwrites a newer one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext, override

from backoffice.br import tax_id
from backoffice.organization.models import Company
from backoffice.resources import listing
from backoffice.resources.records import Kind, Value
from backoffice.search import rules, sources
from backoffice.search.models import SearchEntry
from backoffice.search.sources import CODES, Source

BATCH = 5_000
LANGUAGES = ("pt-br", "en")
ONE_AT_A_TIME = 7_203_531
"""Key of the advisory lock under which entries are made."""


def catch_up(*, at: dt.datetime, limit: int = BATCH) -> int:
    """Make entries anew for the oldest marks; any number of processes may call it at once.

    Returns:
        How many marks were taken; 0 when there are none or another process is at it.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            if not cursor.fetchone()[0]:
                return 0
        return renew_marked(on=at.date(), limit=limit)


def renew_marked(*, on: dt.date, limit: int = BATCH) -> int:
    """Take the oldest marks and make their entries anew, inside the caller's transaction."""
    marks = _take(limit)
    changed: dict[str, set[int]] = defaultdict(set)
    for mark, ids in marks.items():
        watch = sources.watches().get(mark)  # none: of an earlier version of the program
        for name, path in watch.leads_to if watch else ():
            changed[name] |= ids if path == "pk" else _led_to(name, path, ids)
    for name, ids in sorted(changed.items()):
        renew(name, ids, on=on)
    return sum(map(len, marks.values()))


def rebuild(*, at: dt.datetime) -> Iterator[tuple[str, int]]:
    """Make all entries of every object anew, and remove those of objects that are found no more.

    Each object is a transaction of its own; changes made meanwhile leave their marks and are found
    by the next ``catch_up``.

    Returns:
        Name of each object and its number of entries, as they are done.
    """
    for name in sources.names():
        with transaction.atomic(durable=True):
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
            made = renew(name, None, on=at.date())
        yield name, made
    with transaction.atomic(durable=True):
        SearchEntry.objects.exclude(kind__in=sources.names()).delete()


def renew(name: str, ids: Iterable[int] | None, *, on: dt.date) -> int:
    """Make the entries of some records of an object, or of all, as the records are now.

    Returns:
        How many entries there are now.
    """
    source = sources.of(name)
    model = source.resource.model
    wanted = None if ids is None else sorted(ids)
    companies = Company.objects.values_list("pk", flat=True)
    if wanted is not None and "company" in {each.name for each in model._meta.fields}:
        of_rows = model._default_manager.filter(pk__in=wanted).values("company_id")
        found = set(of_rows.values_list("company_id", flat=True))
        companies = companies if None in found else companies.filter(pk__in=found)
    made = 0
    kept: dict[int, list[int]] = {}
    for company_id in companies:
        rows = source.rows(sources.everything(company_id, on))
        if wanted is not None:
            rows = rows.filter(pk__in=wanted)
        kept[company_id] = _write(source, company_id, rows.iterator(chunk_size=2_000))
        made += len(kept[company_id])
    _remove(name, wanted, kept)
    return made


def _take(limit: int) -> dict[str, set[int]]:
    taken: dict[str, set[int]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM backoffice_search_mark WHERE id IN"
            " (SELECT id FROM backoffice_search_mark ORDER BY id LIMIT %s)"
            " RETURNING source, row_id",
            [limit],
        )
        for name, row_id in cursor.fetchall():
            taken[name].add(row_id)
    return taken


def _led_to(name: str, path: str, ids: set[int]) -> set[int]:
    model = sources.of(name).resource.model
    rows = model._default_manager.filter(**{f"{path}__in": ids})
    return set(rows.values_list("pk", flat=True))


def _write(source: Source, company_id: int, rows: Iterator[Sequence[Any]]) -> list[int]:
    """Write entries in sets; what is already so is not touched. Answers the keys of the records."""
    maker = _Maker(source)
    written = []
    while some := [maker.entry(row) for row in islice(rows, 2_000)]:
        with connection.cursor() as cursor:
            cursor.execute(
                _UPSERT, [company_id, source.resource.name, *map(list, zip(*some, strict=True))]
            )
        written += [each[0] for each in some]
    return written


def _remove(name: str, ids: list[int] | None, kept: dict[int, list[int]]) -> None:
    """Remove the entries whose records are no more, or were not among those written."""
    companies = [company for company, found in kept.items() for _each in found]
    records = [pk for found in kept.values() for pk in found]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM backoffice_search_entry e"
            " WHERE kind = %s AND (%s::bigint[] IS NULL OR record_id = ANY(%s::bigint[]))"
            " AND NOT EXISTS (SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS k (company, record)"
            "                  WHERE k.company = e.company_id AND k.record = e.record_id)",
            [name, ids, ids, companies, records],
        )


_UPSERT = """
    INSERT INTO backoffice_search_entry AS e
        (company_id, kind, record_id, person_id, title, hint, text, vector, keys)
    SELECT %s, %s, record_id, person_id, title, hint, names,
           backoffice_search_vector(a, a_stems, names, name_stems, sounds, rest, rest_stems),
           coalesce(string_to_array(nullif(guarded, ''), E'\\x1f'), '{}')
      FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[],
                  %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])
           AS n (record_id, person_id, title, hint, a, a_stems, names, name_stems, sounds, rest,
                 rest_stems, guarded)
    ON CONFLICT (company_id, kind, record_id) DO UPDATE
       SET person_id = excluded.person_id, title = excluded.title, hint = excluded.hint,
           text = excluded.text, vector = excluded.vector, keys = excluded.keys
     WHERE (e.person_id, e.title, e.hint, e.text, e.vector, e.keys)
           IS DISTINCT FROM (excluded.person_id, excluded.title, excluded.hint, excluded.text,
                             excluded.vector, excluded.keys)
"""


@dataclass
class _Maker:
    """Turns rows of one object into entries."""

    source: Source

    def __post_init__(self) -> None:
        resource = self.source.resource
        self.labels = {
            value.key: listing.labels_of(resource.model, value)
            for value in self.source.values
            if value.kind in {Kind.CHOICE, Kind.STATE} or value.kind is Kind.LINK
        }
        self.kind_words = rules.indexed(self._in_languages(resource.label, resource.label_plural))

    def _in_languages(self, *labels: object) -> list[str]:
        """What people read, in every language of the product."""
        texts = []
        for language in LANGUAGES:
            with override(language):
                texts += [str(label) for label in labels]
        return texts

    def entry(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """The columns of one entry, in the order of the statement."""
        pk, *rest = row
        person = rest.pop(0) if self.source.person_path else None
        values = dict(zip((each.key for each in self.source.values), rest, strict=True))
        title = " ".join(filter(None, (self._shown(v, values[v.key]) for v in self.source.title)))
        hint = [self._shown(v, values[v.key]) for v in self.source.hint]
        heading = rules.indexed(self._looked_for(self.source.title, values))
        names = rules.indexed(
            self._looked_for((*self.source.title, *self.source.hint, *self.source.texts), values)
        )
        rest_words = self.kind_words
        guarded = [
            f"{self.source.resource.name}:{key}:{rules.bare(str(values[f'guarded_{i}']))}"
            for i, key in enumerate(self.source.guarded)
            if values[f"guarded_{i}"]
        ]
        shown = " · ".join(filter(None, hint))
        return (
            *(pk, person, title or gettext("(no name)"), shown),
            *(heading.plain, heading.stems, names.plain, names.stems, names.sounds),
            *(rest_words.plain, rest_words.stems, "\x1f".join(guarded)),
        )

    def _looked_for(self, wanted: Iterable[Value], values: dict[str, Any]) -> list[str]:
        """What is typed to find a value: as it stands, and dates with the month's name."""
        found = []
        for value in wanted:
            given = values[value.key]
            if isinstance(given, dt.date):
                found.append(rules.date_words(given))
            elif given in self.labels.get(value.key, ()):
                found += self._in_languages(self.labels[value.key][given])
            elif given not in (None, ""):
                found.append(str(given))
        return found

    def _shown(self, value: Value, given: Any) -> str:  # noqa: ANN401  a value of any field
        """A value as text."""
        if given in (None, ""):
            return ""
        if value.kind is Kind.COMPETENCE:
            return f"{given:%m/%Y}"
        if isinstance(given, dt.date):
            return f"{given:%d/%m/%Y}"
        if value.kind in CODES:
            return tax_id.format(str(given))
        with override(LANGUAGES[0]):
            return str(self.labels.get(value.key, {}).get(given, given))
