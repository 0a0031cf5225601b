"""In whose name a worker acts: the person who started the job, with today's rights."""

import datetime as dt
from contextlib import AbstractContextManager

from django.conf import settings
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Channel, Context
from backoffice.identity.models import ApiToken, User
from backoffice.identity.selectors import Access, access_for, access_of_token
from backoffice.jobs.models import Job
from backoffice.organization.models import Company


class RightLost(Exception):
    """The starter may no longer do what the job does."""

    def __init__(self, code: str, message: str | Promise) -> None:
        super().__init__(code)
        self.code = code
        self.message = str(message)


def starter_context(job: Job, *, permission: str, at: dt.datetime) -> Context:
    """The circumstances of the work: the starter, their company and what they gave as reason.

    Args:
        job: With ``started_by`` loaded.
        permission: What the starter must still be allowed; empty for nothing in particular.
        at: Now; what must not change between attempts belongs in the job's ``params``.

    Raises:
        RightLost: The account was closed, or the permission withdrawn.
    """
    starter = job.started_by
    if starter is None:
        return system_context(job, at=at)
    ctx = Context(
        company_id=job.company_id,
        at=at,
        channel=Channel.JOB,
        actor=_access(job, starter, timezone.localdate(at)),
        on_behalf_of_id=job.on_behalf_of_id,
        token_id=job.token_id,
        reason=job.reason,
        request_id=job.request_id,
    )
    if not starter.is_active:
        raise RightLost(
            "starter_inactive", _("The account of the person who started this was closed.")
        )
    if permission and not ctx.can(permission):
        raise RightLost(
            "permission_lost",
            _("The person who started this no longer has the permission “%(permission)s”.")
            % {"permission": permission},
        )
    return ctx


def _access(job: Job, starter: User, on: dt.date) -> Access:
    """The starter's rights of this day, or those of whom they stand in for; of a token, its own."""
    if job.token_id is None:
        return access_for(starter, job.company_id, on, on_behalf_of_id=job.on_behalf_of_id)
    token = ApiToken.objects.select_related("user").get(pk=job.token_id)
    if token.revoked_at is not None:
        raise RightLost("token_revoked", _("The API token that started this was revoked."))
    return access_of_token(token, on)


def system_context(job: Job, *, at: dt.datetime) -> Context:
    """The circumstances in which the system itself tidies up after a job."""
    return Context(
        company_id=job.company_id,
        at=at,
        channel=Channel.SYSTEM,
        reason=job.reason,
        request_id=job.request_id,
    )


def company_clock(company_id: int | None) -> AbstractContextManager[None]:
    """Make it the day that it is in the company, wherever the worker stands."""
    zones = Company.objects.filter(pk=company_id or 0).values_list("time_zone", flat=True)
    zone = zones.first()
    return timezone.override(zone or timezone.get_default_timezone())


def starter_language(job: Job) -> AbstractContextManager[None]:
    """Make messages speak the starter's language."""
    starter = job.started_by
    return translation.override((starter and starter.language) or settings.LANGUAGE_CODE)
