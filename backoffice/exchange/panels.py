"""What the page of an import shows: numbers, the next step, and why something is not possible."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.exchange import selectors
from backoffice.exchange.models import DataImport, ImportState, Verdict
from backoffice.identity.rules import Access

ORDER = (
    Verdict.WRONG,
    Verdict.NEW,
    Verdict.CHANGED,
    Verdict.SAME,
    Verdict.SKIPPED,
    Verdict.WAITING,
)
TONES = {
    Verdict.WRONG: "danger",
    Verdict.NEW: "success",
    Verdict.CHANGED: "info",
    Verdict.SAME: "neutral",
    Verdict.SKIPPED: "neutral",
    Verdict.WAITING: "warning",
}


def import_panel(found: DataImport, access: Access) -> dict[str, Any]:
    """How many rows came to what, with ways to see and mend them for who may."""
    counted = selectors.tally(found)
    mine = selectors.may_open(access, found)
    rows_url = reverse("exchange:import-rows", args=[found.pk])
    return {
        "found": found,
        "mine": mine,
        "tally": counted,
        "verdicts": [
            {
                "label": verdict.label,
                "tone": TONES[verdict],
                "count": counted.of(verdict),
                "url": f"{rows_url}?verdict={verdict.value}" if mine else "",
            }
            for verdict in ORDER
            if counted.of(verdict)
        ],
        "columns_url": reverse("exchange:import-columns", args=[found.pk]),
        "rows_url": rows_url,
        "wrong_url": reverse("exchange:import-wrong", args=[found.pk]),
        "undo_url": reverse("exchange:import-undo", args=[found.pk]),
        "job_url": reverse("jobs:detail", args=[found.job_id]) if found.job_id else "",
        "mapping": found.state in {ImportState.MAPPING, ImportState.CHECKED},
        "working": found.state in {ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING},
        "was_applied": counted.applied > 0,
    }


def why_not_apply(found: DataImport, access: Access) -> str | None:
    """Why the rows cannot be taken in now."""
    if not selectors.may_open(access, found):
        return _("You may not make such records.")
    counted = selectors.tally(found)
    if counted.to_apply - counted.applied <= 0:
        return _("No row is new or changes anything.")
    return None


def what_apply_does(found: DataImport, access: Access) -> str:
    """What applying does, in numbers."""
    counted = selectors.tally(found)
    text = _("%(new)s new and %(changed)s changed records.") % {
        "new": counted.of(Verdict.NEW),
        "changed": counted.of(Verdict.CHANGED),
    }
    wrong = counted.of(Verdict.WRONG)
    if wrong:
        left = ngettext(
            "%(count)s wrong row stays out.", "%(count)s wrong rows stay out.", wrong
        ) % {"count": wrong}
        return f"{text} {left}"
    return text


def why_not_undo(found: DataImport, access: Access) -> str | None:
    """Why nothing can be taken back now."""
    if not selectors.may_open(access, found):
        return _("You may not make such records.")
    counted = selectors.tally(found)
    if counted.applied - counted.undone <= 0:
        return _("This import changed nothing that could be undone.")
    return None


def what_undo_does(found: DataImport, access: Access) -> str:
    """What undoing does, in numbers."""
    counted = selectors.tally(found)
    count = counted.applied - counted.undone
    return ngettext(
        "%(count)s record is put back as it was, unless somebody changed or used it since.",
        "%(count)s records are put back as they were, except those that somebody changed or used"
        " since.",
        count,
    ) % {"count": count}
