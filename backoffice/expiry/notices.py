"""Who is told that something ends."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.expiry.models import ExpiryAlarm
from backoffice.expiry.registry import EXPIRIES, Expiry
from backoffice.expiry.selectors import Ending, answers_for, endings, seen
from backoffice.identity.models import User
from backoffice.identity.selectors import access_of
from backoffice.notifications.kinds import holders
from backoffice.notifications.models import Delivery
from backoffice.notifications.registry import NoticeKind, Told, register
from backoffice.outbox.selectors import StreamEvent


def _warned(event: StreamEvent) -> Iterator[Told]:
    """Those who answer for it and may see it; nobody once it was renewed."""
    alarm = ExpiryAlarm.objects.filter(pk=event.target_id or 0).first()
    kind = EXPIRIES.get(alarm.kind) if alarm else None
    if alarm is None or kind is None:
        return
    on = timezone.localdate(event.at)
    found = endings([(kind, kind.rows(alarm.company_id, on).filter(pk=alarm.record_id))])
    if not found or found[0].ends_on != alarm.ends_on:
        return
    for user in _asked(found[0], alarm.company_id, event):
        access = access_of(user, alarm.company_id, on)
        if answers_for(found[0], access) and seen(kind, access).filter(pk=alarm.record_id).exists():
            yield Told(user.pk, partial(_words, found[0], on), found[0].url)


def _asked(ending: Ending, company_id: int, event: StreamEvent) -> list[User]:
    kind: Expiry = ending.kind
    people = holders(company_id, kind.told, event) if kind.told else []
    if ending.responsible_id and ending.responsible_id not in {user.pk for user in people}:
        people += User.objects.filter(pk=ending.responsible_id, is_active=True)
    return people


def _words(ending: Ending, on: dt.date) -> str:
    given = {
        "kind": ending.kind.label,
        "title": ending.title,
        "day": date_format(ending.ends_on, "SHORT_DATE_FORMAT"),
    }
    if ending.ends_on < on:
        return _("%(kind)s ended on %(day)s: %(title)s") % given
    return _("%(kind)s ends on %(day)s: %(title)s") % given


register(
    NoticeKind(
        name="expiry",
        label=gettext_lazy("Something that I answer for ends soon"),
        actions=("backoffice.expiry.warned",),
        tell=_warned,
        default=Delivery.DIGEST,
    )
)
