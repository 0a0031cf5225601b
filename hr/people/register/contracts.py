"""The employment contract."""

from django.utils.translation import gettext_lazy as _

from backoffice.database.keyset import unaccented
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Resource,
    Table,
)
from hr.people import forms, selectors
from hr.people.api import ContractSerializer
from hr.people.filters import ContractFilter
from hr.people.models import EmploymentContract
from hr.people.register.parts import TERMS, situation

CONTRACT = Resource(
    name="hr.contract",
    model=EmploymentContract,
    slug="contracts",
    label=_("Employment contract"),
    label_plural=_("Employment contracts"),
    icon="file-text",
    view_permission="hr.contract.view",
    queryset=selectors.visible_contracts,
    person="employee__party_id",
    empty=_("Contracts appear when somebody is hired."),
    title=lambda contract: f"{contract.registration} · {contract.employee.party.display_name}",
    state="situation",
    table=Table(
        columns=(
            Column(key="registration", label=_("Registration"), kind=Kind.LINK),
            Column(
                key="employee",
                label=_("Employee"),
                source="employee__party__name",
                sort=unaccented("employee__party__name"),
            ),
            Column(key="category", label=_("Category"), kind=Kind.CHOICE),
            Column(key="admitted_on", label=_("Admitted on"), kind=Kind.DATE),
            Column(key="ended_on", label=_("Ended on"), kind=Kind.DATE),
            situation(),
        ),
        order="registration",
        groups=("situation", "category", "admitted_on", "ended_on"),
        search=("registration", "employee__party__name"),
    ),
    filters=ContractFilter,
    panels=(
        Facts(
            title=_("Contract"),
            icon="file-text",
            facts=(
                Fact(key="registration", label=_("Registration")),
                Fact(key="employee", label=_("Employee"), source="employee__party__name"),
                Fact(key="category", label=_("Category"), kind=Kind.CHOICE),
                Fact(key="admitted_on", label=_("Admitted on"), kind=Kind.DATE),
                Fact(key="ended_on", label=_("Ended on"), kind=Kind.DATE),
                Fact(key="trial_until", label=_("Trial until"), kind=Kind.DATE),
                Fact(key="trial_extended_until", label=_("Trial extended until"), kind=Kind.DATE),
            ),
        ),
        Lines(title=_("Terms"), icon="history", rows=selectors.terms_of, table=TERMS),
        Lines(
            title=_("Late facts"),
            icon="alert-triangle",
            rows=selectors.late_facts_of,
            table=Table(
                columns=(
                    Column(key="recorded_at", label=_("Recorded at"), kind=Kind.DATETIME),
                    Column(key="kind", label=_("Kind")),
                    Column(
                        key="first_month",
                        label=_("First month affected"),
                        kind=Kind.COMPETENCE,
                    ),
                    Column(
                        key="last_month",
                        label=_("Last month affected"),
                        kind=Kind.COMPETENCE,
                    ),
                ),
                order="-recorded_at",
            ),
        ),
    ),
    serializer=ContractSerializer,
    commands=(
        Command(
            name="hr.contract.change_terms",
            label=_("Change job, salary or hours"),
            icon="cash",
            form=forms.TermsForm,
            initial=forms.terms_initial,
            payload=forms.terms_payload,
            done=_("Terms changed."),
        ),
        Command(
            name="hr.contract.transfer",
            label=_("Transfer"),
            icon="arrows-left-right",
            bulk=True,
            form=forms.TransferForm,
            initial=forms.place_initial,
            payload=forms.transfer_payload,
            done=_("Transferred."),
        ),
        Command(
            name="hr.contract.agree_trial",
            label=_("Agree on a trial"),
            icon="calendar-event",
            form=forms.TrialForm,
            initial=forms.usual_trial,
            available=selectors.why_no_trial,
            done=_("Trial agreed."),
        ),
        Command(
            name="hr.contract.extend_trial",
            label=_("Extend the trial"),
            icon="calendar-event",
            form=forms.ExtendTrialForm,
            initial=forms.longest_extension,
            available=selectors.why_no_extension,
            done=_("Trial extended."),
        ),
        Command(
            name="hr.contract.end",
            label=_("End contract"),
            icon="logout",
            form=forms.EndForm,
            danger=True,
            done=_("Contract ended."),
        ),
    ),
    events={
        "terms_changed": _("Terms changed"),
        "transferred": _("Transferred"),
        "trial_agreed": _("Trial agreed"),
        "trial_extended": _("Trial extended"),
    },
    menu=Menu(order=20),
    calendar="ended_on",
)
