"""How long the rows of imports are kept: they hold what people sent, and nobody needs it for ever."""

import datetime as dt

from backoffice.exchange.models import ImportRow

KEEP_DAYS = 90


def forget_rows(*, at: dt.datetime) -> int:
    """Forget the rows of imports that are older than ``KEEP_DAYS``; what they did stays.

    Returns:
        How many rows went.
    """
    before = at - dt.timedelta(days=KEEP_DAYS)
    return ImportRow.objects.filter(data_import__created_at__lt=before).delete()[0]
