"""What the database needs done regularly."""

import datetime as dt

from django.db import connection

PARTITIONED_LOGS = ("backoffice_event", "backoffice_read_log", "backoffice_work_event")


def ensure_partitions(*, on: dt.date) -> int:
    """Make the missing monthly partitions of all logs, from the month of ``on`` to three months later.

    Returns:
        How many were made.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(backoffice_ensure_partitions(log, %s)) FROM unnest(%s::text[]) AS log",
            [on, list(PARTITIONED_LOGS)],
        )
        return int(cursor.fetchone()[0])
