"""Seal all secrets again with the first key of SECRETS_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from backoffice.commands import Channel, Context
from backoffice.organization.models import Company
from backoffice.secrets.rules import CannotOpen
from backoffice.secrets.services import rotate_secrets


class Command(BaseCommand):
    """Put the new key first in SECRETS_KEYS, run this, then take the old key away."""

    help = "Seal all secrets again with the first key of SECRETS_KEYS."

    @override
    def handle(self, *args: Any, **options: Any) -> None:
        """One transaction for each company."""
        for company in Company.objects.order_by("pk"):
            ctx = Context(company_id=company.pk, at=timezone.now(), channel=Channel.SYSTEM)
            try:
                count = rotate_secrets(ctx)
            except CannotOpen as error:
                message = (
                    f"{company}: a secret was sealed with the key {error}, which is not given."
                )
                raise CommandError(message) from error
            self.stdout.write(f"{company}: {count}")
