"""The one way to change anything: a named, permitted, durable, repeatable command."""

import functools
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import pghistory
from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.commands.context import Context
from backoffice.commands.models import IdempotencyKey
from backoffice.commands.transactions import last_acts, require_transaction
from backoffice.errors import KeyReused

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class CommandSpec:
    """What is known of one command: its name, the permission it asks for, and its function."""

    name: str
    permission: str
    function: Callable[..., Any]


COMMANDS: dict[str, CommandSpec] = {}

# Checked by hand inside the command, because the permission depends on the record.
CHECKED_INSIDE = ""


def command(
    name: str, *, permission: str | None = None
) -> Callable[[Callable[Concatenate[Context, P], R]], Callable[Concatenate[Context, P], R]]:
    """Make a function the command ``name``.

    The wrapper checks the permission, opens a durable transaction, tells the row history who acts,
    and keeps the answer under the caller's key: the same key with the same arguments gets the
    stored answer without running again, with other arguments it is refused.

    Args:
        name: ``area.object.verb``; also the permission unless another is given.
        permission: Another permission, or ``CHECKED_INSIDE``.

    Raises:
        NotAllowed: The actor lacks the permission.
        KeyReused: The key belongs to another request.
        RuntimeError: Called inside another transaction (a step is what belongs there).
    """

    def wrap(
        function: Callable[Concatenate[Context, P], R],
    ) -> Callable[Concatenate[Context, P], R]:
        needed = name if permission is None else permission

        @functools.wraps(function)
        def run(ctx: Context, /, *args: P.args, **kwargs: P.kwargs) -> R:
            if needed:
                ctx.require(needed)
            with (
                pghistory.context(actor=ctx.actor_id, company=ctx.company_id, command=name),
                transaction.atomic(durable=True),
                last_acts(),
            ):

                def call() -> R:
                    if ctx.guard is not None:
                        ctx.guard()
                    return function(ctx, *args, **kwargs)

                if ctx.key is None or ctx.actor_id is None:
                    return call()
                return _once(ctx, name, kwargs, call)

        if name in COMMANDS and COMMANDS[name].function.__module__ != function.__module__:
            msg = f"two commands are named {name}"
            raise ValueError(msg)
        COMMANDS[name] = CommandSpec(name=name, permission=needed, function=run)
        run.command_name = name  # type: ignore[attr-defined]
        return run

    return wrap


def run_within(ctx: Context, name: str, /, **arguments: Any) -> Any:  # noqa: ANN401  its own answer
    """Run a command as one part of a bigger transaction: one item of a job.

    Rights are checked as ever, and its last acts are done at the end of the part. The caller's key
    does not count: what the transaction contains is done once, or not at all.

    Raises:
        NotAllowed: The actor lacks the permission.
        OutsideTransaction: There is no bigger transaction.
    """
    require_transaction()
    spec = COMMANDS[name]
    if spec.permission:
        ctx.require(spec.permission)
    with pghistory.context(actor=ctx.actor_id, company=ctx.company_id, command=name), last_acts():
        return spec.function.__wrapped__(ctx, **arguments)  # type: ignore[attr-defined]  # by wraps


def _once(ctx: Context, name: str, arguments: dict[str, Any], call: Callable[[], R]) -> R:
    """Run ``call`` under the context's key, or give back what it answered the first time."""
    body = json.dumps(arguments, cls=_Encoder, sort_keys=True)
    digest = hashlib.sha256(f"{name}\n{body}".encode()).hexdigest()
    identity = {"actor_id": ctx.actor_id, "company_id": ctx.company_id or 0, "key": ctx.key}
    # The advisory lock makes a second request with the same key wait for the first one's commit.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"key:{ctx.actor_id}:{ctx.company_id or 0}:{ctx.key}"],
        )
    stored = IdempotencyKey.objects.filter(**identity).first()
    if stored is not None:
        if stored.request_hash != digest:
            raise KeyReused(
                "idempotency_key_reused",
                _("This key was already used for a different request."),
            )
        answer: R = _load(stored.answer)
        return answer
    result = call()
    IdempotencyKey.objects.create(
        **identity,
        command=name,
        request_hash=digest,
        answer=json.loads(json.dumps(_dump(result), cls=_Encoder)),
        created_at=ctx.at,
    )
    return result


class _Encoder(DjangoJSONEncoder):
    """JSON of command arguments: records by label and key, files by their content."""

    @override
    def default(self, o: Any) -> Any:
        if isinstance(o, models.Model):
            return {"model": o._meta.label_lower, "pk": o.pk}
        if is_dataclass(o) and not isinstance(o, type):
            return asdict(o)
        if isinstance(o, (set, frozenset)):
            return sorted(o, key=str)
        if isinstance(o, bytes):
            return {"sha256": hashlib.sha256(o).hexdigest()}
        return super().default(o)


def _dump(result: object) -> dict[str, Any]:
    if isinstance(result, models.Model):
        return {"model": result._meta.label_lower, "pk": result.pk}
    return {"value": result}


def _load(answer: dict[str, Any]) -> Any:  # noqa: ANN401  the command's own type
    if "model" in answer:
        return apps.get_model(answer["model"])._default_manager.get(pk=answer["pk"])
    return answer["value"]
