"""People, their roles, and what is internal to them, as registered objects."""

from django.utils.translation import gettext_lazy as _

from backoffice.administration import forms, selectors
from backoffice.administration.api import RoleGrantSerializer, UserSerializer
from backoffice.administration.filters import SITUATIONS, STATES, RoleGrantFilter, UserFilter
from backoffice.database.keyset import unaccented
from backoffice.identity.models import SCOPES, ApiToken, Role, RoleGrant, User
from backoffice.jobs.models import (
    Job,
    JobAttempt,
    JobChunk,
    JobHeartbeat,
    JobItemError,
    WorkerBeat,
)
from backoffice.resources import registry
from backoffice.resources.records import (
    Area,
    Column,
    Command,
    DataClass,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Personal,
    Related,
    Resource,
    Table,
)
from backoffice.web import menu

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
        ),
        related=(Related(resource="backoffice.role_grant", filter="user"),),
        serializer=UserSerializer,
        create=Command(
            name="backoffice.user.create",
            label=_("Create user"),
            icon="user-plus",
            form=forms.NewUserForm,
            payload=forms.new_user_payload,
            done=_("User created. “Forgot password” on the login page sends the first password."),
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
                states=frozenset({"active"}),
                available=selectors.why_not_own_account,
                danger=True,
                done=_("The account is closed."),
            ),
            Command(
                name="backoffice.user.reactivate",
                label=_("Open account again"),
                icon="lock-open",
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
        menu=Menu(order=10, key="u"),
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
                states=frozenset({"current", "planned"}),
                available=selectors.why_not_own_role,
                danger=True,
                done=_("The role has ended; it does not count any more."),
            ),
        ),
        menu=Menu(order=20),
    ),
)
registry.internal("Shown as the matrix of roles; a later page edits them.", Role)
registry.internal("Shown to their owners in “My account”.", ApiToken)
registry.internal("Has pages of its own, with live progress.", Job)
registry.internal(
    "Parts and traces of a job, shown on its page.",
    JobChunk,
    JobAttempt,
    JobHeartbeat,
    JobItemError,
)
registry.internal("Shown by `manage.py doctor`.", WorkerBeat)
menu.register(
    menu.Page(
        area="backoffice",
        label=_("What each role may do"),
        icon="table",
        url_name="backoffice.roles",
        permission="backoffice.role.view",
        order=30,
    )
)
menu.register(
    menu.Page(
        area="backoffice",
        label=_("Jobs"),
        icon="list-check",
        url_name="jobs:list",
        permission="backoffice.job.manage",
        order=40,
    )
)
