"""The administration pages: reference data can be edited there, everything else only read."""

from typing import TYPE_CHECKING, Any, ClassVar, cast

import pghistory
from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST
from typing_extensions import override

from backoffice.commands import Channel
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access, Scope

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Model]
else:
    ModelAdmin = admin.ModelAdmin

USE = "backoffice.admin.use"
EDIT = "backoffice.reference.edit"


class Site(admin.AdminSite):
    """Django's administration behind the one login page and our own permissions."""

    site_title = _("Administration")
    site_header = _("Retaguarda administration")
    index_title = _("Reference data and records")

    @override
    def has_permission(self, request: HttpRequest) -> bool:
        """Whether the person may use these pages, in the company that is chosen."""
        return _access(request).can(USE)

    @method_decorator(never_cache)
    @login_not_required
    @override
    def login(
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """To the login page of everybody, so that no lock-out or second factor is passed by.

        Raises:
            PermissionDenied: The person is logged in and may not use these pages.
        """
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME) or resolve_url("admin:index"))

    @method_decorator(require_POST)
    @override
    def logout(  # type: ignore[override]
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Ends the session, as the button of every page does."""
        logout(request)
        return redirect("/")

    @override
    def password_change(  # type: ignore[override]
        self,
        request: HttpRequest,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of everybody."""
        return redirect("account_change_password")


class OurModelAdmin(ModelAdmin):
    """What both kinds share: no deleting, no bulk actions, no editing in lists."""

    actions = None
    list_editable = ()
    list_per_page = 50
    show_full_result_count = False

    @override
    def has_module_permission(self, request: HttpRequest) -> bool:
        """Whether the application is listed."""
        return self.has_view_permission(request)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never: what was used stays."""
        return False


class ReferenceAdmin(OurModelAdmin):
    """Reference data that all companies share: edited here, with event and row history."""

    @override
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may use the administration pages."""
        return _access(request).can(USE)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Whoever may edit reference data."""
        return _access(request).can(EDIT)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever may edit reference data."""
        return _access(request).can(EDIT)

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Django's form, with the row history told who acts."""
        access = _access(request)
        with pghistory.context(actor=access.user_id, company=access.company_id, command=EDIT):
            return super().changeform_view(request, object_id, form_url, extra_context)

    @override
    def save_model(
        self,
        request: HttpRequest,
        obj: Model,
        form: "ModelForm[Model]",
        change: bool,
    ) -> None:
        """Save and record the event, in the one transaction of the form."""
        super().save_model(request, obj, form, change)
        ctx = context_of(request, channel=Channel.ADMIN, keyed=False)
        verb = "changed" if change else "added"
        ctx.record(f"backoffice.reference.{verb}", target=obj, data={"fields": form.changed_data})


class ReadOnlyAdmin(OurModelAdmin):
    """Documents and logs: a second place to look at them, never a way around the services.

    Attributes:
        permission: Who may look, for all rows of the company; nobody until it is named.
        company_path: Where the rows name their company; rows of no company belong to all. Empty:
            they belong to the whole database.
    """

    permission: ClassVar[str] = ""
    company_path: ClassVar[str] = "company_id"

    @override
    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Whoever holds the permission for the whole company."""
        access = _access(request)
        return access.can(USE) and access.scope(self.permission) is Scope.COMPANY

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        """Never."""
        return False

    @override
    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Never."""
        return False

    @override
    def get_queryset(self, request: HttpRequest) -> QuerySet[Model]:
        """The rows of the chosen company."""
        path = self.company_path
        if not path:
            return super().get_queryset(request)
        own = Q(**{path: _access(request).company_id}) | Q(**{f"{path}__isnull": True})
        return super().get_queryset(request).filter(own)


def _access(request: HttpRequest) -> Access:
    return cast("Request", request).access
