"""Requests of data subjects: taken in, answered, refused."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound
from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.privacy.models import PersonRequest, RequestKind, RequestState
from backoffice.privacy.process import ANSWER, PROCESS
from backoffice.privacy.selectors import known_person, visible_requests
from backoffice.privacy.services.reports import REPORT, start_report
from backoffice.work.services import open_item, transition

DAYS = 15
"""LGPD art. 19, II: the full declaration within 15 days of the request."""


@command("backoffice.person_request.create")
def receive_request(
    ctx: Context, *, person_id: int, kind: str, said: str, received_on: dt.date
) -> PersonRequest:
    """Write down what a data subject asks for; it is due fifteen days after it came.

    Law:
        LGPD (Lei 13.709/2018) art. 18 and art. 19, II.

    Raises:
        NotFound: The company keeps nothing about such a person.
        InvalidInput: ``unknown_kind``, ``text_needed``, ``date_in_future``.
    """
    if known_person(ctx.company, person_id) is None:
        raise NotFound("not_found", _("The company keeps nothing about such a person."))
    if kind not in RequestKind.values:
        raise _refusal("unknown_kind", _("Choose one of the list."), "kind")
    if not said.strip():
        raise _refusal("text_needed", _("Write down what was asked."), "said")
    if received_on > timezone.localdate(ctx.at):
        raise _refusal("date_in_future", _("This day is still to come."), "received_on")
    due_on = received_on + dt.timedelta(days=DAYS)
    request = PersonRequest.objects.create(
        company_id=ctx.company,
        person_id=person_id,
        kind=kind,
        said=said.strip(),
        received_on=received_on,
        due_on=due_on,
    )
    due_at = timezone.make_aware(dt.datetime.combine(due_on, dt.time.max))
    open_item(ctx, PROCESS, request, _("Request of a data subject"), due_at=due_at)
    ctx.record("backoffice.person_request.created", target=request, data={"kind": kind})
    return request


@command("backoffice.person_request.answer")
def answer_request(ctx: Context, *, person_request_id: int, answer: str) -> PersonRequest:
    """Answer a request, in words that are kept.

    Raises:
        NotFound: There is no such request within reach.
        InvalidInput: ``text_needed``.
        WrongState: It was answered or refused.
    """
    return _end(ctx, person_request_id, "answer", answer)


@command("backoffice.person_request.refuse", permission=ANSWER)
def refuse_request(ctx: Context, *, person_request_id: int, answer: str) -> PersonRequest:
    """Refuse a request, with the reason that the person is told (LGPD art. 18, § 4).

    Raises:
        NotFound: There is no such request within reach.
        InvalidInput: ``text_needed``.
        WrongState: It was answered or refused.
    """
    return _end(ctx, person_request_id, "refuse", answer)


@command("backoffice.person_request.report", permission=REPORT)
def report_for_request(ctx: Context, *, person_request_id: int, format: str) -> Job:  # noqa: A002
    """Make a file with everything that the company keeps about who asked.

    Raises:
        NotFound: There is no such request within reach.
        NotAllowed: ``whole_company``: the permission does not reach everybody.
        InvalidInput: ``unknown_format``.
    """
    request = _held(ctx, person_request_id, REPORT)
    return start_report(ctx, person_id=request.person_id, form=format)


def _end(ctx: Context, pk: int, action: str, answer: str) -> PersonRequest:
    request = _held(ctx, pk, ANSWER)
    if not answer.strip():
        raise _refusal("text_needed", _("Write down the answer."), "answer")
    if request.state == RequestState.RECEIVED:
        request.answer, request.answered_on = answer.strip(), timezone.localdate(ctx.at)
        request.save(update_fields=["answer", "answered_on"])
    transition(ctx, PROCESS, [pk], action, _("See the answer."))
    request.refresh_from_db()
    if request.state == RequestState.REFUSED:
        ctx.record("backoffice.person_request.refused", target=request)
    else:
        ctx.record("backoffice.person_request.answered", target=request)
    return request


def _held(ctx: Context, pk: int, permission: str) -> PersonRequest:
    """A request within the reach of a permission, held by this transaction."""
    rows = PersonRequest.objects.select_for_update().filter(company_id=ctx.company, pk=pk)
    if isinstance(ctx.actor, Access):
        seen = ctx.actor.narrowed("backoffice.person_request.view", permission)
        rows = rows.filter(pk__in=visible_requests(seen).values("pk"))
    request = rows.first()
    if request is None:
        raise NotFound("not_found", _("There is no such record."))
    return request


def _refusal(code: str, message: str, field: str) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})
