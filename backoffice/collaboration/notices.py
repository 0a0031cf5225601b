"""Who is told of what is said and of what happens to a record."""

from collections.abc import Callable, Iterator
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.collaboration.models import Watch, WatchLevel
from backoffice.collaboration.registry import KINDS, RecordKind, Text
from backoffice.collaboration.selectors import VIEW, rows_for
from backoffice.identity.models import User
from backoffice.identity.selectors import access_of
from backoffice.notifications.models import Delivery
from backoffice.notifications.registry import NoticeKind, Told, register
from backoffice.outbox.selectors import StreamEvent

Sentence = Callable[[str, Text], str]


def _mentioned(event: StreamEvent) -> Iterator[Told]:
    """Whom a comment names, as long as they may read it."""
    kind = KINDS.get(event.data["record"])
    if kind is None:
        return
    for user in User.objects.filter(pk__in=event.data["mentioned"]).order_by("pk"):
        yield from _told(event, kind, event.data["record_id"], user, _names_you)


def _watched(event: StreamEvent) -> Iterator[Told]:
    """Who watches a record on which somebody said something; whom it names is told of that."""
    kind = KINDS.get(event.data["record"])
    if kind is not None:
        there = _watchers(event, kind, event.data["record_id"])
        for user in there.exclude(pk__in=event.data["mentioned"]).order_by("pk"):
            yield from _told(event, kind, event.data["record_id"], user, _wrote)


def _moved(event: StreamEvent) -> Iterator[Told]:
    """Who watches a record that went on to another state."""
    for kind in KINDS.values():
        words = dict(kind.told()) if kind.model == event.target_type else {}
        if event.action in words and event.target_id is not None:
            for user in _watchers(event, kind, event.target_id).order_by("pk"):
                text = partial(_went_on, words[event.action])
                yield from _told(event, kind, event.target_id, user, text)


def _moves() -> Iterator[str]:
    for kind in KINDS.values():
        yield from (action for action, _text in kind.told())


def _watchers(event: StreamEvent, kind: RecordKind, pk: int) -> QuerySet[User]:
    rows = Watch.objects.filter(
        company_id=event.company_id or 0,
        record_type=kind.name,
        record_id=pk,
        level=WatchLevel.WATCHING,
        since__lte=event.at,  # who watches since then is told of what comes, not of what was
    )
    return User.objects.filter(pk__in=rows.values("user_id")).exclude(pk=event.actor_id or 0)


def _told(
    event: StreamEvent, kind: RecordKind, pk: int, user: User, text: Sentence
) -> Iterator[Told]:
    """What one person is told, if they see the record at that moment."""
    access = access_of(user, event.company_id, timezone.localdate(event.at))
    said = event.action.startswith("backoffice.comment.")
    rows = rows_for(kind, access, VIEW) if said else kind.rows(access, "")
    record = rows.filter(pk=pk).first()
    if record is not None:
        who = User.objects.filter(pk=event.actor_id or 0).values_list("name", flat=True).first()
        yield Told(user.pk, partial(text, who or "", kind.title(record)), kind.url(pk))


def _names_you(who: str, title: Text) -> str:
    return _("%(who)s mentioned you: %(title)s") % {"who": who, "title": title}


def _wrote(who: str, title: Text) -> str:
    return _("%(who)s commented: %(title)s") % {"who": who, "title": title}


def _went_on(words: Text, _who: str, title: Text) -> str:
    return f"{title}: {words}"


register(
    NoticeKind(
        name="mention",
        label=gettext_lazy("Somebody mentions me in a comment"),
        actions=("backoffice.comment.added", "backoffice.comment.edited"),
        tell=_mentioned,
    ),
    NoticeKind(
        name="watched",
        label=gettext_lazy("Somebody comments on a record that I watch"),
        actions=("backoffice.comment.added",),
        tell=_watched,
        default=Delivery.DIGEST,
    ),
    NoticeKind(
        name="moved",
        label=gettext_lazy("A record that I watch goes on to another state"),
        actions=_moves,
        tell=_moved,
        default=Delivery.DIGEST,
    ),
)
