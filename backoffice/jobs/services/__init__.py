"""Start, do, finish, stop and repeat long work."""

from backoffice.jobs.services.attempts import ATTEMPT_GRACE
from backoffice.jobs.services.beats import record_beat
from backoffice.jobs.services.control import cancel_job, resolve_item_errors, retry_failed
from backoffice.jobs.services.creation import create_job
from backoffice.jobs.services.draining import run_pending
from backoffice.jobs.services.finishing import finish_if_complete
from backoffice.jobs.services.housekeeping import ensure_partitions
from backoffice.jobs.services.items import each_item
from backoffice.jobs.services.results import keep_result
from backoffice.jobs.services.retention import (
    forget_old_jobs,
    forget_old_runs,
    forget_sessions,
)
from backoffice.jobs.services.running import run_chunk
from backoffice.jobs.services.schedules import (
    change_schedule,
    create_schedule,
    next_runs,
    pause_schedule,
    resume_schedule,
    run_schedule_now,
)
from backoffice.jobs.services.scheduling import TickReport, run_due, run_duty, tick
from backoffice.jobs.services.sweeping import SweepReport, sweep

__all__ = [
    "ATTEMPT_GRACE",
    "SweepReport",
    "TickReport",
    "cancel_job",
    "change_schedule",
    "create_job",
    "create_schedule",
    "each_item",
    "ensure_partitions",
    "finish_if_complete",
    "forget_old_jobs",
    "forget_old_runs",
    "forget_sessions",
    "keep_result",
    "next_runs",
    "pause_schedule",
    "record_beat",
    "resolve_item_errors",
    "resume_schedule",
    "retry_failed",
    "run_chunk",
    "run_due",
    "run_duty",
    "run_pending",
    "run_schedule_now",
    "sweep",
    "tick",
]
