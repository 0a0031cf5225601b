"""What the doctor looks at; each probe answers with a finding and never raises."""

import datetime as dt
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import redis
from django.conf import settings
from django.db import Error, ProgrammingError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext_lazy as _

from backoffice.audit.verification import has_overdue
from backoffice.database.grants import protected_tables
from backoffice.doctor import rules
from backoffice.doctor.rules import Finding, Level
from backoffice.jobs.selectors import living, oldest_pending_age
from backoffice.jobs.tasks import SCHEDULER
from backoffice.outbox.registry import CONSUMERS
from backoffice.search.selectors import lag
from backoffice.secrets.selectors import closed_for_ever

WORK_GOES_ON = dt.timedelta(minutes=2)
OLDEST_SERVER = 170000
WARNED_LATE_DAYS = 5
MOST_COUNTED = 100_000


def examine(at: dt.datetime) -> list[Finding]:
    """All findings; those that need the database or its tables are left out without them.

    Args:
        at: This machine's time, to compare with the database's.
    """
    stages: list[list[Callable[[], Finding]]] = [
        [broker, free_disk, database],
        [roles, lambda: clock(at), migrations],
        [
            *(workers, scheduler, jobs, set_aside, outbox, events_set_aside, webhooks, search),
            *(secrets, lambda: certificates(at), lambda: audit(at), lambda: expiry(at)),
        ],
    ]
    findings: list[Finding] = []
    for stage in stages:
        findings += [_safely(probe) for probe in stage]
        if findings[-1].level is Level.PROBLEM:
            break
    return findings


def _safely(probe: Callable[[], Finding]) -> Finding:
    """The finding, or the error as one."""
    try:
        return probe()
    except (Error, redis.RedisError, OSError) as error:
        name = probe.__name__.strip("<>")
        return Finding(name, Level.PROBLEM, str(error).strip().split("\n", 1)[0])


def database() -> Finding:
    """Whether PostgreSQL answers, and is new enough."""
    version, words = _row("SELECT current_setting('server_version_num')::int, version()")
    level = Level.OK if int(str(version)) >= OLDEST_SERVER else Level.PROBLEM
    return Finding("database", level, " ".join(str(words).split()[:2]))


def audit(at: dt.datetime) -> Finding:
    """Whether events are sealed in time, and the seals kept outside the database as well."""
    if has_overdue(at):
        return Finding("audit", Level.PROBLEM, _("Events wait for more than an hour to be sealed."))
    if settings.AUDIT_HEADS_FILE is None:
        text = _("The heads of sealed blocks are kept nowhere else: set AUDIT_HEADS_FILE.")
        return Finding("audit", Level.WARNING, text)
    return Finding("audit", Level.OK, str(settings.AUDIT_HEADS_FILE))


def roles() -> Finding:
    """Whether the product runs under a role that cannot change the schema or the logs."""
    (mighty,) = _row(
        """
        SELECT rolsuper OR rolcreaterole OR rolbypassrls
            OR has_schema_privilege('public', 'CREATE')
            OR EXISTS (SELECT FROM pg_class
                        WHERE relnamespace = 'public'::regnamespace AND relowner = pg_roles.oid)
          FROM pg_roles WHERE rolname = current_user
        """
    )
    if mighty:
        message = str(
            _("DATABASE_URL names a role that may change the schema; use the role `app`.")
        )
        return Finding("roles", Level.PROBLEM, message)
    unguarded = [name for name, rights in protected_tables().items() if _may_more(name, rights)]
    if unguarded:
        message = _("These tables can be changed more than they may; run `migrate`: %(names)s.") % {
            "names": ", ".join(unguarded)
        }
        return Finding("roles", Level.PROBLEM, message, len(unguarded))
    return Finding("roles", Level.OK, _("The role can change rows and nothing else."))


