"""Work that takes longer than a request: PostgreSQL knows all of it, Redis only hints at it."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.files.models import StoredFile
from backoffice.organization.models import CompanyOwned


class JobState(models.TextChoices):
    """Where a job stands; the first two are alive, the others final until somebody retries."""

    PENDING = "pending", _("Waiting")
    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    DONE_WITH_ERRORS = "done_with_errors", _("Done with errors")
    CANCELLED = "cancelled", _("Cancelled")
    FAILED = "failed", _("Failed")


ALIVE = (JobState.PENDING, JobState.RUNNING)


class Job(CompanyOwned):
    """One row is one piece of long work that somebody started, with the circumstances of its start.

    How much is done is read from the chunks and never stored twice. ``stop_requested_at`` is the flag
    that each chunk reads before it starts; with a ``stop_code`` the job stops as failed, without one
    as cancelled. ``round`` counts the tries of the whole job: one more at each retry by a person.
    """

    kind = models.CharField(_("kind"), max_length=80)
    title = models.CharField(_("title"), max_length=200)
    params = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=16, choices=JobState, default=JobState.PENDING)
    total = models.PositiveIntegerField(_("items"))
    round = models.PositiveSmallIntegerField(default=1)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("started by"),
    )
    on_behalf_of_id = models.BigIntegerField(null=True)
    token_id = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    target_type = models.CharField(max_length=80, blank=True)
    target_id = models.BigIntegerField(null=True)
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    stop_requested_at = models.DateTimeField(null=True)
    stop_requested_by_id = models.BigIntegerField(null=True)
    stop_code = models.CharField(max_length=80, blank=True)
    stop_message = models.TextField(blank=True)

    class Meta:
        db_table = "backoffice_job"
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes: ClassVar = [
            models.Index(fields=["company", "-id"], name="job_of_company"),
            models.Index(fields=["started_by", "-id"], name="job_of_person"),
            models.Index(fields=["target_type", "target_id"], name="job_of_target"),
            models.Index(fields=["id"], condition=Q(state__in=ALIVE), name="job_alive"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=JobState.values),
                name="job_state_known",
                violation_error_message=_("A job does not have this state."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ALIVE, finished_at__isnull=True)
                | (~Q(state__in=ALIVE) & Q(finished_at__isnull=False)),
                name="job_finished_at_iff_finished",
                violation_error_message=_("A job has an end if and only if it is finished."),
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.CANCELLED) | Q(stop_requested_at__isnull=False),
                name="job_cancelled_by_request",
                violation_error_message=_("A job is only cancelled when somebody asked for it."),
            ),
            models.CheckConstraint(
                condition=~Q(state=JobState.FAILED) | ~Q(stop_message=""),
                name="job_failed_says_why",
                violation_error_message=_("A failed job says why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The address of the job's page."""
        return reverse("jobs:detail", args=[self.pk])

    @property
    def is_alive(self) -> bool:
        """Whether work is still to be done."""
        return self.state in ALIVE

    @property
    def is_stopping(self) -> bool:
        """Whether no further chunk may start."""
        return self.stop_requested_at is not None


class ChunkState(models.TextChoices):
    """Where a chunk stands; being worked on is a row lock, not a state, so that no death forgets it."""

    PENDING = "pending", _("Waiting")
    DONE = "done", _("Done")
    POISONED = "poisoned", _("Set aside")
    CANCELLED = "cancelled", _("Cancelled")


