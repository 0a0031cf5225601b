"""Send mails: the intent is committed first, and what was interrupted is never repeated blindly."""

import datetime as dt
import logging
import smtplib

from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils.translation import gettext as _

from backoffice.notifications.models import Mail, MailState

MOST_ATTEMPTS = 5
INTERRUPTED_AFTER = dt.timedelta(minutes=15)
BACKOFF = dt.timedelta(minutes=2)

log = logging.getLogger(__name__)


def send_due(*, at: dt.datetime, limit: int = 200) -> int:
    """Send what is due, one mail after the other; harmless in several processes at once.

    Returns:
        How many left.
    """
    mark_interrupted(at=at)
    sent = 0
    for _turn in range(limit):
        mail = _take(at)
        if mail is None:
            break
        sent += _send(mail, at)
    return sent


@transaction.atomic(durable=True)
def mark_interrupted(*, at: dt.datetime) -> int:
    """Mails whose sender died between intent and answer become uncertain."""
    return Mail.objects.filter(
        state=MailState.SENDING, sending_since__lt=at - INTERRUPTED_AFTER
    ).update(
        state=MailState.UNCERTAIN, error=_("The sending was interrupted; it may have arrived.")
    )


@transaction.atomic(durable=True)
def _take(at: dt.datetime) -> Mail | None:
    """Commit that one mail is being sent."""
    mail = (
        Mail.objects.select_for_update(skip_locked=True)
        .filter(state=MailState.PENDING, due_at__lte=at)
        .order_by("due_at", "pk")
        .first()
    )
    if mail is not None:
        mail.state, mail.sending_since = MailState.SENDING, at
        mail.attempts += 1
        mail.save(update_fields=["state", "sending_since", "attempts"])
    return mail


def _send(mail: Mail, at: dt.datetime) -> bool:
    """Hand the mail to the server; what the server refused surely did not leave."""
    connection = get_connection()
    message = EmailMessage(
        mail.subject,
        mail.body,
        to=[mail.recipient],
        headers={"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        connection.open()
    except (OSError, smtplib.SMTPException) as error:
        _again(mail, at, error, patient=True)
        return False
    try:
        message.send()
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as error:
        _again(mail, at, error)
        return False
    except Exception as error:
        log.exception("mail %s may have left", mail.pk)
        _end(mail, MailState.UNCERTAIN, at, error)
        return False
    finally:
        connection.close()
    _end(mail, MailState.SENT, at)
    return True


def _again(mail: Mail, at: dt.datetime, error: Exception, *, patient: bool = False) -> None:
    """Try later; give up after five attempts, or when the server says never.

    A server that is away is waited for as long as it takes (``patient``).
    """
    if not patient and (mail.attempts >= MOST_ATTEMPTS or _for_ever(error)):
        _end(mail, MailState.FAILED, at, error)
        return
    with transaction.atomic(durable=True):
        Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
            state=MailState.PENDING,
            due_at=at + BACKOFF * 2 ** min(mail.attempts, MOST_ATTEMPTS),
            error=str(error)[:500],
        )


def _for_ever(error: Exception) -> bool:
    """Whether the server said that it will never take this mail (answers 5xx)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def _end(mail: Mail, state: MailState, at: dt.datetime, error: Exception | None = None) -> None:
    with transaction.atomic(durable=True):
        Mail.objects.filter(pk=mail.pk, state=MailState.SENDING).update(
            state=state,
            ended_at=None if state == MailState.UNCERTAIN else at,
            error="" if error is None else (str(error)[:500] or type(error).__name__),
        )
