"""What people do with notifications and mails."""

import datetime as dt
from collections.abc import Mapping

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.commands.rows import own
from backoffice.errors import InvalidInput, WrongState
from backoffice.notifications import collecting
from backoffice.notifications.models import (
    Delivery,
    Mail,
    MailState,
    Notification,
    NotificationChoice,
    NotificationHours,
)
from backoffice.notifications.registry import KINDS
from backoffice.notifications.rules import after_quiet

VIEW = "backoffice.notification.view"


@step
def send_mail(ctx: Context, *, key: str, recipient: str, subject: str, body: str) -> Mail:
    """Put a mail into the caller's transaction; it leaves after the commit, and once.

    Args:
        ctx: Of the command that asks for it.
        key: What the mail is about (``invitation:7``); the same key makes one mail.
        recipient: Address.
        subject: One line, in the recipient's language.
        body: Text.
    """
    return collecting.queue_mail(
        company_id=ctx.company,
        key=key,
        recipient=recipient,
        subject=subject,
        body=body,
        due_at=ctx.at,
        at=ctx.at,
    )


@command("backoffice.notification.read", permission=VIEW)
def read_notifications(ctx: Context, *, ids: list[int] | None = None) -> int:
    """Mark own notifications as read; all of the company when no ids are given.

    Returns:
        How many were unread.
    """
    rows = Notification.objects.filter(
        user_id=ctx.actor_id or 0, company_id=ctx.company, read_at__isnull=True
    )
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return rows.update(read_at=ctx.at)


@command("backoffice.notification.choose", permission=VIEW)
def choose_notifications(
    ctx: Context,
    *,
    choices: Mapping[str, str],
    quiet_from: dt.time | None,
    quiet_to: dt.time | None,
    digest_hour: int,
) -> NotificationHours:
    """Say how and when one wants to hear of things.

    Raises:
        InvalidInput: ``unknown_choice``, ``half_quiet``, ``bad_hour``.
    """
    unknown = choices.keys() - KINDS.keys()
    if unknown or any(each not in Delivery.values for each in choices.values()):
        raise InvalidInput("unknown_choice", _("There is no such way of delivery."))
    if (quiet_from is None) != (quiet_to is None):
        message = _("Quiet hours have a beginning and an end.")
        raise InvalidInput("half_quiet", message, fields={"quiet_to": message})
    if not 0 <= digest_hour <= 23:
        message = _("The hour of the digest is from 0 to 23.")
        raise InvalidInput("bad_hour", message, fields={"digest_hour": message})
    for kind, delivery in choices.items():
        NotificationChoice.objects.update_or_create(
            user_id=ctx.actor_id or 0, kind=kind, defaults={"delivery": delivery}
        )
    hours, _made = NotificationHours.objects.update_or_create(
        user_id=ctx.actor_id or 0,
        defaults={"quiet_from": quiet_from, "quiet_to": quiet_to, "digest_hour": digest_hour},
    )
    _rest_what_waits(ctx, hours)
    return hours


def _rest_what_waits(ctx: Context, hours: NotificationHours) -> None:
    """Mails that wait already keep the new quiet hours."""
    due = after_quiet(timezone.localtime(ctx.at), hours.quiet_from, hours.quiet_to)
    Mail.objects.filter(
        notifications__user_id=ctx.actor_id or 0, state=MailState.PENDING, due_at__lt=due
    ).update(due_at=due)


@command("backoffice.mail.resend")
def resend_mail(ctx: Context, *, mail_id: int) -> Mail:
    """Send a mail again that surely or probably did not arrive; it keeps its Message-ID.

    Raises:
        NotFound: There is no such mail.
        WrongState: It is neither uncertain nor failed.
    """
    mail = _uncertain(ctx, mail_id)
    mail.state, mail.attempts, mail.due_at = MailState.PENDING, 0, ctx.at
    mail.ended_at = None
    mail.save(update_fields=["state", "attempts", "due_at", "ended_at"])
    ctx.record("backoffice.mail.resent", target=mail)
    return mail


@command("backoffice.mail.drop")
def drop_mail(ctx: Context, *, mail_id: int) -> Mail:
    """Decide that a mail is not sent again: it arrived, or nobody needs it any more.

    Raises:
        NotFound: There is no such mail.
        WrongState: It is neither uncertain nor failed.
    """
    mail = _uncertain(ctx, mail_id)
    mail.state, mail.ended_at = MailState.DROPPED, ctx.at
    mail.save(update_fields=["state", "ended_at"])
    ctx.record("backoffice.mail.dropped", target=mail)
    return mail


def _uncertain(ctx: Context, mail_id: int) -> Mail:
    mail = own(ctx, Mail, mail_id)
    if mail.state not in {MailState.UNCERTAIN, MailState.FAILED}:
        raise WrongState("wrong_state", _("Only an uncertain or failed mail is decided about."))
    return mail
