"""People and the roles that they hold, as registered objects."""

from django.utils.translation import gettext_lazy as _

from backoffice.administration import forms, selectors
from backoffice.administration.api import RoleGrantSerializer, UserSerializer
from backoffice.administration.filters import SITUATIONS, STATES, RoleGrantFilter, UserFilter
from backoffice.database.keyset import unaccented
from backoffice.identity.models import SCOPES, RoleGrant, User
from backoffice.resources import registry
from backoffice.resources.records import (
    Area,
    Board,
    Column,
    Command,
    DataClass,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Personal,
    Related,
    Resource,
    Table,
)
from backoffice.search import sources

GRANT_COLUMNS = (
    Column(key="scope", label=_("For whose records"), kind=Kind.CHOICE, choices=dict(SCOPES)),
    Column(key="branch", label=_("Branch"), source="branch__name"),
    Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
    Column(key="valid_to", label=_("Last day"), kind=Kind.DATE),
    Column(key="situation", label=_("Situation"), kind=Kind.STATE, choices=dict(SITUATIONS)),
)
ROLE = Column(key="role", label=_("Role"), kind=Kind.LINK, source="role_label")

registry.register_area(
    Area(code="backoffice", label=_("Administration"), icon="settings", order=90)
)
registry.register(
    Resource(
        name="backoffice.user",
        model=User,
        slug="users",
        label=_("User"),
        label_plural=_("Users"),
        icon="users-group",
        view_permission="backoffice.user.view",
        queryset=selectors.visible_users,
        empty=_("Everybody who may log in here, and what they may do."),
        state="state",
        table=Table(
            columns=(
                Column(key="name", label=_("Name"), kind=Kind.LINK, sort=unaccented("name")),
                Column(key="email", label=_("E-mail")),
                Column(key="state", label=_("State"), kind=Kind.STATE, choices=dict(STATES)),
                Column(key="last_login", label=_("Last login"), kind=Kind.DATETIME),
            ),
            order="name",
            search=("name", "email"),
        ),
        filters=UserFilter,
        panels=(
            Facts(
                title=_("Account"),
                facts=(
                    Fact(key="email", label=_("E-mail")),
                    Fact(key="person", label=_("Person"), source="person__name"),
                    Fact(key="language", label=_("Language")),
                    Fact(key="created_at", label=_("Created at"), kind=Kind.DATETIME),
                    Fact(key="last_login", label=_("Last login"), kind=Kind.DATETIME),
                ),
            ),
            Lines(
                title=_("Roles"),
                rows=selectors.roles_of,
                table=Table(columns=(ROLE, *GRANT_COLUMNS), order="-valid_from"),
                resource="backoffice.role_grant",
                more="user",
                icon="shield-check",
            ),
            Panel(
                title=_("Access"),
                template="administration/access.html",
                context=selectors.access_panel,
                icon="key",
                side=True,
            ),
        ),
        related=(Related(resource="backoffice.role_grant", filter="user"),),
        serializer=UserSerializer,
        create=Command(
            name="backoffice.user.create",
            label=_("Create user"),
            icon="user-plus",
            form=forms.NewUserForm,
            payload=forms.new_user_payload,
            done=_("User created. Invite them now, by mail or with a printed code."),
        ),
        update=Command(
            name="backoffice.user.edit",
            label=_("Edit"),
            icon="edit",
            form=forms.UserForm,
            initial=forms.user_initial,
            payload=forms.user_payload,
            available=selectors.why_not_own_account,
            done=_("User changed."),
        ),
        commands=(
            Command(
                name="backoffice.user.deactivate",
                label=_("Close account"),
                icon="lock",
                bulk=True,
                states=frozenset({"active"}),
                available=selectors.why_not_own_account,
                danger=True,
                done=_("The account is closed."),
            ),
            Command(
                name="backoffice.user.unlock",
                label=_("Unlock"),
                icon="lock-open",
                available=selectors.why_not_locked,
                done=_("They can try again at once."),
            ),
            Command(
                name="backoffice.user.end_sessions",
                label=_("Log out everywhere"),
                icon="logout",
                bulk=True,
                states=frozenset({"active"}),
                danger=True,
                done=_("They are logged out everywhere."),
            ),
            Command(
                name="backoffice.user.ask_factor_reset",
                label=_("Ask to reset second factors"),
                icon="shield-check",
                form=forms.ReasonForm,
                available=selectors.why_no_factor_reset,
                danger=True,
                done=_("Another administrator can reset them now."),
            ),
            Command(
                name="backoffice.user.reset_factors",
                label=_("Reset second factors"),
                icon="shield-check",
                available=selectors.why_not_reset,
                summary=selectors.what_reset,
                danger=True,
                done=_("The second factors are gone; the password alone opens the account now."),
            ),
            Command(
                name="backoffice.user.reactivate",
                label=_("Open account again"),
                icon="lock-open",
                bulk=True,
                states=frozenset({"inactive"}),
                done=_("The account is open."),
            ),
        ),
        personal={
            "email": Personal(
                data_class=DataClass.PERSONAL,
                purpose=_("To log in and to be told what happens."),
                basis=_("LGPD art. 7, V (contract)"),
                retention=_("As long as records name the person who acted."),
            ),
            "name": Personal(
                data_class=DataClass.PERSONAL,
                purpose=_("To show who did what."),
                basis=_("LGPD art. 7, II (legal obligation)"),
                retention=_("As long as records name the person who acted."),
            ),
        },
        events={
            "unlocked": _("Unlocked"),
            "logged_out": _("Logged out everywhere"),
            "invited": _("Invited"),
            "invitation_accepted": _("Chose a password with the invitation"),
            "password_changed": _("Changed the password"),
            "company_login_linked": _("Linked with the company login"),
            "factor_added": _("Added a second factor"),
            "factor_removed": _("Removed a second factor"),
            "recovery_codes_drawn": _("Drew new recovery codes"),
            "factor_reset_asked": _("Asked to reset the second factors"),
            "factors_reset": _("Reset the second factors"),
            "impersonated": _("Looked through this account"),
        },
        menu=Menu(order=10, group="people", key="u"),
        board=Board(
            moves={"inactive": "deactivate", "active": "reactivate"}, shows=("email", "last_login")
        ),
    ),
    Resource(
        name="backoffice.role_grant",
        model=RoleGrant,
        slug="role-grants",
        label=_("Role of a user"),
        label_plural=_("Roles of users"),
        icon="shield-check",
        view_permission="backoffice.user.view",
        queryset=selectors.visible_grants,
        empty=_("Who may do what, for whose records, and since when."),
        state="situation",
        table=Table(
            columns=(
                Column(key="user", label=_("User"), kind=Kind.LINK, source="user__name"),
                Column(key="role", label=_("Role"), source="role_label"),
                *GRANT_COLUMNS,
            ),
            order="user",
            search=("user__name", "user__email"),
        ),
        filters=RoleGrantFilter,
        panels=(
            Facts(
                title=_("Role"),
                facts=(
                    Fact(key="user", label=_("User"), source="user__name"),
                    Fact(key="role", label=_("Role"), source="role_label"),
                    *GRANT_COLUMNS,
                    Fact(key="ended_at", label=_("Ended at"), kind=Kind.DATETIME),
                ),
            ),
        ),
        serializer=RoleGrantSerializer,
        create=Command(
            name="backoffice.role_grant.assign",
            label=_("Assign role"),
            icon="shield-check",
            form=forms.AssignRoleForm,
            done=_("Role assigned; it counts from the next click."),
        ),
        commands=(
            Command(
                name="backoffice.role_grant.end",
                label=_("End role"),
                icon="circle-x",
                bulk=True,
                states=frozenset({"current", "planned"}),
                available=selectors.why_not_own_role,
                danger=True,
                done=_("The role has ended; it does not count any more."),
            ),
        ),
        menu=Menu(order=20, group="people"),
    ),
)
sources.declare("backoffice.user", keyed="scope", also=("role_grants",), person=True)
sources.exclude("Roles of people are found through the person.", "backoffice.role_grant")
