"""The receiver of the demonstration is as strict as one outside, and exists only there."""

from typing import Any

import pytest
from django.conf import LazySettings
from django.http import Http404
from django.test import RequestFactory
from django.utils import timezone

from backoffice.integration.delivery import message
from backoffice.outbox.models import Webhook, WebhookDelivery
from backoffice.outbox.services import renew_secret
from demo.others import RECEIVER, tell_others
from demo.views import receiver
from tests.factories import identity, people

pytestmark = [pytest.mark.django_db, pytest.mark.clone]


def sent(**over: Any) -> Any:
    hook = Webhook.objects.get()
    body, headers = message(WebhookDelivery.objects.get(), hook, timezone.now())
    request = RequestFactory().post(
        RECEIVER, body, content_type="application/json", headers={**headers, **over}
    )
    return receiver(request)


@pytest.fixture(autouse=True)
def demonstration(settings: LazySettings) -> None:
    settings.DEMO_MODE = True
    company = people.make_company()
    tell_others(identity.acting_as(identity.make_user(company, "owner"), company))


def test_what_is_signed_right_is_taken_and_nothing_else() -> None:
    assert sent().status_code == 204
    assert sent(**{"webhook-timestamp": "1"}).status_code == 401
    assert sent(**{"webhook-timestamp": "soon"}).status_code == 400
    assert sent(**{"webhook-signature": "v1,x"}).status_code == 401
    hook = Webhook.objects.get()
    old, headers = message(WebhookDelivery.objects.get(), hook, timezone.now())
    renew_secret(people.system(hook.company), webhook_id=hook.pk)
    request = RequestFactory().post(RECEIVER, old, content_type="application/json", headers=headers)
    assert receiver(request).status_code == 401


def test_outside_a_demonstration_there_is_none(settings: LazySettings) -> None:
    settings.DEMO_MODE = False
    with pytest.raises(Http404):
        sent()
