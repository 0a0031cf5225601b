"""Consuming events, and delivering them to webhooks."""

from backoffice.outbox.services.consuming import consume
from backoffice.outbox.services.deliveries import Attempt, claim, record_answer
from backoffice.outbox.services.replays import replay_delivery, replay_failed
from backoffice.outbox.services.webhooks import (
    change_webhook,
    create_webhook,
    ping_webhook,
    renew_secret,
    stop_webhook,
)

__all__ = [
    "Attempt",
    "change_webhook",
    "claim",
    "consume",
    "create_webhook",
    "ping_webhook",
    "record_answer",
    "renew_secret",
    "replay_delivery",
    "replay_failed",
    "stop_webhook",
]
