"""What the kernel itself tells people: approvals that wait for them, and the end of their jobs."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.identity.models import User
from backoffice.identity.selectors import access_of, grants_on
from backoffice.jobs.models import Job, JobState
from backoffice.notifications.models import Delivery
from backoffice.notifications.registry import NoticeKind, Told, register
from backoffice.outbox.selectors import StreamEvent
from backoffice.work.models import Approval, ApprovalState
from backoffice.work.registry import APPROVALS
from backoffice.work.selectors import waiting_for


def holders(company_id: int, permission: str, event: StreamEvent) -> list[User]:
    """The active people who hold a permission in a company on the day of an event."""
    grants = grants_on(timezone.localdate(event.at)).filter(
        company_id=company_id, role__permissions__contains=[permission]
    )
    return list(User.objects.filter(pk__in=grants.values("user_id"), is_active=True).order_by("pk"))


def _approval(event: StreamEvent) -> Iterator[Told]:
    """Everybody who could vote on a request now, but not who asked."""
    found = Approval.objects.filter(pk=event.target_id or 0, state=ApprovalState.OPEN).first()
    if found is None or found.permission not in APPROVALS:
        return
    url = APPROVALS[found.permission].url(found.document_id)
    for user in holders(found.company_id, found.permission, event):
        access = access_of(user, found.company_id, timezone.localdate(event.at))
        if found in waiting_for(access):
            yield Told(user.pk, partial(_waits, found.title), url)


def _waits(title: str) -> str:
    return _("Waits for your approval: %(title)s") % {"title": title}


def _job(event: StreamEvent) -> Iterator[Told]:
    """The person who started a job."""
    job = Job.objects.filter(pk=event.target_id or 0).first()
    if job is None or job.started_by_id is None:
        return
    good = event.data.get("state") == JobState.DONE

    def text() -> str:
        if good:
            return _("Done: %(title)s") % {"title": job.title}
        state = JobState(event.data["state"]).label
        return _("%(title)s: %(state)s") % {"title": job.title, "state": state}

    yield Told(job.started_by_id, text, job.get_absolute_url())


register(
    NoticeKind(
        name="approval",
        label=gettext_lazy("Something waits for my approval"),
        actions=("backoffice.approval.requested",),
        tell=_approval,
    ),
    NoticeKind(
        name="job",
        label=gettext_lazy("A job of mine ended"),
        actions=("backoffice.job.finished",),
        tell=_job,
        default=Delivery.INBOX,
    ),
)
