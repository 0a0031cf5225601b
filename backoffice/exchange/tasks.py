"""What workers do for lists: the kinds of job that they know, and what is forgotten with time."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.commands import Context
from backoffice.exchange.retention import forget_rows
from backoffice.exchange.selectors import IMPORT
from backoffice.exchange.services import applying, exports, imports
from backoffice.jobs.registry import Duty, JobKind, register, register_duty
from backoffice.jobs.rules import Every, Rhythm

for _name, _permission in (
    (exports.PLAIN_JOB, exports.EXPORT),
    (exports.PERSONAL_JOB, exports.EXPORT_PERSONAL),
):
    register(
        JobKind(
            name=_name,
            title=gettext_lazy("Export a list"),
            queue="reports",
            permission=_permission,
            run=exports.export_chunk,
        )
    )

for _name, _title, _run, _finish in (
    (
        imports.CHECK_JOB,
        gettext_lazy("Check the rows of an import"),
        applying.check_chunk,
        applying.finish_check,
    ),
    (applying.APPLY_JOB, gettext_lazy("Import"), applying.apply_chunk, applying.finish_apply),
    (applying.UNDO_JOB, gettext_lazy("Undo an import"), applying.undo_chunk, applying.finish_undo),
):
    register(
        JobKind(
            name=_name,
            title=_title,
            permission=IMPORT,
            run=_run,
            finish=_finish,
            target_url=lambda pk: reverse("backoffice.data_import.detail", args=[pk]),
        )
    )


def forget(ctx: Context) -> str:
    """Forget the rows of old imports."""
    return _("%(count)s rows forgotten.") % {"count": forget_rows(at=ctx.at)}


register_duty(
    Duty(
        name="backoffice.exchange.forget",
        title=gettext_lazy("Forget the rows of old imports"),
        run=forget,
        rhythm=Rhythm(every=Every.DAY, minute=3 * 60 + 30),
    )
)
