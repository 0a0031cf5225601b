"""Accounts of programs as registered objects."""

from django.utils.translation import gettext_lazy as _

from backoffice.administration import forms, selectors
from backoffice.administration.api import ProgramSerializer
from backoffice.administration.filters import STATES, ProgramFilter
from backoffice.administration.register.people import GRANT_COLUMNS, ROLE
from backoffice.database.keyset import unaccented
from backoffice.identity.models import User
from backoffice.resources import registry
from backoffice.resources.records import (
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

registry.register(
    Resource(
        name="backoffice.service_account",
        lacks={
            "attachments": "Its row is that of a user, whose documents stand there.",
        },
        model=User,
        slug="programs",
        label=_("Program"),
        label_plural=_("Programs"),
        icon="robot",
        view_permission="backoffice.user.view",
        queryset=selectors.visible_programs,
        empty=_("Accounts of programs: no login, only tokens, an owner who answers, a last day."),
        state="state",
        table=Table(
            columns=(
                Column(key="name", label=_("Name"), kind=Kind.LINK, sort=unaccented("name")),
                Column(key="owner", label=_("Owner"), source="owner__name"),
                Column(key="expires_on", label=_("Last day"), kind=Kind.DATE),
                Column(key="state", label=_("State"), kind=Kind.STATE, choices=dict(STATES)),
            ),
            order="name",
            search=("name",),
        ),
        filters=ProgramFilter,
        panels=(
            Facts(
                title=_("Program"),
                facts=(
                    Fact(key="owner", label=_("Owner"), source="owner__name"),
                    Fact(key="expires_on", label=_("Last day"), kind=Kind.DATE),
                    Fact(key="created_at", label=_("Created at"), kind=Kind.DATETIME),
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
                title=_("Tokens"),
                template="administration/program_tokens.html",
                context=selectors.program_tokens_panel,
                icon="key",
            ),
        ),
        related=(Related(resource="backoffice.role_grant", filter="user"),),
        serializer=ProgramSerializer,
        create=Command(
            name="backoffice.service_account.create",
            label=_("Create program"),
            icon="plus",
            form=forms.NewProgramForm,
            leads_to=selectors.program_url,
            done=_("Program created. Its tokens are made on its page."),
        ),
        update=Command(
            name="backoffice.service_account.change",
            label=_("Edit"),
            icon="edit",
            form=forms.ProgramForm,
            initial=forms.program_initial,
            payload=forms.program_payload,
            leads_to=selectors.program_url,
            done=_("Program changed."),
        ),
        commands=(
            Command(
                name="backoffice.user.deactivate",
                label=_("Close account"),
                icon="lock",
                bulk=True,
                states=frozenset({"active"}),
                payload=forms.user_key,
                danger=True,
                done=_("The account is closed."),
            ),
        ),
        personal={
            "email": Personal(
                data_class=DataClass.PERSONAL,
                purpose=_("Programs have none."),
                basis=_("LGPD art. 7, V (contract)"),
                retention=_("Never kept."),
            ),
        },
        menu=Menu(order=15, group="people"),
    ),
)
sources.declare("backoffice.service_account", keyed="scope", also=("role_grants",))
