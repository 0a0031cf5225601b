"""What the kernel shows in the administration pages; people and roles are changed on our pages."""

from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.models import Event
from backoffice.commands import Channel
from backoffice.errors import BusinessError
from backoffice.identity.admin import USE, ReadOnlyAdmin, ReferenceAdmin
from backoffice.identity.models import ApiToken, Role, RoleGrant, User
from backoffice.identity.requests import Request, context_of
from backoffice.law.models import LegalTable
from backoffice.law.services import verify_table
from backoffice.organization.models import Branch, CostCenter, Department
from backoffice.work.models import Approval, WorkItem

if TYPE_CHECKING:
    from django.forms import ModelForm


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
    list_display = ("code", "name", "active")
    search_fields = ("code", "name")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What happened in the company, newest first."""

    permission = "backoffice.event.view"
    list_display = ("at", "action", "actor_id", "channel", "target_type", "target_id")
    search_fields = ("action",)
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
class LegalTableAdmin(ReferenceAdmin):
    """Tables of law: a draft can be edited; verified by a second person, it is only read."""

    actions = ("verify",)  # type: ignore[assignment]  # the others have none
    fields = (
        "kind",
        "valid_from",
        "valid_to",
        "confirmed_through",
        "known_from",
        "act",
        "source",
        "certainty",
        "payload",
        "corrects",
    )
    list_display = ("kind", "valid_from", "valid_to", "confirmed_through", "act", "verified_by")
    list_filter = ("kind", "certainty")
    search_fields = ("act", "source")

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Drafts only; the database keeps the rest too."""
        draft = obj is None or cast("LegalTable", obj).verified_on is None
        return draft and super().has_change_permission(request, obj)

    def has_verify_permission(self, request: HttpRequest) -> bool:
        """Whoever may verify tables; that it is another person is checked by the command."""
        return cast("Request", request).access.can("backoffice.legal_table.verify")

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: "ModelForm[Model]",
        change: bool,
    ) -> None:
        """Remember who entered or last changed the draft: that person cannot verify it."""
        cast("LegalTable", obj).entered_by_id = request.user.pk
        super().save_model(request, obj, form, change)

    @admin.action(description=_("Verify the chosen tables"), permissions=["verify"])
    def verify(self, request: HttpRequest, queryset: "QuerySet[LegalTable]") -> None:
        """Verify each chosen table; each refusal is said for itself."""
        ctx = context_of(request, channel=Channel.ADMIN, keyed=False)
        name = cast("User", request.user).name
        for table in queryset:
            try:
                verify_table(ctx, table_id=table.pk, verified_by=name)
            except BusinessError as refusal:
                self.message_user(request, f"{table}: {refusal}", messages.ERROR)
            else:
                self.message_user(request, _("%(table)s is verified.") % {"table": table})
