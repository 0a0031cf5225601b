"""Pages of the administration that are no objects, and models that nobody meets as objects."""

from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import FactorReset, Invitation, UserSession
from backoffice.identity.models import ApiToken, Impersonation
from backoffice.jobs.models import (
    Job,
    JobAttempt,
    JobChunk,
    JobHeartbeat,
    JobItemError,
    WorkerBeat,
)
from backoffice.resources import registry
from backoffice.web import menu

registry.internal("Shown to their owners in “My account”.", ApiToken, UserSession)
registry.internal("A step of an account, told by its history.", Invitation, FactorReset)
registry.internal("A time of looking, told by the history of the account.", Impersonation)
registry.internal("Has pages of its own, with live progress.", Job)
registry.internal(
    "Parts and traces of a job, shown on its page.",
    JobChunk,
    JobAttempt,
    JobHeartbeat,
    JobItemError,
)
registry.internal("Shown by `manage.py doctor`.", WorkerBeat)
menu.register_group(
    menu.Group(area="backoffice", code="people", label=_("Users and roles"), order=10),
    menu.Group(area="backoffice", code="company", label=_("Company and places"), order=20),
    menu.Group(area="backoffice", code="system", label=_("Running the system"), order=30),
    menu.Group(area="backoffice", code="trail", label=_("What happened"), order=40),
)
menu.register(
    menu.Page(
        area="backoffice",
        group="people",
        label=_("What each role may do"),
        icon="table",
        url_name="backoffice.roles",
        permission="backoffice.role.view",
        order=30,
    )
)
menu.register(
    menu.Page(
        area="backoffice",
        group="system",
        label=_("Jobs"),
        icon="list-check",
        url_name="jobs:list",
        permission="backoffice.job.manage",
        order=40,
    )
)
