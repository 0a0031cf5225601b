"""The duty that warns: every business day, before people come."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context
from backoffice.expiry.services import give_alarms
from backoffice.jobs.registry import Duty, register_duty
from backoffice.jobs.rules import Every, Rhythm
from backoffice.organization.models import Company


def warn(ctx: Context) -> str:
    """Warn in each company of what ends."""
    companies = Company.objects.order_by("pk").values_list("pk", flat=True)
    return str(sum(give_alarms(replace(ctx, company_id=pk)) for pk in companies))


DUTY = register_duty(
    Duty(
        name="backoffice.expiry.warn",
        title=_("Warn of what expires"),
        run=warn,
        rhythm=Rhythm(every=Every.BUSINESS_DAY, minute=6 * 60),
    )
)
