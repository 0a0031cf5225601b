"""A job as pages show it: words for its state, pace and remaining time."""

import datetime as dt
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backoffice.jobs.models import Job, JobState
from backoffice.jobs.registry import KINDS
from backoffice.jobs.rules import Progress
from backoffice.jobs.selectors import progress_of

TONES = {
    JobState.PENDING: "neutral",
    JobState.RUNNING: "progress",
    JobState.DONE: "success",
    JobState.DONE_WITH_ERRORS: "warning",
    JobState.CANCELLED: "neutral",
    JobState.FAILED: "danger",
}


@dataclass(frozen=True, slots=True)
class ShownJob:
    """One job with everything that a list row, the tray or its page says about it."""

    job: Job
    progress: Progress

    @property
    def state(self) -> str:
        """The state in words; a living job that was told to stop is being cancelled."""
        if self.job.is_alive and self.job.is_stopping:
            return _("Being cancelled")
        return str(JobState(self.job.state).label)

    @property
    def tone(self) -> str:
        """The colour of the state."""
        return TONES[JobState(self.job.state)]

    @property
    def pace(self) -> str:
        """Items per minute in words; empty while it cannot be told."""
        count = self.progress.per_minute
        if not count:
            return ""
        return ngettext("%(count)d per minute", "%(count)d per minute", count) % {"count": count}

    @property
    def remaining(self) -> str:
        """Remaining time in words; empty when there is none or it cannot be told."""
        left = self.progress.remaining
        return "" if left is None or not self.job.is_alive else duration(left)

    @property
    def remaining_seconds(self) -> int | None:
        """Remaining time as a number; None when there is none or it cannot be told."""
        left = self.progress.remaining
        return None if left is None or not self.job.is_alive else round(left.total_seconds())

    @property
    def duration(self) -> str:
        """How long a finished job took; empty for one that never started."""
        if self.job.started_at is None or self.job.finished_at is None:
            return ""
        return duration(self.job.finished_at - self.job.started_at)

    @property
    def target_url(self) -> str:
        """Address of the record that the job is about; empty when it has no page."""
        kind = KINDS.get(self.job.kind)
        if kind is None or kind.target_url is None or self.job.target_id is None:
            return ""
        return kind.target_url(self.job.target_id)

    @property
    def kind(self) -> str:
        """What such jobs are called."""
        kind = KINDS.get(self.job.kind)
        return str(kind.title) if kind else self.job.kind


def show(job: Job, *, now: dt.datetime) -> ShownJob:
    """A job from ``with_counts`` as pages show it."""
    return ShownJob(job, progress_of(job, now=now))


def duration(time: dt.timedelta) -> str:
    """A time in its largest unit, rounded up: "40 seconds", "3 minutes", "2 hours"."""
    seconds = max(1, -(-time // dt.timedelta(seconds=1)))
    if seconds < 60:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes < 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = -(-minutes // 60)
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def item_url(job: Job, key: str) -> str:
    """Where to look at an item of a job; empty when its kind does not say."""
    kind = KINDS.get(job.kind)
    return kind.item_url(job, key) if kind is not None and kind.item_url is not None else ""