class JobChunk(models.Model):
    """One row is one part of a job, done in one transaction by whoever locks the row.

    ``waiting_since`` is when it last became pending; ``hinted_at`` is when workers were last told of
    it: the sweeper tells them again.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="chunks")
    seq = models.PositiveIntegerField(_("part"))
    payload = models.JSONField()
    state = models.CharField(
        _("state"), max_length=10, choices=ChunkState, default=ChunkState.PENDING
    )
    done = models.PositiveIntegerField(_("done"), default=0)
    code = models.CharField(max_length=80, blank=True)
    message = models.TextField(_("reason"), blank=True)
    waiting_since = models.DateTimeField(db_default=Now())
    hinted_at = models.DateTimeField(db_default=Now())
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "backoffice_job_chunk"
        verbose_name = _("part of a job")
        verbose_name_plural = _("parts of jobs")
        indexes: ClassVar = [
            models.Index(
                fields=["hinted_at"],
                condition=Q(state=ChunkState.PENDING),
                name="job_chunk_pending",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["job", "seq"],
                name="job_chunk_once",
                violation_error_message=_("The job already has this part."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=ChunkState.values),
                name="job_chunk_state_known",
                violation_error_message=_("A part of a job does not have this state."),
            ),
            models.CheckConstraint(
                condition=Q(state=ChunkState.PENDING, finished_at__isnull=True)
                | (~Q(state=ChunkState.PENDING) & Q(finished_at__isnull=False)),
                name="job_chunk_finished_at_iff_finished",
                violation_error_message=_("A part has an end if and only if it is finished."),
            ),
            models.CheckConstraint(
                condition=Q(state=ChunkState.DONE) | Q(done=0),
                name="job_chunk_counts_when_done",
                violation_error_message=_("Only a finished part counts its items."),
            ),
            models.CheckConstraint(
                condition=~Q(state=ChunkState.POISONED) | ~Q(message=""),
                name="job_chunk_set_aside_says_why",
                violation_error_message=_("A part that was set aside says why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.job_id}/{self.seq}"


class Outcome(models.TextChoices):
    """How an attempt ended."""

    RUNNING = "running", _("Running")
    DONE = "done", _("Done")
    FAULT = "fault", _("Fault")
    REFUSED = "refused", _("Refused")
    LOST = "lost", _("Worker lost")
    OVERTAKEN = "overtaken", _("Done by another worker")
    STOPPED = "stopped", _("Stopped")


class JobAttempt(models.Model):
    """One row is one attempt at a chunk (or, without a chunk, at the end of a job).

    It is committed before the work starts, so that a worker that dies has left a trace to count.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="attempts")
    chunk = models.ForeignKey(
        JobChunk, on_delete=models.CASCADE, null=True, related_name="attempts"
    )
    round = models.PositiveSmallIntegerField()
    worker = models.CharField(_("worker"), max_length=200)
    outcome = models.CharField(
        _("outcome"), max_length=10, choices=Outcome, default=Outcome.RUNNING
    )
    traceback = models.TextField(blank=True)
    started_at = models.DateTimeField(_("started at"), db_default=Now())
    ended_at = models.DateTimeField(_("ended at"), null=True)

    class Meta:
        db_table = "backoffice_job_attempt"
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values),
                name="job_attempt_outcome_known",
                violation_error_message=_("An attempt does not end this way."),
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.RUNNING, ended_at__isnull=True)
                | (~Q(outcome=Outcome.RUNNING) & Q(ended_at__isnull=False)),
                name="job_attempt_ended_at_iff_ended",
                violation_error_message=_("An attempt has an end if and only if it ended."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.chunk_id or self.job_id}: {self.outcome}"


class JobHeartbeat(models.Model):
    """One row is how far the running attempt at a chunk has come, committed apart from its work.

    Written on a second connection; unlogged (``migrations/sql/jobs.sql``), because a crash of the
    server makes it meaningless. The database does not check the reference: that would only cost.
    """

    chunk = models.OneToOneField(
        JobChunk,
        on_delete=models.CASCADE,
        primary_key=True,
        db_constraint=False,
        related_name="heartbeat",
    )
    done = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        db_table = "backoffice_job_heartbeat"
        verbose_name = _("progress inside a part")
        verbose_name_plural = _("progress inside parts")

    @override
    def __str__(self) -> str:
        return f"{self.chunk_id}: {self.done}"


class JobItemError(models.Model):
    """One row is one item that could not be done, with the reason, while its chunk went on.

    ``resolved_at`` is set when the item was tried again, here or elsewhere.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="item_errors")
    chunk = models.ForeignKey(JobChunk, on_delete=models.CASCADE, related_name="item_errors")
    key = models.CharField(max_length=100)
    label = models.CharField(_("item"), max_length=200)
    code = models.CharField(max_length=80)
    message = models.TextField(_("reason"))
    resolved_at = models.DateTimeField(_("resolved at"), null=True)

    class Meta:
        db_table = "backoffice_job_item_error"
        verbose_name = _("item with an error")
        verbose_name_plural = _("items with errors")
        indexes: ClassVar = [
            models.Index(
                fields=["job"], condition=Q(resolved_at__isnull=True), name="job_item_error_open"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chunk", "key"],
                name="job_item_error_once",
                violation_error_message=_("An item fails with one reason."),
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(message=""),
                name="job_item_error_says_why",
                violation_error_message=_("A failed item says why."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.label}: {self.message}"


class JobResult(CompanyOwned):
    """One row is the file that a job made for the person who started it, until it expires."""

    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="result")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("file name"), max_length=150)
    expires_at = models.DateTimeField(_("kept until"))

    class Meta:
        db_table = "backoffice_job_result"
        verbose_name = _("result of a job")
        verbose_name_plural = _("results of jobs")

    @override
    def __str__(self) -> str:
        return self.name


class WorkerBeat(models.Model):
    """One row is the last sign of life of one worker process, or of the scheduler."""

    name = models.CharField(_("name"), max_length=200, unique=True)
    queues = ArrayField(models.CharField(max_length=40), default=list)
    at = models.DateTimeField(_("last sign of life"))

    class Meta:
        db_table = "backoffice_worker_beat"
        verbose_name = _("sign of life")
        verbose_name_plural = _("signs of life")

    @override
    def __str__(self) -> str:
        return self.name
