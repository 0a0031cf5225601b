"""Standard pay items that come with the product."""

import json
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data" / "pay_items.json"


def load_pay_items(cursor: Any) -> None:  # noqa: ANN401  any database cursor
    """Insert the standard pay items that are not there yet, and bring changed ones up to date."""
    cursor.execute(
        """
        INSERT INTO hr_pay_item (company_id, code, key, name, kind, nature, incidence_cp, incidence_irrf,
                                 incidence_fgts, source, valid_from, valid_to)
        SELECT NULL, i.code, i.key, i.name, i.kind, i.nature, i.incidence_cp, i.incidence_irrf, i.incidence_fgts,
               i.source, i.valid_from, i.valid_to
        FROM jsonb_to_recordset(%s::jsonb) AS i (code text, key text, name text, kind text, nature text,
             incidence_cp text, incidence_irrf text, incidence_fgts text, source text, valid_from date, valid_to date)
        ON CONFLICT ON CONSTRAINT pay_item_code_once DO UPDATE SET
            key = excluded.key, name = excluded.name, kind = excluded.kind, nature = excluded.nature,
            incidence_cp = excluded.incidence_cp, incidence_irrf = excluded.incidence_irrf,
            incidence_fgts = excluded.incidence_fgts, source = excluded.source, valid_to = excluded.valid_to
        """,
        [json.dumps(json.loads(DATA.read_text()))],
    )
