"""The employee."""

from django.utils.translation import gettext_lazy as _

from backoffice.exchange import importers
from backoffice.files.registry import Attachments
from backoffice.letters.views import letters_of
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Panel,
    Related,
    Resource,
    Table,
)
from hr.people import forms, selectors
from hr.people.api import EmployeeSerializer
from hr.people.filters import EmployeeFilter
from hr.people.models import Employee, EmploymentContract
from hr.people.register.parts import ADDRESS, DOCUMENTS, IDENTIFY, TERMS, situation
from hr.people.services import withdraw_hire
from hr.people.views import as_of_panel, places_panel

EMPLOYEE = Resource(
    name="hr.employee",
    model=Employee,
    slug="employees",
    label=_("Employee"),
    label_plural=_("Employees"),
    icon="users",
    view_permission="hr.employee.view",
    queryset=selectors.visible_employees,
    person="party_id",
    empty=_("Everyone who works here under an employment contract."),
    title=lambda employee: employee.party.display_name,
    state="situation",
    table=Table(
        columns=(
            Column(
                key="name",
                label=_("Name"),
                kind=Kind.LINK,
                source="party__name",
                sort="listing__sort_name",
            ),
            Column(key="registration", label=_("Registration")),
            Column(key="job_title", label=_("Job title"), source="job_title_now"),
            Column(key="department", label=_("Department"), source="department_now"),
            Column(key="branch", label=_("Branch"), source="branch_now"),
            Column(key="admitted_on", label=_("Admitted on"), kind=Kind.DATE),
            Column(
                key="salary",
                label=_("Salary"),
                kind=Kind.MONEY,
                source="salary_now",
                total=True,
            ),
            situation(),
        ),
        order="name",
        groups=("department", "branch", "job_title", "situation", "admitted_on"),
        search=("party__name", "party__social_name", "registration", "party__tax_id"),
    ),
    filters=EmployeeFilter,
    panels=(
        Facts(
            title=_("Work"),
            icon="briefcase",
            facts=(
                Fact(key="registration", label=_("Registration")),
                situation(),
                Fact(key="job_title", label=_("Job title"), source="job_title_now"),
                Fact(key="department", label=_("Department"), source="department_now"),
                Fact(key="branch", label=_("Branch"), source="branch_now"),
                Fact(key="admitted_on", label=_("Admitted on"), kind=Kind.DATE),
                Fact(
                    key="weekly_hours",
                    label=_("Hours a week"),
                    kind=Kind.QUANTITY,
                    source="weekly_hours_now",
                ),
                Fact(key="salary", label=_("Salary"), kind=Kind.MONEY, source="salary_now"),
            ),
        ),
        Panel(
            title=_("As of a day"),
            icon="calendar-event",
            template="hr/people/as_of.html",
            context=as_of_panel,
        ),
        Facts(
            title=_("Civil data"),
            icon="id",
            facts=(
                Fact(key="full_name", label=_("Full name"), source="party__name"),
                Fact(key="cpf", label=_("CPF"), kind=Kind.CPF, source="party__tax_id"),
                Fact(
                    key="birth_date",
                    label=_("Date of birth"),
                    kind=Kind.DATE,
                    source="party__birth_date",
                ),
                Fact(key="pis", label=_("PIS")),
                Fact(key="identity_card", label=_("Identity card")),
                Fact(key="mother_name", label=_("Mother's name")),
                Fact(key="marital_status", label=_("Marital status"), kind=Kind.CHOICE),
                Fact(key="email", label=_("E-mail"), source="party__email"),
                Fact(key="phone", label=_("Phone"), kind=Kind.PHONE, source="party__phone"),
                Fact(key="street", label=_("Street")),
                Fact(key="municipality", label=_("Municipality")),
            ),
        ),
        Panel(
            title=_("Letters"),
            icon="signature",
            template="letters/of_record.html",
            context=letters_of("hr.employee"),
            side=True,
        ),
        Lines(
            title=_("Salary and job history"),
            icon="history",
            rows=selectors.terms_of_employee,
            table=TERMS,
        ),
        Panel(
            title=_("Places"),
            icon="sitemap",
            template="hr/people/places.html",
            context=places_panel,
        ),
        Lines(
            title=_("Dependants"),
            icon="users-group",
            rows=selectors.dependents_of,
            table=Table(
                columns=(
                    Column(key="name", label=_("Name")),
                    Column(key="birth_date", label=_("Date of birth"), kind=Kind.DATE),
                    Column(key="kinship", label=_("Kinship"), kind=Kind.CHOICE),
                    Column(key="for_irrf", label=_("IRRF"), kind=Kind.BOOLEAN),
                    Column(
                        key="for_family_allowance",
                        label=_("Family allowance"),
                        kind=Kind.BOOLEAN,
                    ),
                    Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
                ),
                order="birth_date",
            ),
        ),
        Lines(
            title=_("Payment"),
            icon="building-bank",
            rows=selectors.payout_accounts_of,
            table=Table(
                columns=(
                    Column(key="kind", label=_("Kind"), kind=Kind.CHOICE),
                    Column(key="bank", label=_("Bank")),
                    Column(key="agency", label=_("Agency")),
                    Column(key="account", label=_("Account")),
                    Column(key="pix_key", label=_("Pix key")),
                    Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
                ),
                order="-valid_from",
            ),
        ),
        Lines(
            title=_("Contracts"),
            icon="file-text",
            rows=selectors.contracts_of,
            resource="hr.contract",
            table=Table(
                columns=(
                    Column(key="registration", label=_("Registration"), kind=Kind.LINK),
                    Column(key="category", label=_("Category"), kind=Kind.CHOICE),
                    Column(key="admitted_on", label=_("Admitted on"), kind=Kind.DATE),
                    Column(key="ended_on", label=_("Ended on"), kind=Kind.DATE),
                ),
                order="-admitted_on",
            ),
        ),
    ),
    related=(Related(resource="hr.payslip", filter="employee"),),
    serializer=EmployeeSerializer,
    create=Command(
        name="hr.employee.hire",
        label=_("Hire"),
        icon="user-plus",
        form=forms.HireForm,
        payload=forms.hire_payload,
        done=_("Employee hired."),
    ),
    update=Command(
        name="hr.employee.update",
        label=_("Change"),
        icon="edit",
        form=forms.EmployeeForm,
        initial=forms.employee_initial,
        payload=forms.update_payload,
        done=_("Civil data changed."),
    ),
    commands=(
        Command(
            name="hr.employee.change_payout",
            label=_("Change payment"),
            icon="building-bank",
            form=forms.PayoutForm,
            payload=forms.payout_payload,
            done=_("Payment changed."),
        ),
        Command(
            name="hr.employee.add_dependent",
            label=_("Add dependant"),
            icon="user-plus",
            form=forms.DependentForm,
            payload=forms.dependent_payload,
            done=_("Dependant added."),
        ),
        Command(
            name="hr.employee.end_dependent",
            label=_("End dependant"),
            icon="circle-x",
            form=forms.EndDependentForm,
            payload=forms.end_dependent_payload,
            done=_("Dependant ended."),
        ),
    ),
    restricted={
        "salary": "hr.employee.view_pay",
        "cpf": "hr.employee.view_documents",
        "birth_date": "hr.employee.view_documents",
        "pis": "hr.employee.view_documents",
        "identity_card": "hr.employee.view_documents",
        "mother_name": "hr.employee.view_documents",
        "marital_status": "hr.employee.view_documents",
        "email": "hr.employee.view_documents",
        "phone": "hr.employee.view_documents",
        "street": "hr.employee.view_documents",
        "municipality": "hr.employee.view_documents",
    },
    personal={
        "sex": IDENTIFY,
        "marital_status": IDENTIFY,
        "mother_name": IDENTIFY,
        "identity_card": IDENTIFY,
        "pis": IDENTIFY,
        "postal_code": ADDRESS,
        "street": ADDRESS,
        "street_number": ADDRESS,
        "address_extra": ADDRESS,
        "district": ADDRESS,
        "municipality": ADDRESS,
        "state": ADDRESS,
    },
    events={
        "hired": _("Hired"),
        "payout_changed": _("Payment changed"),
        "dependent_added": _("Dependant added"),
        "dependent_ended": _("Dependant ended"),
    },
    attachments=Attachments(
        view="hr.employee.view_documents",
        change="hr.employee.update",
        categories=DOCUMENTS,
        name="party__name",
    ),
    menu=Menu(order=10, key="e"),
)

importers.register(
    importers.Importer(
        resource=EMPLOYEE,
        key="cpf",
        key_path="party__tax_id",
        identifier=True,
        remove=withdraw_hire,
        parts=((EmploymentContract, "employee_id"),),
    )
)
