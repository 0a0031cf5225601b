"""How logs are written: one line for each event, with the request or job that it belongs to.

On a terminal for people, elsewhere as JSON for machines (``LOG_FORMAT=console|json`` chooses). What is
below ``LOG_LEVEL`` (info) is not made at all. Tracebacks never show the values of variables:
structlog's own default would, passwords and codes among them.
"""

import logging
import sys
from typing import Any

import structlog
from environs import Env

_env = Env()

LEVEL = logging.getLevelNamesMapping()[_env.str("LOG_LEVEL", "INFO").upper()]
FORMAT = _env.str("LOG_FORMAT", "console" if sys.stderr.isatty() else "json")

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