def _may_more(table: str, declared: str) -> bool:
    """Whether the role may delete from or empty a table whose declaration does not say so."""
    (granted,) = _row(
        "SELECT has_table_privilege(c.oid, 'TRUNCATE')"
        " OR (has_table_privilege(c.oid, 'DELETE') AND NOT %(deletes)s)"
        " FROM (SELECT to_regclass(%(table)s) AS oid) AS c",
        {"deletes": "DELETE" in declared, "table": table},
    )
    return bool(granted)


def migrations() -> Finding:
    """Whether the schema is the one that this version of the program expects."""
    try:
        missing = pending_migrations()
    except ProgrammingError:
        return Finding("migrations", Level.PROBLEM, _("The database is empty; run `migrate`."))
    if missing:
        message = _("Migrations are missing; run `migrate`: %(names)s.") % {
            "names": ", ".join(f"{app}.{name}" for app, name in missing[:5])
        }
        return Finding("migrations", Level.PROBLEM, message, len(missing))
    return Finding("migrations", Level.OK, _("All migrations are applied."), 0)


def pending_migrations() -> list[tuple[str, str]]:
    """Migrations of this version of the program that the database does not have; one query.

    Raises:
        Error: The database does not answer, or is empty.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT app, name FROM django_migrations")
        applied = set(cursor.fetchall())
    return sorted(
        key
        for key, replaced in _migrations_on_disk().items()
        if key not in applied and not (replaced and replaced <= applied)
    )


@cache
def _migrations_on_disk() -> Mapping[tuple[str, str], set[tuple[str, str]]]:
    """Every migration with those that it replaces; files do not change while a process lives."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {key: set(found.replaces) for key, found in loader.disk_migrations.items()}


def clock(at: dt.datetime) -> Finding:
    """Whether this machine and the database agree about the time."""
    (theirs,) = _row("SELECT clock_timestamp()")
    if not isinstance(theirs, dt.datetime):
        raise TypeError(theirs)
    return rules.clock(theirs - at)


