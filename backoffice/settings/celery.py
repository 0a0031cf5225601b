"""Celery: JSON messages that are only hints, and limits that hold for every task.

What must not be lost stands in PostgreSQL (``backoffice.jobs``); Redis may be emptied at any time.
The address of the broker (``CELERY_BROKER_URL``) is set with the other addresses, by environment.
"""

from typing import Any

from environs import Env

env = Env()

# Chunks told again when nobody took them for so long; looked for in this rhythm.
JOBS_HINT_AGAIN_SECONDS = env.int("JOBS_HINT_AGAIN_SECONDS", 15)
JOBS_SWEEP_SECONDS = env.int("JOBS_SWEEP_SECONDS", 10)
OUTBOX_PUMP_SECONDS = env.int("OUTBOX_PUMP_SECONDS", 5)
SEARCH_RENEW_SECONDS = env.int("SEARCH_RENEW_SECONDS", 3)
# Ended jobs are deleted after so many days; what they did stays.
JOBS_KEEP_DAYS = env.int("JOBS_KEEP_DAYS", 180)

CELERY_TASK_SERIALIZER = "json"
CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = "UTC"

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # would deliver a deadly message for ever

# Queues are addressed directly, without an exchange: its bindings live in Redis and could be lost.
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_CREATE_MISSING_QUEUES = True
# run_chunk and finish_job go to the queue of their job's kind; what the scheduler sends goes here.
CELERY_TASK_ROUTES = {"backoffice.*": {"queue": "default"}}
QUEUES = ("payroll", "reports", "mail", "default")

# Both limits below the visibility timeout, after which Redis would deliver a running task again.
CELERY_TASK_SOFT_TIME_LIMIT = 25 * 60
CELERY_TASK_TIME_LIMIT = 30 * 60
VISIBILITY_TIMEOUT = 60 * 60

# A worker takes a message when a process is free and holds none in advance. The multiplier 1 nearly
# says the same, but counts acknowledgements: those that fail while Redis is away are never made up
# for, and a worker that lost as many as it has processes waits for ever. This counts running tasks.
CELERY_WORKER_DISABLE_PREFETCH = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 0
CELERY_WORKER_MAX_TASKS_PER_CHILD = 1_000
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 60
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False  # nothing here listens to commands through Redis
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None

CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, Any] = {
    "visibility_timeout": VISIBILITY_TIMEOUT,
    "socket_keepalive": True,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    "health_check_interval": 25,
    # A person waits while a hint is sent: one try, then the sweeper does it.
    "max_retries": 0,
}

# The last connection of a task is kept for the next; tasks check it before they use it.
CELERY_DB_REUSE_MAX = 10_000

CELERY_BEAT_SCHEDULER = (
    "celery.beat:Scheduler"  # keeps nothing on disk: every task is harmless twice
)
# Schedules stand in the database; the sweep looks at them. Here is only what beats faster.
CELERY_BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "sweep": {
        "task": "backoffice.jobs.sweep",
        "schedule": JOBS_SWEEP_SECONDS,
        "options": {"expires": JOBS_SWEEP_SECONDS * 3},
    },
    "tell webhooks": {
        "task": "backoffice.integration.pump",
        "schedule": OUTBOX_PUMP_SECONDS,
        "options": {"expires": OUTBOX_PUMP_SECONDS},
    },
    "renew the search": {
        "task": "backoffice.search.catch_up",
        "schedule": SEARCH_RENEW_SECONDS,
        "options": {"expires": SEARCH_RENEW_SECONDS},
    },
    "tell people": {
        "task": "backoffice.notifications.tell",
        "schedule": 15,
        "options": {"expires": 15},
    },
}
