"""The occupations that come with the product: the Classificação Brasileira de Ocupações, whole."""

from pathlib import Path
from typing import Any

LIST = Path(__file__).parent / "data" / "occupations.tsv"

# An official act, which Lei 9.610/1998 art. 8 IV leaves free. Codes and titles only; spelling as of
# the agreement of 2009, names of institutions in capitals.
SOURCE = "Portaria MTE 397/2002 (CBO 2002), ocupações em 01/2025"
SHIPPED = ("Portaria MTE 397/2002 (CBO 2002)%", "CBO 2002")


def shipped_occupations() -> list[tuple[str, str]]:
    """Code and title of every occupation of the list, by code."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return [(code, title) for code, _, title in (line.partition("\t") for line in lines)]


def load_occupations(cursor: Any) -> None:  # noqa: ANN401  any database cursor
    """Bring the shipped list in; running it again changes nothing.

    A title that somebody imported from a later list of the ministry stays as it is.
    """
    codes, titles = zip(*shipped_occupations(), strict=True)
    cursor.execute(
        """
        INSERT INTO hr_occupation (code, title, source)
        SELECT shipped.code, shipped.title, %(source)s
        FROM unnest(%(codes)s::text[], %(titles)s::text[]) AS shipped (code, title)
        ON CONFLICT (code) DO UPDATE SET title = excluded.title, source = excluded.source
        WHERE hr_occupation.source LIKE ANY (%(ours)s::text[])
        """,
        {"source": SOURCE, "codes": list(codes), "titles": list(titles), "ours": list(SHIPPED)},
    )
