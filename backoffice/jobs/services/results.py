"""The file that a job makes for whoever started it."""

import datetime as dt
from typing import IO

from django.conf import settings

from backoffice.commands import Context, step
from backoffice.files.services import discard, keep_own
from backoffice.jobs.models import Job, JobResult


@step
def keep_result(
    ctx: Context, *, job_id: int, stream: IO[bytes], name: str, content_type: str
) -> JobResult:
    """Keep what a job made; an earlier result of the same job makes way.

    Only the person who started the job gets it, for JOB_RESULT_DAYS days.

    Args:
        ctx: Of the chunk.
        job_id: The job.
        stream: The file; it is read from its beginning.
        name: Under which it is saved.
        content_type: What it is.

    Raises:
        InvalidInput: ``file_quota``: the company has no room left.
    """
    job = Job.objects.select_for_update(no_key=True).get(pk=job_id, company_id=ctx.company)
    end = ctx.at + dt.timedelta(days=settings.JOB_RESULT_DAYS)
    before = JobResult.objects.filter(job=job).select_related("file").first()
    file = keep_own(ctx, stream, content_type=content_type)
    discard(ctx, file, at=end)
    if before is not None:
        discard(ctx, before.file)
    given = {"company_id": ctx.company, "file": file, "name": name, "expires_at": end}
    result, _made = JobResult.objects.update_or_create(job=job, defaults=given)
    return result
