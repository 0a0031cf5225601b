"""Imports and their rows, as people see them."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.functional import Promise

from backoffice.commands import COMMANDS
from backoffice.exchange.importers import IMPORTERS, Importer
from backoffice.exchange.mapping import fields_of
from backoffice.exchange.models import DataImport, ImportRow, Verdict
from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope

IMPORT = "backoffice.data_import.create"
VIEW = "backoffice.data_import.view"


def visible_imports(access: Access) -> QuerySet[DataImport]:
    """The imports of the company; what their rows hold is another question (``may_open``)."""
    return in_scope(DataImport.objects.all(), access, VIEW)


def may_open(access: Access, found: DataImport) -> bool:
    """Whether somebody may see and mend the rows: who could import them."""
    importer = IMPORTERS.get(found.object_name)
    if importer is None or not access.can(IMPORT):
        return False
    return access.can(COMMANDS[importer.create.name].permission)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many rows of an import came to what."""

    by_verdict: dict[str, int]
    applied: int
    undone: int
    kept: int

    @property
    def total(self) -> int:
        """All rows."""
        return sum(self.by_verdict.values())

    def of(self, verdict: str) -> int:
        """Rows with this verdict."""
        return self.by_verdict.get(verdict, 0)

    @property
    def to_apply(self) -> int:
        """Rows that would make or change something; those applied are among them."""
        return self.of(Verdict.NEW) + self.of(Verdict.CHANGED)


def tally(found: DataImport) -> Tally:
    """The numbers of an import, in two statements."""
    rows = found.rows.order_by()
    by_verdict = dict(rows.values_list("verdict").annotate(n=Count("pk")))
    done = rows.filter(verdict__in=(Verdict.NEW, Verdict.CHANGED), applied_at__isnull=False)
    counted: dict[str, Any] = done.aggregate(
        applied=Count("pk"), undone=Count("undone_at"), kept=Count("pk", filter=~Q(kept_because=""))
    )
    return Tally(by_verdict, counted["applied"], counted["undone"], counted["kept"])


@dataclass(frozen=True, slots=True)
class Cell:
    """One mapped cell of a row: its field, its words, its text, what is wrong, and what changes."""

    field: str
    label: str | Promise
    text: str
    error: str
    before: str
    after: str

    @property
    def changes(self) -> bool:
        """Whether the record gets another value here."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an import, ready to be shown."""

    row: ImportRow
    cells: list[Cell]
    whole: str


def lines(
    found: DataImport, importer: Importer, access: Access, rows: list[ImportRow]
) -> list[Line]:
    """Rows with the names of their fields, what is wrong with each cell, and what changes."""
    fields = fields_of(importer, access)
    mapped = [(int(n), name) for n, name in sorted(found.mapping.items(), key=lambda e: int(e[0]))]
    shown = []
    for row in rows:
        cells = [
            Cell(
                field=name,
                label=fields[name].label or name,
                text=row.cells[number],
                error=row.errors.get(name, ""),
                before=str(row.before.get(name, "")),
                after=str(row.after.get(name, "")),
            )
            for number, name in mapped
            if name in fields
        ]
        named = {cell.field for cell in cells}
        others = [
            f"{fields[name].label}: {text}" if name in fields else text
            for name, text in row.errors.items()
            if name not in named
        ]
        shown.append(Line(row, cells, " ".join(others)))
    return shown
