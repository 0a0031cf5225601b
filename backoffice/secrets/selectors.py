"""Named reads: which certificates a person sees, and which secrets open."""

import datetime as dt

from django.conf import settings
from django.db.models import Case, CharField, QuerySet, Value, When

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.secrets import rules
from backoffice.secrets.models import Certificate, Secret

VIEW = "backoffice.certificate.view"
WARN_DAYS = 30


def visible_certificates(access: Access) -> QuerySet[Certificate]:
    """The certificates of the company, with their state on the day of the access."""
    soon = access.on + dt.timedelta(days=WARN_DAYS)
    return in_scope(Certificate.objects.select_related("installed_by"), access, VIEW).annotate(
        state=Case(
            When(removed_at__isnull=False, then=Value("removed")),
            When(valid_to__date__lt=access.on, then=Value("expired")),
            When(valid_to__date__lte=soon, then=Value("expiring")),
            default=Value("valid"),
            output_field=CharField(),
        )
    )


def opens(secret: Secret) -> bool:
    """Whether the keys of this installation open a secret."""
    try:
        rules.unseal(settings.SECRETS_KEYS, secret.place, secret.key_id, bytes(secret.sealed))
    except rules.CannotOpen:
        return False
    return True


def closed_for_ever() -> list[Secret]:
    """Secrets that no key of this installation opens."""
    return [secret for secret in Secret.objects.order_by("pk") if not opens(secret)]
