"""What people are told of employees and contracts."""

from collections.abc import Iterator
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.notifications.kinds import holders
from backoffice.notifications.registry import NoticeKind, Told
from backoffice.outbox.selectors import StreamEvent
from backoffice.periods.rules import format_competence
from hr.people.models import LateFact


def _late(event: StreamEvent) -> Iterator[Told]:
    """Everybody who computes the payroll, of a fact that touches months already closed."""
    fact = (
        LateFact.objects.select_related("contract__employee__party")
        .filter(event_id=event.position.event_id)
        .first()
    )
    if fact is None:
        return
    url = reverse("hr.contract.detail", args=[fact.contract_id])
    for user in holders(fact.company_id, "hr.payroll_run.compute", event):
        yield Told(user.pk, partial(_words, fact), url)


def _words(fact: LateFact) -> str:
    months = {format_competence(fact.first_month): None, format_competence(fact.last_month): None}
    return _("A fact came after the month was closed: %(name)s (%(months)s)") % {
        "name": fact.contract.employee.party.display_name,
        "months": " - ".join(months),
    }


LATE_FACT = NoticeKind(
    name="late_fact",
    label=gettext_lazy("A fact touches a payroll that is closed"),
    actions=(
        "hr.employee.hired",
        "hr.contract.terms_changed",
        "hr.contract.transferred",
        "hr.contract.ended",
        "hr.employee.dependent_added",
        "hr.employee.dependent_ended",
    ),
    tell=_late,
)
