"""What workers do with personal data: the kinds of job that they know."""

from django.utils.translation import gettext_lazy as _

from backoffice.jobs.registry import JobKind, register
from backoffice.privacy.services import OWN_REPORT, REPORT, report_chunk

for _name in (REPORT, OWN_REPORT):
    register(
        JobKind(
            name=_name,
            title=_("Everything about one person"),
            queue="reports",
            permission=_name,
            run=report_chunk,
        )
    )
