"""What people type and have not saved: kept sealed for a while, for the person alone, on all their devices."""

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backoffice.collaboration.models import FormDraft
from backoffice.commands import Context, command
from backoffice.errors import InvalidInput
from backoffice.identity.rules import Access
from backoffice.secrets.rules import CannotOpen, seal, unseal

KEPT_FOR = dt.timedelta(days=30)
MOST_BYTES = 64 * 1024
MOST_DRAFTS = 50
"""Of one person in one company; the oldest makes way."""

NEVER = re.compile(r"passw|senha|secret|token|csrf|otp|pin$|^code$|idempotency|^version$|^loaded$")
"""Names of controls whose values are never kept, whatever the browser sends."""

FORM = re.compile(r"[a-z0-9_.:-]{3,160}")


@dataclass(frozen=True, slots=True)
class Kept:
    """A draft: when it was kept, and the controls of the form as pairs of name and value."""

    at: dt.datetime
    values: list[Any]


@command("backoffice.draft.keep")
def keep_draft(ctx: Context, *, form: str, values: list[Any]) -> int:
    """Keep what was typed into a form in the place of what was kept before.

    Args:
        ctx: Whose draft it is.
        form: Name of the form: its command, and the record if there is one.
        values: Pairs of name and value; what is no text or choice, and whatever may be a password
            or secret, is left out.

    Returns:
        How many values were kept.

    Raises:
        InvalidInput: ``unknown_form``, ``long_draft``.
    """
    if not FORM.fullmatch(form):
        raise InvalidInput("unknown_form", _("There is no such form."))
    wanted = [pair for pair in values if _may_be_kept(pair)]
    content = json.dumps(wanted, ensure_ascii=False).encode()
    if len(content) > MOST_BYTES:
        raise InvalidInput("long_draft", _("This is too much for a draft; save it."))
    draft = FormDraft(company_id=ctx.company, user_id=ctx.actor_id or 0, form=form)
    key_id, sealed = seal(settings.SECRETS_KEYS, draft.place, content)
    FormDraft.objects.update_or_create(
        company_id=ctx.company,
        user_id=ctx.actor_id or 0,
        form=form,
        defaults={"key_id": key_id, "sealed": sealed, "saved_at": ctx.at},
    )
    mine = FormDraft.objects.filter(company_id=ctx.company, user_id=ctx.actor_id or 0)
    surplus = mine.order_by("-saved_at", "-pk").values_list("pk", flat=True)[MOST_DRAFTS:]
    FormDraft.objects.filter(pk__in=list(surplus)).delete()
    return len(wanted)


@command("backoffice.draft.discard", permission="backoffice.draft.keep")
def discard_draft(ctx: Context, *, form: str) -> int:
    """Forget what was kept of a form; also what is older than any draft may become.

    Returns:
        How many drafts of this form there were.
    """
    mine = FormDraft.objects.filter(company_id=ctx.company, user_id=ctx.actor_id or 0)
    gone = mine.filter(form=form).delete()[0]
    FormDraft.objects.filter(saved_at__lte=ctx.at - KEPT_FOR).delete()
    return gone


def saved(ctx: Context, form: str) -> None:
    """Forget the draft of a form that was just saved by a command of its own."""
    discard_draft(replace(ctx, key=None, guard=None), form=form)


def draft_of(access: Access, form: str, *, at: dt.datetime) -> Kept | None:
    """What the person typed into a form and did not save, if it is not too old and can be opened."""
    found = FormDraft.objects.filter(
        company_id=access.company_id, user_id=access.user_id, form=form, saved_at__gt=at - KEPT_FOR
    ).first()
    if found is None:
        return None
    try:
        content = unseal(settings.SECRETS_KEYS, found.place, found.key_id, bytes(found.sealed))
    except CannotOpen:
        return None  # its key is gone; what was typed is not worth a fault
    return Kept(found.saved_at, json.loads(content))


def _may_be_kept(pair: Any) -> bool:  # noqa: ANN401  whatever the browser sent
    """Whether a pair is a name with a text, or with a choice and whether it is made."""
    if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str)):
        return False
    if NEVER.search(pair[0].lower()):
        return False
    match pair[1]:
        case str():
            return True
        case [str(), bool()]:
            return True
        case [*several]:
            return all(isinstance(each, str) for each in several)
        case _:
            return False
