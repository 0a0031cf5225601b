"""Commands on webhooks."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.commands.rows import own, save
from backoffice.errors import NotAllowed, WrongState
from backoffice.outbox.models import Webhook, WebhookDelivery


@command("backoffice.webhook.create")
def create_webhook(ctx: Context, *, name: str, url: str, objects_told: Sequence[str]) -> Webhook:
    """Tell another system from now on; with the rights of the person who asks for it.

    Raises:
        InvalidInput: ``already_in_use``.
        NotAllowed: Nobody is behind it.
    """
    if ctx.actor_id is None:
        raise NotAllowed("nobody", _("A webhook needs a person whose rights it has."))
    hook = Webhook(
        company_id=ctx.company,
        name=name,
        url=url,
        objects_told=sorted(objects_told),
        owner_id=ctx.actor_id,
        created_at=ctx.at,
    )
    return save(ctx, hook, "created")


@command("backoffice.webhook.change")
def change_webhook(
    ctx: Context, *, webhook_id: int, name: str, url: str, objects_told: Sequence[str], active: bool
) -> Webhook:
    """Change what is told and where to; who changes it answers for it from now on.

    Raises:
        InvalidInput: ``already_in_use``.
        NotAllowed: Nobody is behind it.
        NotFound: The company has no such webhook.
    """
    hook = own(ctx, Webhook, webhook_id)
    if ctx.actor_id is None:
        raise NotAllowed("nobody", _("A webhook needs a person whose rights it has."))
    hook.name, hook.url, hook.objects_told = name, url, sorted(objects_told)
    hook.active, hook.stopped_because, hook.owner_id = active, "", ctx.actor_id
    return save(ctx, hook, "changed")


@command("backoffice.webhook.renew_secret", permission="backoffice.webhook.change")
def renew_secret(ctx: Context, *, webhook_id: int) -> Webhook:
    """Sign with a new secret from now on; the old one is worth nothing any more.

    Raises:
        NotFound: The company has no such webhook.
    """
    hook = own(ctx, Webhook, webhook_id)
    hook.secret_version += 1
    return save(ctx, hook, "secret_renewed")


@command("backoffice.webhook.ping", permission="backoffice.webhook.change")
def ping_webhook(ctx: Context, *, webhook_id: int) -> WebhookDelivery:
    """Send a message that says nothing, to see whether the other side takes it.

    Raises:
        NotFound: The company has no such webhook.
        WrongState: It is stopped.
    """
    hook = own(ctx, Webhook, webhook_id)
    if not hook.active:
        raise WrongState("stopped", _("This webhook is stopped."))
    action = "backoffice.webhook.pinged"
    return WebhookDelivery.objects.create(
        company_id=hook.company_id,
        webhook=hook,
        event_id=ctx.record(action, target=hook),
        action=action,
        target_type=hook._meta.label_lower,
        target_id=hook.pk,
        event_at=ctx.at,
        due_at=ctx.at,
    )


@step
def stop_webhook(ctx: Context, webhook_id: int, reason: str) -> None:
    """Tell an address nothing more, because it said that it is gone."""
    hook = own(ctx, Webhook, webhook_id)
    if hook.active:
        hook.active, hook.stopped_because = False, reason
        save(ctx, hook, "stopped")
