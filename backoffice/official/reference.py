"""The official lists that come with the product: municipalities, banks, some municipal holidays."""

from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

# Codes and names only; facts of official lists, which Lei 9.610/1998 art. 8 leaves free.
MUNICIPALITIES_SOURCE = "IBGE, Divisão Territorial Brasileira, 2025"
BANKS_SOURCE = "Banco Central do Brasil, participantes do STR, 01/10/2025"
MUNICIPALITIES_SHIPPED = "IBGE, Divisão Territorial Brasileira%"
BANKS_SHIPPED = "Banco Central do Brasil, participantes do STR%"

CORPUS_CHRISTI = 60
TO_CONFIRM = " (a conferir)"

# Municipality, name, day, month, days from Easter, act. Whoever keeps the list confirms them.
HOLIDAYS: tuple[tuple[str, str, int | None, int | None, int | None, str], ...] = (
    ("3550308", "Aniversário de São Paulo", 25, 1, None, "Lei municipal 14.485/2007"),
    ("3550308", "Corpus Christi", None, None, CORPUS_CHRISTI, "Lei municipal 14.485/2007"),
    ("3509502", "Nossa Senhora da Conceição", 8, 12, None, "Lei municipal de Campinas"),
    ("3509502", "Corpus Christi", None, None, CORPUS_CHRISTI, "Lei municipal de Campinas"),
    ("4106902", "Nossa Senhora da Luz dos Pinhais", 8, 9, None, "Lei municipal 3.015/1967"),
    ("4106902", "Corpus Christi", None, None, CORPUS_CHRISTI, "Lei municipal 3.015/1967"),
)


def shipped(name: str) -> list[tuple[str, str, str]]:
    """The rows of a shipped list, three columns each, by code."""
    lines = (DATA / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = []
    for line in lines:
        first, second, third = line.split("\t")
        rows.append((first, second, third))
    return rows


def load_municipalities(cursor: Any) -> None:  # noqa: ANN401  any database cursor
    """Bring the municipalities in; running it again changes nothing.

    A name that somebody imported from a later list of IBGE stays as it is.
    """
    codes, names, states = zip(*shipped("municipalities"), strict=True)
    cursor.execute(
        """
        INSERT INTO backoffice_municipality (code, name, state, source)
        SELECT shipped.code, shipped.name, shipped.state, %(source)s
        FROM unnest(%(codes)s::text[], %(names)s::text[], %(states)s::text[])
             AS shipped (code, name, state)
        ON CONFLICT (code) DO UPDATE
        SET name = excluded.name, state = excluded.state, source = excluded.source
        WHERE backoffice_municipality.source LIKE %(ours)s
        """,
        {
            "source": MUNICIPALITIES_SOURCE,
            "codes": list(codes),
            "names": list(names),
            "states": list(states),
            "ours": MUNICIPALITIES_SHIPPED,
        },
    )


def load_banks(cursor: Any) -> None:  # noqa: ANN401  any database cursor
    """Bring the banks in; running it again changes nothing.

    A name that somebody imported from a later list of the central bank stays as it is.
    """
    codes, numbers, names = zip(*shipped("banks"), strict=True)
    cursor.execute(
        """
        INSERT INTO backoffice_bank (code, ispb, name, source)
        SELECT shipped.code, shipped.ispb, shipped.name, %(source)s
        FROM unnest(%(codes)s::text[], %(numbers)s::text[], %(names)s::text[])
             AS shipped (code, ispb, name)
        ON CONFLICT (code) DO UPDATE
        SET ispb = excluded.ispb, name = excluded.name, source = excluded.source
        WHERE backoffice_bank.source LIKE %(ours)s
        """,
        {
            "source": BANKS_SOURCE,
            "codes": list(codes),
            "numbers": list(numbers),
            "names": list(names),
            "ours": BANKS_SHIPPED,
        },
    )


def load_holidays(cursor: Any) -> None:  # noqa: ANN401  any database cursor
    """Bring the shipped holidays in, for municipalities of which nobody entered any yet."""
    cursor.execute("SELECT DISTINCT municipality_id FROM backoffice_local_holiday")
    entered = {row[0] for row in cursor.fetchall()}
    for code, name, day, month, offset, act in HOLIDAYS:
        if code not in entered:
            cursor.execute(
                """
                INSERT INTO backoffice_local_holiday
                    (municipality_id, name, day, month, easter_offset, act, valid_from)
                VALUES (%s, %s, %s, %s, %s, %s, '2008-01-01')
                """,
                [code, name, day, month, offset, act + TO_CONFIRM],
            )
