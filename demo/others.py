"""The other system of the example company: a webhook whose receiver is this demonstration itself."""

import os

from backoffice.commands import Context
from backoffice.outbox.services import create_webhook, ping_webhook

RECEIVER = "/demo/receiver/"
TOLD = ("hr.contract", "hr.employee", "hr.payroll_run")


def tell_others(ctx: Context) -> None:
    """Let an accounting system hear of people and payrolls, with a first trial on its way."""
    address = os.environ.get("RETAGUARDA_ADDRESS", "http://localhost:8000")
    hook = create_webhook(
        ctx, name="Contabilidade Horizonte", url=f"{address}{RECEIVER}", objects_told=TOLD
    )
    ping_webhook(ctx, webhook_id=hook.pk)
