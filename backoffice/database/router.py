"""The aliases `default`, `owner` and `reader` are one database seen by three roles."""

from django.db.models import Model


class SameDatabaseRouter:
    """Let objects that were read under one role refer to objects read under another."""

    def allow_relation(self, _one: Model, _other: Model, **_hints: object) -> bool:
        """Always: there is only one database."""
        return True
