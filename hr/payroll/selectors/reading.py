"""Who reads, and the log of what they read, for doors that are not generic."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.request import Request

from backoffice.audit.services import NewReading, record_reading
from backoffice.identity.rules import Access


def access_from(request: HttpRequest | Request) -> Access:
    """What the person or token behind a request may do."""
    access: Access = request.access  # type: ignore[union-attr]
    return access


def log_reading(request: HttpRequest | Request, kind: str, ids: Sequence[int]) -> None:
    """Log that sensitive records are shown, before they are."""
    access = access_from(request)
    record_reading(
        NewReading(
            at=timezone.now(),
            kind=kind,
            ids=ids,
            company_id=access.company_id,
            user_id=access.user_id,
            channel="api" if access.token_id else "web",
            token_id=access.token_id,
        )
    )
