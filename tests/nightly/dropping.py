"""pytest plugin: drops every trigger and constraint, one at a time; some test must fail each time.

First all quick tests run once, and what the database refuses tells which tests meet which guard. Then, for
each guard, a database without it is made for these tests alone; without any, for the tests of its subject.
"""

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
import pytest
from django.apps import apps

from tests.harness.addresses import ensure_servers, with_database
from tests.harness.clones import Clones
from tests.harness.template import ensure_template
from tests.nightly.again import Watched, first_failure
from tests.nightly.box import this_box
from tests.nightly.record import Record

MOST = 60
"""Tests that are tried for one guard."""

CATALOGUE = """
SELECT r.relname, t.tgname, t.tgfoid::regproc::text, pg_get_triggerdef(t.oid),
       format('DROP TRIGGER %I ON %I', t.tgname, r.relname)
FROM pg_trigger t JOIN pg_class r ON r.oid = t.tgrelid
WHERE NOT t.tgisinternal AND t.tgparentid = 0
UNION ALL
SELECT r.relname, k.conname, k.conname, pg_get_constraintdef(k.oid),
       format('ALTER TABLE %I DROP CONSTRAINT %I CASCADE', r.relname, k.conname)
FROM pg_constraint k JOIN pg_class r ON r.oid = k.conrelid
WHERE k.contype IN ('c', 'f', 'u', 'x') AND NOT r.relispartition
UNION ALL
SELECT r.relname, i.relname, i.relname, pg_get_indexdef(i.oid), format('DROP INDEX %I', i.relname)
FROM pg_index x JOIN pg_class r ON r.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE x.indisunique AND NOT x.indisprimary AND NOT r.relispartition
  AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.oid)
ORDER BY 1, 2
"""


@dataclass(frozen=True)
class Guard:
    """One trigger, constraint or unique index of a table of ours.

    Args:
        sign: What an error of it tells: the name of the constraint or of the function.
    """

    table: str
    name: str
    sign: str
    definition: str
    drop: str


box = this_box()
record = Record()
watched = Watched(box.part.name)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the tests that have a database."""
    items[:] = [item for item in items if uses_database(item)]


def uses_database(item: pytest.Item) -> bool:
    """Whether a test works on a clone of the template."""
    names = ("django_db", "clone")
    marked = any(item.get_closest_marker(name) for name in names)
    return marked or not {"db", "harness"}.isdisjoint(getattr(item, "fixturenames", ()))


def pytest_runtestloop(session: pytest.Session) -> bool:
    """Instead of running the tests: the guards of each table, the least complete table first."""
    items = {item.nodeid: item for item in session.items}
    tables = _by_table(guards())
    record.keep_only(box.part, tables)
    lines = {name: record.line(box.part, name, mark=_mark(own)) for name, own in tables.items()}
    waiting = [name for name in tables if lines[name].missing or lines[name].left]
    if waiting:
        with box.preparing():
            watched.run(session.items, _looking())
    for name in waiting:
        line = lines[name]
        line.target, line.done, line.left = len(tables[name]), 0, []
        for guard in tables[name]:
            if box.is_over:
                return True
            tests = [items[test] for test in candidates(guard)]
            with without(guard):
                killer = first_failure(tests)
            print(f"{guard.table} {guard.name}: {killer or 'NOT NOTICED'}", flush=True)  # noqa: T201
            if not killer:
                line.left.append(guard.name)
                session.testsfailed += 1
            record.passed(line, 1, 0)
    return True


def guards() -> list[Guard]:
    """Every guard of the tables of our applications, from the catalogue."""
    urls = ensure_servers()
    with psycopg.connect(urls["DATABASE_OWNER_URL"], autocommit=True) as connection:
        clones = Clones(connection, ensure_template(connection, urls))
        name = clones.create()
        with psycopg.connect(with_database(urls["DATABASE_OWNER_URL"], name)) as clone:
            rows = clone.execute(CATALOGUE).fetchall()
        clones.drop(name)
    return [Guard(*row) for row in rows if re.match(r"(backoffice|hr)_", row[0])]


def _by_table(found: list[Guard]) -> dict[str, list[Guard]]:
    tables: dict[str, list[Guard]] = {}
    for guard in found:
        tables.setdefault(guard.table, []).append(guard)
    return tables


def _mark(own: list[Guard]) -> str:
    """Changes with any guard of a table."""
    text = "".join(guard.name + guard.definition for guard in own)
    return hashlib.sha256(text.encode()).hexdigest()[:8]


@contextmanager
def _looking() -> Iterator[None]:
    """Each error of the server tells the guard that raised it."""
    build = psycopg.Error.__init__

    def noting(self: psycopg.Error, *args: object, **kwargs: object) -> None:
        build(self, *args, **kwargs)  # type: ignore[arg-type]  # whatever it is given
        for sign in [self.diag.constraint_name, *_functions(self.diag.context)]:
            if sign:
                watched.reach(sign)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Error, "__init__", noting)
        yield


def _functions(context: str | None) -> list[str]:
    return re.findall(r"PL/pgSQL function (?:\w+\.)?(\w+)\(", context or "")


def candidates(guard: Guard) -> list[str]:
    """Tests that met the guard, those about its table, and at last those of its subject."""
    model = next((m for m in apps.get_models() if m._meta.db_table == guard.table), None)
    label, module = (model._meta.label, model.__module__) if model else ("", "")
    folder = f"tests/{module.removesuffix('.models').replace('.', '/')}/" if module else "tests/"
    words = {guard.name, guard.table, f"[{label}]", "every_trigger"}
    met = watched.quickest(watched.reached.get(guard.sign, ()))
    architecture = [test for test in watched.seconds if test.startswith("tests/architecture/")]
    about = [test for test in architecture if any(word in test for word in words)]
    about += [test for test in architecture if "/test_guards.py" in test]
    own = watched.quickest(test for test in watched.seconds if test.startswith(folder))
    near = [test for test in met if test.startswith(folder)]
    return list(dict.fromkeys([*near[:MOST], *about, *met[:MOST], *([] if met else own[:MOST])]))


@contextmanager
def without(guard: Guard) -> Iterator[None]:
    """Every database that is cloned meanwhile lacks the guard."""
    create = Clones.create
    urls = ensure_servers()

    def lacking(self: Clones) -> str:
        name = create(self)
        with psycopg.connect(with_database(urls["DATABASE_OWNER_URL"], name)) as owner:
            owner.execute(guard.drop)
        return name

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Clones, "create", lacking)
        yield
