"""The board of mails as registered objects, and the kinds of notification of the kernel."""

from django.utils.translation import gettext_lazy as _

from backoffice.alerts.api import MailSerializer
from backoffice.alerts.filters import MailFilter
from backoffice.notifications import kinds, services
from backoffice.notifications.models import (
    Mail,
    MailState,
    Notification,
    NotificationChoice,
    NotificationHours,
)
from backoffice.notifications.selectors import MAILS, visible_mails
from backoffice.resources import registry
from backoffice.resources.records import (
    Board,
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Resource,
    Table,
)
from backoffice.search import sources

__all__ = ["kinds", "services"]  # imported for what they register

TONES = {
    MailState.PENDING: "neutral",
    MailState.SENDING: "progress",
    MailState.SENT: "success",
    MailState.UNCERTAIN: "warning",
    MailState.FAILED: "danger",
    MailState.DROPPED: "neutral",
}
STATE = Column(key="state", label=_("State"), kind=Kind.STATE, tones=TONES)
UNDECIDED = frozenset({MailState.UNCERTAIN.value, MailState.FAILED.value})

registry.register(
    Resource(
        name="backoffice.mail",
        lacks={
            "attachments": "A message that left, kept as it was.",
            "history": "It never changes after it left; before, only the worker writes it.",
        },
        model=Mail,
        slug="mails",
        label=_("Mail"),
        label_plural=_("Mails"),
        icon="mail",
        view_permission=MAILS,
        queryset=visible_mails,
        empty=_("E-mails that left, wait, or of which nobody knows whether they arrived."),
        state="state",
        table=Table(
            columns=(
                Column(key="subject", label=_("Subject"), kind=Kind.LINK),
                Column(key="recipient", label=_("To")),
                Column(key="created_at", label=_("Created at"), kind=Kind.DATETIME),
                STATE,
            ),
            order="-created_at",
            groups=("state", "created_at"),
            search=("subject", "recipient"),
        ),
        filters=MailFilter,
        panels=(
            Facts(
                title=_("Mail"),
                icon="mail",
                facts=(
                    Fact(key="recipient", label=_("To")),
                    Fact(key="message_id", label=_("Message-ID")),
                    Fact(key="attempts", label=_("Attempts"), kind=Kind.INTEGER),
                    Fact(key="due_at", label=_("Due"), kind=Kind.DATETIME),
                    Fact(key="ended_at", label=_("Ended"), kind=Kind.DATETIME),
                    Fact(key="error", label=_("What happened")),
                    Fact(key="body", label=_("Text")),
                ),
            ),
        ),
        serializer=MailSerializer,
        commands=(
            Command(
                name="backoffice.mail.resend",
                label=_("Send again"),
                icon="send",
                bulk=True,
                states=UNDECIDED,
                summary=lambda mail, _access: (
                    _(
                        "The mail to %(to)s is sent again under the same Message-ID. If it arrived before, it"
                        " arrives twice."
                    )
                    % {"to": mail.recipient}
                ),
                done=_("The mail is sent again."),
            ),
            Command(
                name="backoffice.mail.drop",
                label=_("Do not send again"),
                icon="x",
                bulk=True,
                states=UNDECIDED,
                done=_("The mail is not sent again."),
            ),
        ),
        events={"resent": _("Sent again"), "dropped": _("Not sent again")},
        menu=Menu(order=97, group="system"),
        board=Board(
            moves={"pending": "resend", "dropped": "drop"}, shows=("recipient", "created_at")
        ),
        calendar="created_at",
    )
)
registry.internal("Shown to their own person in the inbox and under the bell.", Notification)
registry.internal("Chosen by each person on the page of preferences.", NotificationChoice)
registry.internal("Chosen by each person on the page of preferences.", NotificationHours)
sources.exclude("A mail is found in the list of mails.", "backoffice.mail")
