"""Long work and duties in a rhythm: PostgreSQL knows all of it, Redis only hints at it."""

from backoffice.jobs.models.schedules import RunState, Schedule, ScheduleRun
from backoffice.jobs.models.work import (
    ALIVE,
    ChunkState,
    Job,
    JobAttempt,
    JobChunk,
    JobHeartbeat,
    JobItemError,
    JobResult,
    JobState,
    Outcome,
    WorkerBeat,
)

__all__ = [
    "ALIVE",
    "ChunkState",
    "Job",
    "JobAttempt",
    "JobChunk",
    "JobHeartbeat",
    "JobItemError",
    "JobResult",
    "JobState",
    "Outcome",
    "RunState",
    "Schedule",
    "ScheduleRun",
    "WorkerBeat",
]
