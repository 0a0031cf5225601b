"""Take away bytes that nobody needs any more."""

import datetime as dt

from backoffice.files import storage
from backoffice.files.models import StoredFile
from backoffice.files.selectors import due_for_removal
from backoffice.organization.models import Company

ORPHANS_AFTER = dt.timedelta(days=1)


def sweep_files(*, at: dt.datetime) -> tuple[int, int]:
    """Take away the bytes of files whose time is over, and bytes that no row tells of.

    Bytes go first and the row follows: interrupted between the two, the next sweep does it again.

    Returns:
        How many files were removed, and how many orphans.
    """
    removed = orphans = 0
    for file in due_for_removal(at).iterator(chunk_size=500):
        storage.remove(file.company_id, file.key)
        StoredFile.objects.filter(pk=file.pk).update(removed_at=at)
        removed += 1
    for company_id in Company.objects.values_list("pk", flat=True):
        keys = StoredFile.objects.filter(company_id=company_id, removed_at__isnull=True)
        known = frozenset(str(key) for key in keys.values_list("key", flat=True))
        for name in storage.strangers(company_id, known, before=at - ORPHANS_AFTER):
            storage.remove_named(company_id, name)
            orphans += 1
    return removed, orphans
