"""What the kernel shows in the administration pages; people and roles are changed on our pages."""

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from typing_extensions import override

from backoffice.audit.models import Event, EventBlock
from backoffice.identity.admin import USE, ReadOnlyAdmin
from backoffice.identity.models import ApiToken, Role, RoleGrant, User
from backoffice.law.models import LegalTable
from backoffice.organization.models import Branch, CostCenter, Department
from backoffice.work.models import Approval, WorkItem


@admin.register(User)
class UserAdmin(ReadOnlyAdmin):
    """Accounts with a role in the company; they are changed on the page of the user."""

    permission = "backoffice.user.view"
    fields = ("email", "name", "language", "is_active", "created_at", "last_login")
    list_display = ("email", "name", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("email", "name")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """Accounts that have, or once had, a role in the company."""
        company_id = getattr(request, "company_id", 0)
        return User.objects.filter(
            pk__in=RoleGrant.objects.filter(company_id=company_id).values("user_id")
        )


@admin.register(Role)
class RoleAdmin(ReadOnlyAdmin):
    """Standard roles and those of the company."""

    permission = "backoffice.role.view"
    list_display = ("code", "label", "company")
    fields = ("code", "label", "explanation", "company", "permissions")


@admin.register(RoleGrant)
class RoleGrantAdmin(ReadOnlyAdmin):
    """Who holds which role."""

    permission = "backoffice.user.view"
    list_display = ("user", "role", "scope", "branch", "valid_from", "valid_to", "ended_at")
    list_select_related = ("user", "role", "branch")
    list_filter = ("role", "scope")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Tokens, without anything from which one could be made."""

    permission = "backoffice.api_token.revoke_any"
    fields = ("name", "user", "prefix", "scopes", "created_at", "expires_at", "revoked_at")
    list_display = ("name", "user", "prefix", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)


@admin.register(Branch, Department, CostCenter)
class PartAdmin(ReadOnlyAdmin):
    """Parts of the company."""

    permission = USE
    list_display = ("code", "name", "closed_on")
    search_fields = ("code", "name")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What happened in the company, newest first."""

    permission = "backoffice.event.view"
    list_display = ("at", "action", "actor_id", "channel", "target_type", "target_id")
    search_fields = ("action",)
    ordering = ("-id",)


@admin.register(EventBlock)
class EventBlockAdmin(ReadOnlyAdmin):
    """The seals of the log of events; ``manage.py verify_audit`` checks them."""

    permission = "backoffice.event.view"
    company_path = ""
    list_display = ("id", "sealed_at", "count", "epoch", "hash")
    ordering = ("-id",)


@admin.register(WorkItem)
class WorkItemAdmin(ReadOnlyAdmin):
    """Where each document of the company stands."""

    permission = "backoffice.event.view"
    list_display = ("title", "process", "state", "phase", "state_since", "backward_count")
    list_filter = ("process", "phase")
    search_fields = ("title",)
    ordering = ("-id",)


@admin.register(Approval)
class ApprovalAdmin(ReadOnlyAdmin):
    """What was asked to be approved, and how it ended."""

    permission = "backoffice.approval.view_all"
    list_display = ("title", "permission", "state", "requested_by", "requested_at", "decided_at")
    list_select_related = ("requested_by",)
    list_filter = ("state",)
    search_fields = ("title",)
    ordering = ("-id",)


@admin.register(LegalTable)
class LegalTableAdmin(ReadOnlyAdmin):
    """Tables of law; they are entered, verified and confirmed on pages of their own."""

    permission = "backoffice.legal_table.view"
    list_display = ("kind", "valid_from", "valid_to", "confirmed_through", "act", "verified_by")
    list_filter = ("kind", "certainty")
    search_fields = ("act", "source")

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """All of them: the law is the same for every company."""
        return LegalTable.objects.all()
