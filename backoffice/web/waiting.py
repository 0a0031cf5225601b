"""What waits for one person, for the home page: approvals to settle, and their own jobs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.identity.rules import Access
from backoffice.jobs.models import ALIVE, Job, JobState
from backoffice.jobs.rules import Progress
from backoffice.jobs.selectors import RECENT, progress_of, visible_jobs, with_counts
from backoffice.web.home import Context
from backoffice.work.models import Approval
from backoffice.work.registry import APPROVALS, ApprovalKind
from backoffice.work.selectors import waiting_for

if TYPE_CHECKING:
    from backoffice.work.rules import Label

SHOWN = 10
JOBS_SHOWN = 5
TONES = {
    JobState.RUNNING: "progress",
    JobState.DONE: "success",
    JobState.DONE_WITH_ERRORS: "warning",
    JobState.FAILED: "danger",
}


@dataclass(frozen=True)
class Waiting:
    """A request for approval with what its voter must see before deciding."""

    approval: Approval
    kind: ApprovalKind

    @property
    def url(self) -> str:
        """The page of the document."""
        return self.kind.url(self.approval.document_id)

    @property
    def summary(self) -> "Sequence[tuple[Label, Label]]":
        """The numbers: pairs of label and text."""
        return self.kind.summary(self.approval.content)


def approvals_section(request: HttpRequest) -> Context | None:
    """The approvals that this person can settle now; None when there are none."""
    found = waiting_for(request.access)  # type: ignore[attr-defined]
    if not found:
        return None
    rows = [Waiting(each, APPROVALS[each.permission]) for each in found[:SHOWN]]
    return {
        "count": len(found),
        "rows": rows,
        "link_url": reverse("backoffice.approvals"),
        "link_label": _("All approvals"),
    }


def jobs_section(request: HttpRequest) -> Context | None:
    """The person's own jobs that run, or ended a little while ago; None when there are none."""
    access: Access = request.access  # type: ignore[attr-defined]
    now = timezone.now()
    mine = visible_jobs(access).filter(started_by_id=access.user_id)
    recent = mine.filter(finished_at=None) | mine.filter(finished_at__gte=now - RECENT)
    jobs = [_as_row(job, progress_of(job, now=now)) for job in with_counts(recent)[:JOBS_SHOWN]]
    return {"jobs": jobs} if jobs else None


def _as_row(job: Job, progress: Progress) -> dict[str, object]:
    return {
        "title": job.title,
        "url": job.get_absolute_url(),
        "state": job.get_state_display(),
        "tone": TONES.get(JobState(job.state), "neutral"),
        "runs": job.state in ALIVE,
        "progress": progress,
    }
