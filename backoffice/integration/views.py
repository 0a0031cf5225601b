"""The secret of a webhook, for who may change it."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.audit.services import NewReading, record_reading
from backoffice.identity.requests import Request
from backoffice.integration.selectors import visible_webhooks
from backoffice.outbox.selectors import secret_of

CHANGE = "backoffice.webhook.change"


@require_safe
@never_cache
def secret(request: Request, pk: int) -> HttpResponse:
    """Show the secret; that somebody looked is logged first."""
    access = request.access
    if not access.can(CHANGE):
        raise PermissionDenied
    hook = get_object_or_404(visible_webhooks(access), pk=pk)
    record_reading(
        NewReading(
            at=timezone.now(),
            kind="backoffice.webhook_secret",
            ids=[hook.pk],
            company_id=access.company_id,
            user_id=access.user_id,
            channel="web",
            token_id=access.token_id,
        )
    )
    return render(request, "integration/secret.html", {"hook": hook, "secret": secret_of(hook)})
