"""Steps of the set-up that somebody does: a mail that really leaves, a backup that was tried."""

import datetime as dt
import smtplib
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput
from backoffice.home.setup import PERMISSION
from backoffice.identity.models import User
from backoffice.organization.models import Company

LONGEST = 500


@dataclass(frozen=True)
class Answer:
    """What came of a mail: whether the server took it, and its own words."""

    taken: bool
    words: str


def try_mail(ctx: Context) -> Answer:
    """Send a mail to the person themselves now, and keep what the server answered.

    The mail leaves before anything is written: no transaction waits for another machine.

    Raises:
        NotAllowed: The person does not set up this company.
        InvalidInput: ``no_address``.
    """
    ctx.require(PERMISSION)
    user = User.objects.get(pk=ctx.actor_id or 0)
    if not user.email:
        raise InvalidInput("no_address", _("Your account has no e-mail address to send to."))
    answer = _send(user.email, ctx.at)
    note_mail_test(ctx, taken=answer.taken, answer=answer.words, recipient=user.email)
    return answer


def _send(recipient: str, at: dt.datetime) -> Answer:
    message = EmailMessage(
        _("Test of your back office's mail"),
        _("This mail left Retaguarda at %(at)s. That it arrived means that mails work.")
        % {"at": at.strftime("%d/%m/%Y %H:%M UTC")},
        to=[recipient],
        headers={"Auto-Submitted": "auto-generated"},
    )
    connection = get_connection()
    try:
        connection.open()
        try:
            words = _hand_over(connection, message, recipient)
        finally:
            connection.close()
    except (OSError, smtplib.SMTPException) as error:
        return Answer(taken=False, words=(str(error) or type(error).__name__)[:LONGEST])
    return Answer(taken=True, words=words[:LONGEST])


def _hand_over(connection: object, message: EmailMessage, recipient: str) -> str:
    """Give the mail to the server; what it answered to the last word."""
    if not isinstance(connection, EmailBackend) or connection.connection is None:
        message.send()
        return _("Handed over to %(backend)s, which is no mail server.") % {
            "backend": settings.EMAIL_BACKEND.rpartition(".")[2]
        }
    server = connection.connection
    server.ehlo_or_helo_if_needed()
    _check(server.mail(message.from_email))
    _check(server.rcpt(recipient))
    built: Any = message.message()  # of Django's own class, which knows line ends
    code, words = server.data(built.as_bytes(linesep="\r\n"))
    _check((code, words))
    return f"{code} {words.decode(errors='replace')}"


def _check(answer: tuple[int, bytes]) -> None:
    code, words = answer
    if not 200 <= code < 300:
        raise smtplib.SMTPResponseException(code, words)


@command("backoffice.company.note_mail_test", permission=PERMISSION)
def note_mail_test(ctx: Context, *, taken: bool, answer: str, recipient: str) -> None:
    """Keep what a mail server answered to a test."""
    company = Company.objects.get(pk=ctx.company)
    given = {"taken": taken, "answer": answer, "recipient": recipient}
    ctx.record("backoffice.company.mail_tested", target=company, data=given)


@command("backoffice.company.confirm_backup", permission=PERMISSION)
def confirm_backup(ctx: Context, *, place: str, restored: bool) -> None:
    """Answer for it that a backup was made, kept elsewhere and brought back into an empty database.

    Raises:
        InvalidInput: ``no_place``, ``not_restored``.
    """
    if not place.strip():
        message = _("Say where the backup is kept.")
        raise InvalidInput("no_place", message, fields={"place": message})
    if not restored:
        message = _("A backup that nobody has restored is none: restore it into an empty database.")
        raise InvalidInput("not_restored", message, fields={"restored": message})
    company = Company.objects.get(pk=ctx.company)
    data = {"place": place.strip()[:LONGEST]}
    ctx.record("backoffice.company.backup_confirmed", target=company, data=data)
