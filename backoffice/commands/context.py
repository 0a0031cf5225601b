"""Who does something, for whom, through which door, and when: handed to every command."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from backoffice.audit import services as audit
from backoffice.errors import NotAllowed, ProofNeeded


class Channel(StrEnum):
    """The door through which a command came in."""

    WEB = "web"
    API = "api"
    ADMIN = "admin"
    JOB = "job"
    SHELL = "shell"
    SYSTEM = "system"


PEOPLES_DOORS = frozenset({Channel.WEB, Channel.API, Channel.ADMIN})
"""Doors behind which somebody can be asked to prove who they are; a worker finds nobody to ask."""


class Actor(Protocol):
    """What a command needs to know of the person (or service account) who acts."""

    @property
    def user_id(self) -> int:
        """Primary key of the user."""
        ...

    def can(self, permission: str) -> bool:
        """Whether the actor holds the permission in the company of the context."""
        ...

    def must_prove(self, permission: str, at: dt.datetime) -> bool:
        """Whether the permission asks for a proof of identity that is fresh at that moment."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """The frozen circumstances of one command.

    Attributes:
        company_id: The company in which the command acts; None for what belongs to no company.
        at: The moment that counts as now; aware. Commands never ask the clock themselves.
        channel: The door.
        actor: Who acts; None only for the system itself, which may do everything.
        on_behalf_of_id: User for whom the actor acts (delegation, impersonation).
        impersonating: The actor looks through the eyes of that user, without being asked to.
        token_id: API token that was used, if any.
        reason: Why, in the person's words.
        key: Idempotency key chosen by the caller.
        request_id: Ties logs, events and error pages of one request together.
        guard: A last check by the door, run first inside the command's transaction; it refuses by
            raising (a stale form). A repeated request gets its stored answer without it.
    """

    company_id: int | None
    at: dt.datetime
    channel: Channel
    actor: Actor | None = None
    on_behalf_of_id: int | None = None
    impersonating: bool = False
    token_id: int | None = None
    reason: str = ""
    key: str | None = None
    request_id: str = ""
    guard: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        """Refuse a naive moment and an anonymous person: both would be faults of a door."""
        if self.at.tzinfo is None:
            msg = "Context.at must be aware"
            raise ValueError(msg)
        if self.actor is None and self.channel is not Channel.SYSTEM:
            msg = "only the system acts without an actor"
            raise ValueError(msg)

    @property
    def actor_id(self) -> int | None:
        """Primary key of the acting user; None for the system."""
        return None if self.actor is None else self.actor.user_id

    @property
    def company(self) -> int:
        """The company's primary key, for commands that need one.

        Raises:
            NotAllowed: No company is chosen.
        """
        if self.company_id is None:
            raise NotAllowed("no_company", _("Choose a company first."))
        return self.company_id

    def can(self, permission: str) -> bool:
        """Whether the actor holds ``permission``; the system holds every one."""
        return self.actor is None or self.actor.can(permission)

    def require(self, permission: str) -> None:
        """Refuse unless the actor holds ``permission``, and has proved who they are if it asks so.

        Raises:
            NotAllowed: With the name of the missing permission in the code's message.
            ProofNeeded: The last proof (password, second factor) is too old.
        """
        if not self.can(permission):
            raise NotAllowed(
                "permission_denied",
                _("You do not have the permission “%(permission)s”.") % {"permission": permission},
            )
        if (
            self.actor is not None
            and self.channel in PEOPLES_DOORS
            and self.actor.must_prove(permission, self.at)
        ):
            raise ProofNeeded("proof_needed", _("Confirm first that it is you."))

    def record(
        self, action: str, *, target: Model | None = None, data: Mapping[str, Any] | None = None
    ) -> int:
        """Write an audit event now, in the transaction of the command.

        Args:
            action: Past tense name, such as ``hr.employee.hired``.
            target: The record it is about.
            data: JSON-ready facts; amounts as strings.

        Returns:
            The id of the event.
        """
        return audit.append_event(
            audit.NewEvent(
                action=action,
                company_id=self.company_id,
                actor_id=self.actor_id,
                on_behalf_of_id=self.on_behalf_of_id,
                token_id=self.token_id,
                channel=self.channel.value,
                target_type="" if target is None else target._meta.label_lower,
                target_id=None if target is None else target.pk,
                data=data or {},
                reason=self.reason,
                request_id=self.request_id,
                at=self.at,
            )
        )
