"""What ends in the kernel itself; areas declare theirs in their ``register.py``."""

import datetime as dt
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, Concat, TruncDate
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import Invitation
from backoffice.expiry.registry import Expiry, Renewal, register
from backoffice.files.models import Attachment
from backoffice.files.selectors import MANAGE, visible_attachments, with_owner_names
from backoffice.identity.models import ApiToken, Delegation, RoleGrant, User, UserKind
from backoffice.identity.rules import Access
from backoffice.identity.selectors import (
    delegations_visible_to,
    in_scope,
    users_visible_to,
)
from backoffice.law.models import KIND_TITLES, LegalTable
from backoffice.secrets.models import Certificate
from backoffice.secrets.selectors import visible_certificates

TABLES = "backoffice.legal_table.view"


def certificates(company_id: int, _on: dt.date) -> QuerySet[Certificate]:
    """Those that are here, and that none of the same holder outlives."""
    present = Certificate.objects.filter(company_id=company_id, removed_at__isnull=True)
    newer = present.filter(cnpj=OuterRef("cnpj"), valid_to__gt=OuterRef("valid_to"))
    return present.filter(~Exists(newer))


def tokens(company_id: int, _on: dt.date) -> QuerySet[ApiToken]:
    """Those that were not taken back, of accounts that are open."""
    return ApiToken.objects.filter(
        company_id=company_id, revoked_at__isnull=True, user__is_active=True
    )


def visible_tokens(access: Access) -> QuerySet[ApiToken]:
    """One's own, and for who looks after programs those of the programs."""
    rows = ApiToken.objects.filter(company_id=access.company_id)
    wanted = Q(user_id=access.user_id) | Q(user__owner_id=access.user_id)
    if access.can("backoffice.service_account.change"):
        wanted |= Q(user__kind=UserKind.SERVICE)
    return rows.filter(wanted)


def programs(company_id: int, _on: dt.date) -> QuerySet[User]:
    """Open accounts of programs with a role in the company."""
    roles = RoleGrant.objects.filter(
        company_id=company_id, user_id=OuterRef("pk"), ended_at__isnull=True
    )
    return User.objects.filter(Exists(roles), kind=UserKind.SERVICE, is_active=True)


def grants(company_id: int, _on: dt.date) -> QuerySet[RoleGrant]:
    """Roles with a planned last day, of open accounts."""
    return RoleGrant.objects.filter(
        company_id=company_id,
        ended_at__isnull=True,
        valid_to__isnull=False,
        user__is_active=True,
    )


def invitations(company_id: int, _on: dt.date) -> QuerySet[Invitation]:
    """Those that nobody has used or taken back."""
    return Invitation.objects.filter(
        company_id=company_id, used_at__isnull=True, revoked_at__isnull=True
    )


def visible_invitations(access: Access) -> QuerySet[Invitation]:
    """Those of accounts that this person sees."""
    return Invitation.objects.filter(
        company_id=access.company_id, user__in=users_visible_to(access).values("pk")
    )


def documents(company_id: int, _on: dt.date) -> QuerySet[Attachment]:
    """Documents with a last day that no newer one of their record and category outlives."""
    present = Attachment.objects.filter(
        company_id=company_id, removed_at__isnull=True, valid_until__isnull=False
    )
    newer = present.filter(
        owner_type=OuterRef("owner_type"),
        owner_id=OuterRef("owner_id"),
        category=OuterRef("category"),
        valid_until__gt=OuterRef("valid_until"),
    )
    return with_owner_names(present.filter(~Exists(newer)))


def tables(_company_id: int, _on: dt.date) -> QuerySet[LegalTable]:
    """Verified tables that hold until somebody looks again; the law is the same for everybody."""
    newer = LegalTable.objects.filter(
        kind=OuterRef("kind"),
        valid_from__gt=OuterRef("valid_from"),
        verified_on__isnull=False,
        replaced_on__isnull=True,
    )
    return LegalTable.objects.filter(
        ~Exists(newer),
        verified_on__isnull=False,
        replaced_on__isnull=True,
        valid_to__isnull=True,
        confirmed_through__isnull=False,
    )


def visible_tables(access: Access) -> QuerySet[LegalTable]:
    """All of them, for who may see them."""
    return LegalTable.objects.all() if access.can(TABLES) else LegalTable.objects.none()


