"""Makes commands and kinds of job of this folder known."""

from backoffice.exchange import services, tasks

__all__ = ["services", "tasks"]
