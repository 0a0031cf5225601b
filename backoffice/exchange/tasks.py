"""What workers do for lists: the kinds of job that they know."""

from django.utils.translation import gettext_lazy as _

from backoffice.exchange.services import exports
from backoffice.jobs.registry import JobKind, register

for _name, _permission in (
    (exports.PLAIN_JOB, exports.EXPORT),
    (exports.PERSONAL_JOB, exports.EXPORT_PERSONAL),
):
    register(
        JobKind(
            name=_name,
            title=_("Export a list"),
            queue="reports",
            permission=_permission,
            run=exports.export_chunk,
        )
    )