def visible_grants(access: Access) -> QuerySet[RoleGrant]:
    """Roles of people in the company."""
    return in_scope(RoleGrant.objects.all(), access, "backoffice.user.view")


def _page(name: str) -> Any:  # noqa: ANN401  key -> address
    return lambda pk: reverse(name, args=[pk])


register(
    Expiry(
        name="backoffice.certificate",
        label=_("Certificate"),
        rows=certificates,
        visible=visible_certificates,
        ends=TruncDate("valid_to"),
        called="subject",
        url=_page("backoffice.certificate.detail"),
        warn=(60, 30, 15, 7, 1, 0),
        told="backoffice.certificate.install",
        renew=Renewal(
            label=_("Install the next certificate"),
            url=lambda _pk: reverse("backoffice.certificate.install"),
            permission="backoffice.certificate.install",
        ),
    ),
    Expiry(
        name="backoffice.api_token",
        label=_("API token"),
        rows=tokens,
        visible=visible_tokens,
        ends=TruncDate("expires_at"),
        called="name",
        url=lambda _pk: reverse("account_tokens"),
        warn=(14, 3, 0),
        told="backoffice.service_account.change",
        responsible=Coalesce("user__owner_id", "user_id"),
        renew=Renewal(label=_("New token"), url=lambda _pk: reverse("account_new_token")),
    ),
    Expiry(
        name="backoffice.service_account",
        label=_("Program"),
        rows=programs,
        visible=lambda access: users_visible_to(access).filter(kind=UserKind.SERVICE),
        ends="expires_on",
        called="name",
        url=_page("backoffice.service_account.detail"),
        told="backoffice.service_account.change",
        responsible="owner_id",
        renew=Renewal(
            label=_("Change"),
            url=_page("backoffice.service_account.update"),
            permission="backoffice.service_account.change",
        ),
    ),
    Expiry(
        name="backoffice.role_grant",
        label=_("Role of a user"),
        rows=grants,
        visible=visible_grants,
        ends="valid_to",
        called="user__name",
        url=_page("backoffice.role_grant.detail"),
        warn=(15, 3),
        told="backoffice.role_grant.assign",
        renew=Renewal(
            label=_("Assign a role"),
            url=lambda _pk: reverse("backoffice.role_grant.create"),
            permission="backoffice.role_grant.assign",
        ),
    ),
    Expiry(
        name="backoffice.delegation",
        label=_("Delegation"),
        rows=lambda company_id, _on: Delegation.objects.filter(
            company_id=company_id, ended_at__isnull=True
        ),
        visible=delegations_visible_to,
        ends="valid_to",
        called="taker__name",
        url=_page("backoffice.delegation.detail"),
        warn=(3, 0),
        responsible="giver_id",
        renew=Renewal(
            label=_("New delegation"), url=lambda _pk: reverse("backoffice.delegation.create")
        ),
    ),
    Expiry(
        name="backoffice.invitation",
        label=_("Invitation"),
        rows=invitations,
        visible=visible_invitations,
        ends=TruncDate("expires_at"),
        called="user__name",
        url=_page("backoffice.user.detail"),
        opens="user_id",
        warn=(1,),
        told="backoffice.user.invite",
        responsible="invited_by_id",
    ),
    Expiry(
        name="backoffice.attachment",
        label=_("Document"),
        rows=documents,
        visible=visible_attachments,
        ends="valid_until",
        called=Case(
            When(owner_name="", then="title"),
            default=Concat("title", Value(" · "), "owner_name"),
            output_field=CharField(),
        ),
        url=_page("backoffice.attachment.detail"),
        told=MANAGE,
        renew=Renewal(label=_("New version"), url=_page("files:replace"), permission=MANAGE),
    ),
    Expiry(
        name="backoffice.legal_table",
        label=_("Legal table"),
        rows=tables,
        visible=visible_tables,
        ends="confirmed_through",
        called=Case(
            *(
                When(kind=code, then=Value(title, output_field=CharField()))
                for code, title in KIND_TITLES.items()
            ),
            default=KeyTextTransform("name", "payload"),
            output_field=CharField(),
        ),
        url=_page("backoffice.legal_table.detail"),
        told="backoffice.legal_table.confirm",
        renew=Renewal(
            label=_("Confirm for longer"),
            url=_page("backoffice.legal_table.detail"),
            permission="backoffice.legal_table.confirm",
        ),
    ),
)
