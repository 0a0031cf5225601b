"""`/livez` and `/readyz`: for containers and load balancers; anonymous, and saying little."""

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from backoffice.doctor.selectors import pending_migrations


@login_not_required
@require_safe
@never_cache
def livez(_request: HttpRequest) -> JsonResponse:
    """The process answers; asks nobody else, so that a lost database restarts no container."""
    return JsonResponse({"status": "alive"})


@login_not_required
@require_safe
@never_cache
def readyz(_request: HttpRequest) -> JsonResponse:
    """Requests can be served: the database answers and has the schema of this version.

    Redis is not asked: pages work without it.
    """
    try:
        missing = pending_migrations()
    except Error:
        return JsonResponse({"status": "no database"}, status=503)
    if missing:
        return JsonResponse({"status": "migrations pending"}, status=503)
    return JsonResponse({"status": "ready"})
