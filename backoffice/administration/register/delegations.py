"""Delegations as registered objects: one's own, and for administrators those of the company."""

from django.utils.translation import gettext_lazy as _

from backoffice.administration import forms, selectors
from backoffice.administration.api import DelegationSerializer
from backoffice.administration.filters import SITUATIONS, DelegationFilter
from backoffice.identity.models import Delegation
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Panel,
    Resource,
    Table,
)

COLUMNS = (
    Column(key="giver", label=_("Stands in for"), source="giver__name"),
    Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
    Column(key="valid_to", label=_("Last day"), kind=Kind.DATE),
    Column(key="situation", label=_("Situation"), kind=Kind.STATE, choices=dict(SITUATIONS)),
)

registry.register(
    Resource(
        name="backoffice.delegation",
        model=Delegation,
        slug="delegations",
        label=_("Delegation"),
        label_plural=_("Delegations"),
        icon="users",
        view_permission="backoffice.delegation.view",
        queryset=selectors.visible_delegations,
        empty=_("Who stands in for whom, with which permissions, from when to when."),
        state="situation",
        table=Table(
            columns=(
                Column(key="taker", label=_("Stand-in"), kind=Kind.LINK, source="taker__name"),
                *COLUMNS,
            ),
            order="-valid_from",
            search=("giver__name", "taker__name"),
        ),
        filters=DelegationFilter,
        panels=(
            Facts(
                title=_("Delegation"),
                facts=(
                    Fact(key="taker", label=_("Stand-in"), source="taker__name"),
                    *COLUMNS,
                    Fact(key="reason", label=_("Reason")),
                    Fact(key="created_at", label=_("Created at"), kind=Kind.DATETIME),
                    Fact(key="ended_at", label=_("Ended at"), kind=Kind.DATETIME),
                ),
            ),
            Panel(
                title=_("What it allows"),
                template="administration/permissions.html",
                context=selectors.permissions_panel,
                icon="checklist",
            ),
        ),
        serializer=DelegationSerializer,
        create=Command(
            name="backoffice.delegation.create",
            label=_("Name a stand-in"),
            icon="user-plus",
            form=forms.DelegationForm,
            initial=forms.delegation_initial,
            done=_("The stand-in can act for you on these days."),
        ),
        commands=(
            Command(
                name="backoffice.delegation.end",
                label=_("End"),
                icon="circle-x",
                bulk=True,
                states=frozenset({"current", "planned"}),
                danger=True,
                done=_("The delegation has ended."),
            ),
        ),
        menu=Menu(order=27, group="people"),
    ),
)
