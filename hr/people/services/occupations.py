"""Bring the official list of occupations (CBO 2002) in."""

import csv
import io

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput
from hr.people.models import Occupation

CODE_LENGTH = 6


def read_occupations(content: bytes) -> dict[str, str]:
    """Code to title from the file that the ministry publishes: ``CODIGO;TITULO``.

    UTF-8 or Windows encoding, ``;`` or ``,``; the code with or without its dash.

    Raises:
        InvalidInput: ``not_occupations``, with the first line that cannot be read.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252")
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    found: dict[str, str] = {}
    for number, row in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), start=1):
        if number == 1 or not any(row):
            continue
        code = "".join(c for c in row[0] if c.isdigit()).zfill(CODE_LENGTH)
        title = row[1].strip() if len(row) > 1 else ""
        if len(code) != CODE_LENGTH or not title:
            message = _("Line %(number)s is not an occupation: a code of six digits and a title.")
            raise InvalidInput("not_occupations", message % {"number": number})
        found[code] = title
    if not found:
        raise InvalidInput("not_occupations", _("The file holds no occupation."))
    return found


@command("hr.occupation.import", permission="backoffice.reference.edit")
def import_occupations(ctx: Context, *, content: bytes, source: str) -> dict[str, int]:
    """Add the occupations of a file and bring changed titles up to date; none is taken away.

    Args:
        ctx: Who brings them in.
        content: The file.
        source: Where it comes from and when, such as ``MTE, CBO2002 - Ocupacao.csv, 11/2026``.

    Raises:
        InvalidInput: ``not_occupations``.
    """
    wanted = read_occupations(content)
    known = dict(Occupation.objects.filter(code__in=wanted).values_list("code", "title"))
    changed = {code for code, title in known.items() if wanted[code] != title}
    Occupation.objects.bulk_create(
        (
            Occupation(code=code, title=title, source=source)
            for code, title in wanted.items()
            if code not in known or code in changed
        ),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["title", "source"],
    )
    result = {"added": len(wanted) - len(known), "changed": len(changed)}
    ctx.record("hr.occupation.imported", data={**result, "source": source})
    return result
