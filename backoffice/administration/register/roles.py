"""Roles as registered objects: the standard ones to read, a company's own to edit."""

from django.utils.translation import gettext_lazy as _

from backoffice.administration import forms, selectors
from backoffice.administration.api import RoleSerializer
from backoffice.administration.filters import ROLE_STATES, RoleFilter
from backoffice.administration.views import RoleChangePage
from backoffice.identity.models import Role
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Related,
    Resource,
    Table,
)
from backoffice.search import sources

registry.register(
    Resource(
        name="backoffice.role",
        model=Role,
        slug="roles",
        label=_("Role"),
        label_plural=_("Roles"),
        icon="shield-check",
        view_permission="backoffice.role.view",
        queryset=selectors.visible_roles,
        empty=_("What people may do: standard roles, and those that the company made."),
        title=lambda role: role.label,
        state="state",
        table=Table(
            columns=(
                Column(key="label", label=_("Name"), kind=Kind.LINK, source="role_label"),
                Column(key="state", label=_("Kind"), kind=Kind.STATE, choices=dict(ROLE_STATES)),
                Column(key="holders", label=_("People"), kind=Kind.INTEGER),
                Column(key="size", label=_("Permissions"), kind=Kind.INTEGER),
            ),
            order="label",
            search=("name", "code"),
        ),
        filters=RoleFilter,
        panels=(
            Facts(
                title=_("Role"),
                facts=(
                    Fact(key="code", label=_("Code")),
                    Fact(key="explanation", label=_("What it is for"), source="role_explanation"),
                    Fact(key="holders", label=_("People who hold it"), kind=Kind.INTEGER),
                ),
            ),
            Panel(
                title=_("What it allows"),
                template="administration/permissions.html",
                context=selectors.permissions_panel,
                icon="checklist",
            ),
        ),
        related=(Related(resource="backoffice.role_grant", filter="role"),),
        serializer=RoleSerializer,
        create=Command(
            name="backoffice.role.create",
            label=_("Create role"),
            icon="plus",
            form=forms.NewRoleForm,
            payload=forms.new_role_payload,
            done=_("Role created. Assign it to people."),
        ),
        update=Command(
            name="backoffice.role.change",
            label=_("Edit"),
            icon="edit",
            form=forms.RoleForm,
            initial=forms.role_initial,
            states=frozenset({"own", "retired"}),
            available=selectors.why_not_my_role,
            done=_("Role changed; it counts from the next click."),
        ),
        commands=(
            Command(
                name="backoffice.role.retire",
                label=_("Retire"),
                icon="lock",
                states=frozenset({"own"}),
                available=selectors.why_not_my_role,
                summary=selectors.what_retiring,
                danger=True,
                done=_("The role cannot be given any more."),
            ),
            Command(
                name="backoffice.role.restore",
                label=_("Restore"),
                icon="lock-open",
                states=frozenset({"retired"}),
                available=selectors.why_not_my_role,
                done=_("The role can be given again."),
            ),
        ),
        events={"retired": _("Retired"), "restored": _("Restored")},
        views={"update": RoleChangePage},
        menu=Menu(order=25, group="people"),
    ),
)
sources.declare("backoffice.role", keyed="scope", hint=())
