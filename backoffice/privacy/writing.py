"""The report about one person as a file: JSON for programs, pages for people.

The JSON is one object: ``format``, ``made_at``, ``company``, ``person``, ``own``, and ``sections``, one for
each model that holds something. A section has ``model``, ``name``, ``fields`` (each with ``name``, ``label``,
``class``, ``purpose``, ``basis``, ``term``, ``months``, ``counts_from`` and whether it is ``sealed``) and
``rows``: ``id``, ``how`` (see ``selectors.Told``), ``at`` for earlier values, and ``values``.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from itertools import chain, islice
from typing import IO, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from typing_extensions import override

from backoffice.br import cnpj, cpf
from backoffice.pdf.rendering import PageFrame, render_html
from backoffice.privacy.selectors import Section, Told

ON_PAPER = 60
"""Rows of one kind that are printed; the JSON file has them all."""

LONGEST = 400

Head = dict[str, Any]
Seen = Callable[[Section, Told], None]


class _Encoder(DjangoJSONEncoder):
    """As Django writes JSON; whatever else a field can hold as its text."""

    @override
    def default(self, o: Any) -> Any:
        if isinstance(o, Promise):
            return force_str(o)
        if isinstance(o, (set, frozenset)):
            return sorted(o, key=str)
        try:
            return super().default(o)
        except TypeError:
            return str(o)


def write_json(head: Head, sections: Iterator[Section], out: IO[bytes], seen: Seen) -> int:
    """Write everything, row by row; returns how many rows."""
    count, before = 0, b""
    out.write(_json(head)[:-1] + b', "sections": [')
    for section in sections:
        rows = section.rows()
        first = next(rows, None)
        if first is None:
            continue
        out.write(before + b"\n" + _json(_section(section))[:-1] + b', "rows": [')
        comma = b""
        for row in chain([first], rows):
            seen(section, row)
            out.write(comma + b"\n" + _json(_row(row)))
            comma, count = b",", count + 1
        out.write(b"]}")
        before = b","
    out.write(b"]}\n")
    return count


def pdf_of(head: Head, sections: Iterator[Section], seen: Seen) -> bytes:
    """The same on pages: up to ``ON_PAPER`` rows of each kind, and how many more there are."""
    printed = [shown for section in sections if (shown := _printed(section, seen))]
    frame = PageFrame(
        company_name=head["company"]["name"],
        cnpj=cnpj.format(head["company"]["cnpj"]),
        title=_("Personal data of %(name)s") % {"name": head["person"]["name"]},
        generated_at=head["made_at"],
    )
    context = {
        "head": head,
        "cpf": cpf.format(head["person"]["tax_id"]),
        "sections": printed,
        "on_paper": ON_PAPER,
    }
    return render_html("pdf/person_report.html", context, frame=frame)


def _section(section: Section) -> dict[str, Any]:
    fields = [
        {
            "name": name,
            "label": str(section.model._meta.get_field(name).verbose_name),
            "class": use.data_class.value,
            "purpose": str(use.purpose),
            "basis": str(use.basis),
            "term": use.retention.code,
            "months": use.retention.months,
            "counts_from": use.retention.counts_from.value,
            "sealed": name in section.declared.sealed,
        }
        for name, use in section.uses.items()
    ]
    return {"model": section.declared.model, "name": section.name, "fields": fields}


def _row(row: Told) -> dict[str, Any]:
    told = {"id": row.id, "how": row.how, "values": row.values}
    return told if row.at is None else {**told, "at": row.at}


def _json(value: object) -> bytes:
    return json.dumps(value, cls=_Encoder, ensure_ascii=False).encode()


def _printed(section: Section, seen: Seen) -> dict[str, Any] | None:
    rows = list(islice(section.rows(), ON_PAPER))
    if not rows:
        return None
    for row in rows:
        seen(section, row)
    uses = {id(use): use for use in section.uses.values()}
    return {
        "name": section.name,
        "uses": list(uses.values()),
        "rows": [{"how": row.how, "at": row.at, "values": _words(section, row)} for row in rows],
        "more": len(rows) == ON_PAPER,
    }


def _words(section: Section, row: Told) -> list[tuple[str, str]]:
    """The values of a row as people read them; what is empty stays out."""
    found = []
    for name, value in row.values.items():
        if value is None or value in ("", [], {}):
            continue
        field = section.model._meta.get_field(name)
        found.append((str(field.verbose_name), _word(field, value)))
    return found


def _word(field: Any, value: Any) -> str:  # noqa: ANN401  any field, any value
    choices = dict(field.flatchoices) if field.choices else {}
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str | int) and value in choices:
        return str(choices[value])
    if isinstance(value, dt.datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    text = value if isinstance(value, str) else _json(value).decode()
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
