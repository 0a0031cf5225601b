"""Mails of which nobody knows whether they arrived."""

from itertools import count
from typing import Any

from django.db import transaction

from backoffice.notifications import services
from backoffice.notifications.models import Mail
from backoffice.organization.models import Company
from tests.factories import people
from tests.factories.objects import factory_for

_numbers = count(1)


@factory_for("backoffice.mail")
def uncertain(company: Company, **over: Any) -> Mail:
    number = next(_numbers)
    with transaction.atomic():
        made = services.send_mail(
            people.system(company),
            key=f"sample:{number}",
            recipient=f"pessoa{number}@example.com",
            subject=f"Assunto {number}",
            body="Texto",
        )
    at = {"sending_since": people.AT, "error": "O servidor desligou."}
    Mail.objects.filter(pk=made.pk).update(state="uncertain", **at)
    made.refresh_from_db()
    return made
