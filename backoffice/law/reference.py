"""The tables of law that come with the product, into the database."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"


def shipped_tables() -> list[dict[str, Any]]:
    """The rows of all data files, in the order in which they became known."""
    rows = [
        row
        for path in sorted(DATA.glob("*.json"))
        for row in json.loads(path.read_text(encoding="utf-8"))
    ]
    return sorted(rows, key=lambda row: (row["known_from"], row["kind"]))


def load_tables(cursor: Any) -> None:  # noqa: ANN401  Django's cursor wrapper, also of a migration
    """Bring the shipped tables in; running it again changes nothing.

    Versions that are there already are not touched, but for their end and for how long they are
    confirmed, where a release knows more. Versions that a company entered itself for the same
    first day stay: what somebody verified here is stronger than what was shipped. What nobody has
    read in a document yet comes as a draft, for somebody here to verify.
    """
    for row in shipped_tables():
        values = {**row, "payload": json.dumps(row["payload"], ensure_ascii=False)}
        cursor.execute(
            """
            UPDATE backoffice_legal_table
            SET valid_to = coalesce(valid_to, %(valid_to)s::date),
                confirmed_through = greatest(confirmed_through, %(confirmed_through)s::date)
            WHERE kind = %(kind)s::text AND valid_from = %(valid_from)s::date
                AND replaced_on IS NULL AND verified_on IS NOT NULL AND act = %(act)s::text
                AND (valid_to, confirmed_through) IS DISTINCT FROM
                    (coalesce(valid_to, %(valid_to)s::date),
                     greatest(confirmed_through, %(confirmed_through)s::date))
            """,
            values,
        )
        cursor.execute(
            """
            INSERT INTO backoffice_legal_table
                (kind, valid_from, valid_to, confirmed_through, known_from, act, source, certainty,
                 verified_by, verified_on, payload)
            SELECT %(kind)s::text, %(valid_from)s::date, %(valid_to)s::date,
                   %(confirmed_through)s::date, %(known_from)s::date, %(act)s::text,
                   %(source)s::text, %(certainty)s::text, %(verified_by)s::text,
                   %(verified_on)s::date, %(payload)s::jsonb
            WHERE NOT EXISTS (
                SELECT FROM backoffice_legal_table
                WHERE kind = %(kind)s::text AND valid_from = %(valid_from)s::date
                    AND verified_on IS NOT NULL)
            ON CONFLICT (kind, valid_from, known_from) DO NOTHING
            """,
            values,
        )
