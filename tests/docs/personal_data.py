"""The record of processing (LGPD art. 37), made from the inventory: ``python -m tests.docs.personal_data``."""

import os
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs/reference/personal-data.md"
HEAD = """# Personal data

The record of processing (LGPD art. 37): each field that holds something about a person, why it is kept, on what basis, and for how
long. Made from the inventory in the code by `python -m tests.docs.personal_data`; `manage.py check` names every field that nobody
declared. Terms are proposals with their source: **check them with your accountant or lawyer**. Rows of the history of a model hold the
same fields as the model. Every other field was declared to hold nothing about a person.

## Terms
| term | counted from | months | rests on | holds from | reviewed by |
|---|---|---|---|---|---|
"""


def page() -> str:
    """The page as it should be."""
    from backoffice.privacy.registry import INVENTORY

    used = {use.retention.code: use.retention for d in INVENTORY.values() for use in d.personal.values()}
    lines = [
        f"| {code} | {rule.counts_from.value} | {rule.months or 'kept for good'} | {rule.source}"
        f" | {rule.valid_from:%Y-%m-%d} | {rule.reviewed_by or 'nobody yet'} |"
        for code, rule in sorted(used.items())
    ]
    lines += ["", "## Fields", "| model | fields | class | purpose | basis | term |", "|---|---|---|---|---|---|"]
    for label, declared in sorted(INVENTORY.items()):
        uses = {id(use): use for use in declared.personal.values()}
        for use in uses.values():
            fields = ", ".join(f"`{n}`" for n, each in declared.personal.items() if each is use)
            lines.append(
                f"| {label} | {fields} | {use.data_class.value} | {use.purpose} | {use.basis}"
                f" | {use.retention.code} |"
            )
    return HEAD + "\n".join(lines) + "\n"


if __name__ == "__main__":
    import django
    from django.utils.translation import override

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
    django.setup()
    with override("en"):
        PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
