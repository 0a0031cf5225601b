"""How logs are written: one line for each event, with the request or job that it belongs to.

On a terminal for people, elsewhere as JSON for machines (``LOG_FORMAT=console|json`` chooses). What is
below ``LOG_LEVEL`` (info) is not made at all. Tracebacks never show the values of variables:
structlog's own default would, passwords and codes among them. Lines of libraries take the same form;
whatever is written while a request or a job is under way carries its number.
"""

import logging
import sys
from typing import Any

import structlog
from environs import Env
from structlog.stdlib import ProcessorFormatter

_env = Env()

LEVEL = logging.getLevelNamesMapping()[_env.str("LOG_LEVEL", "INFO").upper()]
FORMAT = _env.str("LOG_FORMAT", "console" if sys.stderr.isatty() else "json")

# One line for each request, at its end: method, address without its question, status.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG

_FINISH: dict[str, list[Any]] = {
    "console": [
        structlog.processors.TimeStamper(fmt="%H:%M:%S", utc=False),
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ],
    "json": [
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
        structlog.processors.JSONRenderer(ensure_ascii=False),
    ],
}


def _number_of_request(
    _logger: object, _name: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Django tells of a bad answer after the request has ended; its number still stands on it."""
    request = getattr(event.get("_record"), "request", None)
    if number := getattr(request, "log_id", ""):
        event.setdefault("request_id", number)
    return event


structlog.configure(
    processors=[
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.StackInfoRenderer(),
        structlog.dev.set_exc_info,
        *_FINISH[FORMAT],
    ],
    wrapper_class=structlog.make_filtering_bound_logger(LEVEL),
)

_LEVEL_NAME = logging.getLevelName(LEVEL)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": ProcessorFormatter,
            "processors": [ProcessorFormatter.remove_processors_meta, *_FINISH[FORMAT]],
            "foreign_pre_chain": [
                structlog.contextvars.merge_contextvars,
                structlog.stdlib.add_log_level,
                structlog.stdlib.add_logger_name,
                _number_of_request,
            ],
        }
    },
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"}},
    # Libraries only when something is wrong; ours, Django's and Celery's as LOG_LEVEL says.
    "root": {"handlers": ["lines"], "level": max(LEVEL, logging.WARNING)},
    "loggers": {
        **{name: {"level": _LEVEL_NAME} for name in ("backoffice", "hr", "demo", "celery")},
        "django": {"level": _LEVEL_NAME, "handlers": [], "propagate": True},
        # What was refused stands in the line of its request; here only faults are told.
        "django.request": {"level": max(LEVEL, logging.ERROR)},
    },
}