def broker() -> Finding:
    """Whether Redis answers; without it work is delayed and never lost, so it only warns."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            client.ping()
    except (redis.RedisError, OSError) as error:
        message = _("Redis does not answer; jobs wait for the next sweep: %(error)s") % {
            "error": error
        }
        return Finding("broker", Level.WARNING, message)
    return Finding("broker", Level.OK, _("Redis answers."))


def workers() -> Finding:
    """Whether every queue has a living worker."""
    found = [beat for beat in living(within=rules.WORKER_SILENT) if beat.name != SCHEDULER]
    served = {queue for beat in found for queue in beat.queues}
    return rules.workers(served, settings.QUEUES, len(found))


def scheduler() -> Finding:
    """Whether the sweep came through scheduler, broker and worker in the last minute."""
    if living(within=rules.WORKER_SILENT).filter(name=SCHEDULER).exists():
        return Finding("scheduler", Level.OK, _("The scheduler sends, and workers hear it."))
    message = _("The scheduler has not been heard for a minute. Start `celery beat`.")
    return Finding("scheduler", Level.PROBLEM, message)


def jobs() -> Finding:
    """How long the oldest unfinished job waits."""
    (recent,) = _row(
        "SELECT EXISTS (SELECT FROM backoffice_job_attempt"
        " WHERE started_at > now() - %(since)s OR ended_at > now() - %(since)s)",
        {"since": WORK_GOES_ON},
    )
    return rules.pending_jobs(oldest_pending_age(), work_goes_on=bool(recent))


def set_aside() -> Finding:
    """Whether parts of jobs wait for a person because they failed again and again."""
    (count,) = _row("SELECT count(*) FROM backoffice_job_chunk WHERE state = 'poisoned'")
    level = Level.WARNING if count else Level.OK
    message = _("Parts of jobs set aside after repeated failure: %(count)d.") % {"count": count}
    return Finding("set_aside", level, message, int(str(count)))


def outbox() -> Finding:
    """How far the slowest consumer of events is behind."""
    waiting, oldest = _row(
        """
        SELECT count(*), coalesce(clock_timestamp() - min(waiting.at), interval '0')
          FROM (SELECT epoch, xid, event_id FROM backoffice_outbox_position
                 WHERE consumer = ANY(%(consumers)s) ORDER BY 1, 2, 3 LIMIT 1) AS slowest
          CROSS JOIN LATERAL (
               SELECT at FROM backoffice_event event
                WHERE (event.epoch, event.xid, event.id)
                    > (slowest.epoch, slowest.xid::text::xid8, slowest.event_id)
                LIMIT %(most)s) AS waiting
        """,
        {"consumers": list(CONSUMERS), "most": MOST_COUNTED},
    )
    assert isinstance(oldest, dt.timedelta)  # noqa: S101  as the statement says
    return rules.outbox(int(str(waiting)), oldest)


def events_set_aside() -> Finding:
    """Whether a consumer gave up on events that a person must look at."""
    (count,) = _row("SELECT count(*) FROM backoffice_outbox_set_aside")
    level = Level.WARNING if count else Level.OK
    message = _("Events that a consumer set aside after repeated failure: %(count)d.") % {
        "count": count
    }
    return Finding("events_set_aside", level, message, int(str(count)))


def webhooks() -> Finding:
    """Whether other systems were not told in the last day although every attempt was made."""
    (count,) = _row(
        "SELECT count(*) FROM backoffice_webhook_delivery"
        " WHERE state = 'failed' AND event_at > now() - interval '3 days'"
    )
    level = Level.WARNING if count else Level.OK
    message = _("Deliveries to other systems that failed for good in three days: %(count)d.") % {
        "count": count
    }
    return Finding("webhooks", level, message, int(str(count)))


def secrets() -> Finding:
    """Whether every secret opens with the keys of this installation."""
    closed = closed_for_ever()
    if not closed:
        return Finding("secrets", Level.OK, _("Every secret opens with the present keys."), 0)
    message = _("Secrets that none of SECRETS_KEYS opens: %(names)s.") % {
        "names": ", ".join(f"{secret.company_id}/{secret.name}" for secret in closed[:5])
    }
    return Finding("secrets", Level.PROBLEM, message, len(closed))


def certificates(at: dt.datetime) -> Finding:
    """When the first installed certificate ends that none replaces."""
    (ends,) = _row(
        "SELECT min(last) FROM (SELECT max(valid_to) AS last FROM backoffice_certificate"
        " WHERE removed_at IS NULL GROUP BY company_id, cnpj) AS each"
    )
    if not isinstance(ends, dt.datetime):
        return Finding("certificates", Level.OK, _("No certificate is installed."))
    return rules.certificates((ends - at).days)


def search() -> Finding:
    """How far what can be found is behind the records."""
    waiting, seconds = lag()
    return rules.search(waiting, dt.timedelta(seconds=seconds))


def expiry(at: dt.datetime) -> Finding:
    """When somebody was last warned of what expires; five days are a long weekend."""
    (last,) = _row(
        "SELECT max(run.ended_at) FROM backoffice_schedule_run run"
        " JOIN backoffice_schedule schedule ON schedule.id = run.schedule_id"
        " WHERE schedule.duty = 'backoffice.expiry.warn' AND run.state = 'done'"
    )
    if not isinstance(last, dt.datetime):
        return Finding("expiry", Level.OK, _("Nobody has been warned of what expires yet."))
    days = (at - last).days
    level = Level.WARNING if days >= WARNED_LATE_DAYS else Level.OK
    message = _("People were last warned of what expires %(days)d days ago.") % {"days": days}
    return Finding("expiry", level, message, days)


def free_disk() -> Finding:
    """How much room is left where this program writes."""
    usage = shutil.disk_usage(settings.BASE_DIR)
    return rules.disk(str(settings.BASE_DIR), usage.free, usage.total)


def _row(statement: str, parameters: dict[str, Any] | None = None) -> tuple[object, ...]:
    """The only row of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return tuple(cursor.fetchone())
