"""Refusals: what the product says no to, as opposed to faults, which are bugs or broken machines."""

from collections.abc import Mapping
from typing import ClassVar

from django.utils.functional import Promise
from typing_extensions import override


class BusinessError(Exception):
    """A refusal with a stable code for programs, a message for people, and the fields it concerns.

    Pages show it in the form, the API answers it as problem JSON (RFC 9457) with ``status``.

    Args:
        code: Stable, machine-readable, snake_case; part of the public contract.
        message: One sentence for the person, translated lazily.
        fields: Field name to message, for the inputs that are wrong.
    """

    status: ClassVar[int] = 422

    def __init__(
        self,
        code: str,
        message: str | Promise,
        *,
        fields: Mapping[str, str | Promise] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.fields: dict[str, str | Promise] = dict(fields or {})

    @override
    def __str__(self) -> str:
        return str(self.message)


class InvalidInput(BusinessError):
    """What was sent cannot be right; nothing was changed."""


class NotAllowed(BusinessError):
    """The person may not do this, whatever the state."""

    status = 403


class ProofNeeded(NotAllowed):
    """The person may do this after proving again that it is them; pages send them to do so."""


class NotFound(BusinessError):
    """There is no such record for this person (it may exist for others)."""

    status = 404


class WrongState(BusinessError):
    """The record is in a state from which this is not possible."""

    status = 409


class Stale(BusinessError):
    """The record changed since the person looked at it."""

    status = 409


class PeriodClosed(BusinessError):
    """The month is closed for this domain."""

    status = 409


class TooMany(BusinessError):
    """The person did this too often; ``wait`` is in how many seconds it is possible again."""

    status = 429

    def __init__(self, code: str, message: str | Promise, *, wait: int) -> None:
        super().__init__(code, message)
        self.wait = wait


class KeyReused(BusinessError):
    """The idempotency key was used before with another request."""
