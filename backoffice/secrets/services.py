"""Seal and open secrets, change the key, install and remove certificates."""

import json

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.commands.rows import own
from backoffice.errors import WrongState
from backoffice.organization.models import Company
from backoffice.secrets import certificates, rules
from backoffice.secrets.models import Certificate, Secret


@step
def keep_secret(ctx: Context, *, name: str, content: bytes) -> Secret:
    """Seal a text under a name; an earlier one of that name makes way."""
    secret = Secret(company_id=ctx.company, name=name)
    key, sealed = rules.seal(settings.SECRETS_KEYS, secret.place, content)
    given = {"key_id": key, "sealed": sealed, "sealed_at": ctx.at}
    kept, _made = Secret.objects.update_or_create(company_id=ctx.company, name=name, defaults=given)
    return kept


@step
def open_secret(ctx: Context, secret: Secret, *, purpose: str) -> bytes:
    """Open a secret for a purpose, which is written down.

    Raises:
        CannotOpen: No key of this installation opens it.
    """
    content = rules.unseal(settings.SECRETS_KEYS, secret.place, secret.key_id, bytes(secret.sealed))
    ctx.record("backoffice.secret.opened", target=secret, data={"purpose": purpose})
    return content


@command("backoffice.secret.rotate", permission="backoffice.certificate.install")
def rotate_secrets(ctx: Context) -> int:
    """Seal every secret of the company again with the first key, after a new one was put there.

    Returns:
        How many were sealed again.

    Raises:
        CannotOpen: One opens with none of the keys; nothing was changed.
    """
    present = rules.key_id(settings.SECRETS_KEYS[0])
    rows = Secret.objects.select_for_update().filter(company_id=ctx.company)
    old = list(rows.exclude(key_id=present).order_by("pk"))
    for secret in old:
        content = rules.unseal(
            settings.SECRETS_KEYS, secret.place, secret.key_id, bytes(secret.sealed)
        )
        secret.key_id, secret.sealed = rules.seal(settings.SECRETS_KEYS, secret.place, content)
        secret.sealed_at = ctx.at
        secret.save(update_fields=["key_id", "sealed", "sealed_at"])
    if old:
        ctx.record("backoffice.secret.rotated", data={"count": len(old), "key": present})
    return len(old)


@command("backoffice.certificate.install")
def install_certificate(ctx: Context, *, content: bytes, password: str) -> Certificate:
    """Keep an A1 certificate of the company; file and password are sealed and never shown again.

    Raises:
        InvalidInput: Why it is not taken, beside the field that is wrong (``certificates.WHY``).
    """
    found = certificates.read(content, password)
    company = Company.objects.get(pk=ctx.company)
    if found.cnpj[:8] != company.cnpj[:8]:
        raise certificates.refusal("other_company")
    if found.valid_to <= ctx.at:
        raise certificates.refusal("expired")
    there = Certificate.objects.select_for_update().filter(company_id=ctx.company)
    if there.filter(fingerprint=found.fingerprint, removed_at__isnull=True).exists():
        raise certificates.refusal("already_there")
    sealed = {"pkcs12": rules.as_text(content), "password": password}
    made = Certificate.objects.create(
        company_id=ctx.company,
        subject=found.subject,
        cnpj=found.cnpj,
        issuer=found.issuer,
        serial=found.serial,
        fingerprint=found.fingerprint,
        valid_from=found.valid_from,
        valid_to=found.valid_to,
        secret=keep_secret(
            ctx,
            name=f"certificate {found.fingerprint[:40]}",
            content=json.dumps(sealed).encode(),
        ),
        installed_at=ctx.at,
        installed_by_id=ctx.actor_id,
    )
    ctx.record(
        "backoffice.certificate.installed",
        target=made,
        data={"fingerprint": found.fingerprint, "valid_to": found.valid_to.isoformat()},
    )
    return made


@command("backoffice.certificate.remove")
def remove_certificate(ctx: Context, *, certificate_id: int) -> Certificate:
    """Forget the key of a certificate; what the certificate was stays known.

    Raises:
        NotFound: There is no such certificate.
        WrongState: It was removed before.
    """
    made = own(ctx, Certificate, certificate_id)
    if made.removed_at is not None:
        raise WrongState("already_removed", _("This certificate was removed before."))
    secret_id = made.secret_id or 0
    made.removed_at, made.secret = ctx.at, None
    made.save(update_fields=["removed_at", "secret"])
    Secret.objects.filter(pk=secret_id, company_id=ctx.company).delete()
    ctx.record("backoffice.certificate.removed", target=made)
    return made


@step
def signing_material(ctx: Context, certificate: Certificate, *, purpose: str) -> tuple[bytes, str]:
    """File and password of a certificate, for what signs or speaks with it.

    Raises:
        WrongState: It was removed, or is outside its validity.
        CannotOpen: No key of this installation opens it.
    """
    valid = certificate.valid_from <= ctx.at < certificate.valid_to
    if certificate.secret is None or not valid:
        raise WrongState("not_valid", _("The certificate is not valid now."))
    given = json.loads(open_secret(ctx, certificate.secret, purpose=purpose))
    return rules.from_text(given["pkcs12"]), str(given["password"])
