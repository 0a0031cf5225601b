"""What ends soon in the example company: a trial, documents, the certificate; and the first warnings."""

import datetime as dt

from backoffice.commands import Context
from backoffice.expiry.services import give_alarms
from demo import papers
from hr.people.models import Employee, EmploymentContract
from hr.people.services import agree_trial

TRIAL = dt.timedelta(days=29)


def begin(ctx: Context, shown: list[Employee], newest: EmploymentContract) -> None:
    """Keep documents and the certificate, put the newest contract on trial, and warn of it all."""
    papers.keep_documents(ctx, shown)
    papers.install_example_certificate(ctx)
    agree_trial(ctx, contract_id=newest.pk, trial_until=newest.admitted_on + TRIAL)
    give_alarms(ctx)
