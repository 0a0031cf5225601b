"""The company and its parts, as registered objects."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.commands.models import IdempotencyKey
from backoffice.exchange import importers
from backoffice.organization.models import (
    Branch,
    Company,
    CostCenter,
    Department,
    Placement,
)
from backoffice.organization.services import discard_part
from backoffice.parties.models import PayoutAccount
from backoffice.periods.models import PeriodLock
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Lines,
    Menu,
    Related,
    Resource,
    Table,
    Text,
)
from backoffice.resources.shapes import serializer_of
from backoffice.search import sources
from backoffice.structure import forms, places, selectors
from backoffice.structure.api import (
    BranchSerializer,
    CompanySerializer,
)
from backoffice.structure.filters import BranchFilter, CostCenterFilter, DepartmentFilter
from backoffice.structure.register.places import HOLIDAYS_OF_PLACE
from backoffice.web import menu

CODE = Column(key="code", label=_("Code"))
NAME = Column(key="name", label=_("Name"), kind=Kind.LINK)
CLOSED = Column(key="closed_on", label=_("Last day"), kind=Kind.DATE)
CNPJ = Column(key="cnpj", label=_("CNPJ"), kind=Kind.CNPJ)


def _closing(name: str, closed: Text) -> tuple[Command, Command]:
    """The two commands that close a part of a company and open it again."""
    return (
        Command(
            name=f"{name}.close",
            label=_("Close"),
            icon="lock",
            form=forms.CloseForm,
            available=selectors.why_closed,
            done=closed,
            danger=True,
        ),
        Command(
            name=f"{name}.reopen",
            label=_("Open again"),
            icon="lock-open",
            available=selectors.why_open,
            done=_("Open again."),
        ),
    )


EVENTS = {
    "closed": _("Closed"),
    "reopened": _("Opened again"),
    "merged": _("Merged into another"),
}
MERGED = Fact(key="merged_into", label=_("Merged into"), source="merged_into__name")

COMPANY = Resource(
    name="backoffice.company",
    model=Company,
    slug="companies",
    label=_("Company"),
    label_plural=_("Companies"),
    icon="building",
    view_permission="backoffice.company.view",
    queryset=selectors.visible_companies,
    empty=_("The company whose back office this is."),
    table=Table(
        columns=(
            Column(key="trade_name", label=_("Trade name"), kind=Kind.LINK),
            Column(key="legal_name", label=_("Legal name")),
            CNPJ,
            Column(key="tax_regime", label=_("Tax regime"), kind=Kind.CHOICE),
        ),
        order="trade_name",
    ),
    panels=(
        Facts(
            title=_("Company"),
            icon="building",
            facts=(
                Fact(key="legal_name", label=_("Legal name")),
                CNPJ,
                Fact(key="tax_regime", label=_("Tax regime"), kind=Kind.CHOICE),
                Fact(key="time_zone", label=_("Time zone"), kind=Kind.CHOICE),
                Fact(
                    key="allows_self_approval",
                    label=_("Allows approval of one's own requests"),
                    kind=Kind.BOOLEAN,
                ),
            ),
        ),
    ),
    serializer=CompanySerializer,
    create=Command(
        name="backoffice.company.create",
        label=_("New company"),
        icon="plus",
        form=forms.CompanyForm,
        leads_to=lambda _company: reverse("web:home"),  # the new one is not the one chosen now
        done=_("Company created. Change to it with the button of companies at the top left."),
    ),
    update=Command(
        name="backoffice.company.change",
        label=_("Change"),
        icon="edit",
        form=forms.CompanyChangeForm,
        initial=selectors.present_values,
        done=_("Company changed."),
    ),
    menu=Menu(order=50, group="company"),
)

BRANCH = Resource(
    name="backoffice.branch",
    model=Branch,
    slug="branches",
    inline=("code", "name"),
    label=_("Branch"),
    label_plural=_("Branches"),
    icon="map-pin",
    view_permission="backoffice.branch.view",
    queryset=selectors.visible_branches,
    empty=_("Establishments of the company, each with a CNPJ of its own."),
    table=Table(
        columns=(
            CODE,
            NAME,
            CNPJ,
            Column(key="municipality", label=_("Municipality")),
            Column(key="state", label=_("State")),
            CLOSED,
        ),
        order="code",
        search=("code", "name", "cnpj", "municipality"),
    ),
    filters=BranchFilter,
    panels=(
        Facts(
            title=_("Branch"),
            icon="map-pin",
            facts=(
                CODE,
                CNPJ,
                Fact(key="address", label=_("Address")),
                Fact(key="municipality", label=_("Municipality")),
                Fact(key="state", label=_("State")),
                Fact(key="place", label=_("IBGE code"), source="place_id"),
                Fact(key="state_registration", label=_("State registration")),
                Fact(key="work_calendar", label=_("Work calendar"), source="work_calendar__name"),
                CLOSED,
            ),
        ),
        Lines(
            title=_("Municipal holidays"),
            icon="calendar-event",
            rows=places.holidays_of_branch,
            table=HOLIDAYS_OF_PLACE,
            resource="backoffice.local_holiday",
        ),
    ),
    serializer=BranchSerializer,
    create=Command(
        name="backoffice.branch.create",
        label=_("New branch"),
        icon="plus",
        form=forms.BranchForm,
        payload=places.branch_payload,
        done=_("Branch created."),
    ),
    update=Command(
        name="backoffice.branch.change",
        label=_("Change"),
        icon="edit",
        form=forms.BranchForm,
        initial=places.branch_values,
        payload=places.branch_payload,
        done=_("Branch changed."),
    ),
    commands=_closing("backoffice.branch", _("Branch closed.")),
    events=EVENTS,
    menu=Menu(order=60, group="company"),
)

DEPARTMENT = Resource(
    name="backoffice.department",
    model=Department,
    slug="departments",
    inline=("code", "name"),
    label=_("Department"),
    label_plural=_("Departments"),
    icon="sitemap",
    view_permission="backoffice.department.view",
    queryset=selectors.visible_departments,
    empty=_("The parts of the company in which people work."),
    table=Table(
        columns=(
            CODE,
            NAME,
            Column(key="parent", label=_("Parent department"), source="parent__name"),
            CLOSED,
        ),
        order="code",
        search=("code", "name"),
    ),
    filters=DepartmentFilter,
    panels=(
        Facts(
            title=_("Department"),
            icon="sitemap",
            facts=(
                CODE,
                Fact(key="parent", label=_("Parent department"), source="parent__name"),
                CLOSED,
                MERGED,
            ),
        ),
        Lines(
            title=_("Departments below"),
            icon="sitemap",
            rows=selectors.sub_departments,
            table=Table(columns=(CODE, NAME, CLOSED), order="code"),
            resource="backoffice.department",
            more="parent",
        ),
    ),
    related=(Related(resource="backoffice.department", filter="parent", label=_("Below it")),),
    serializer=serializer_of(
        Department, "id", "code", "name", "parent", "closed_on", "merged_into"
    ),
    create=Command(
        name="backoffice.department.create",
        label=_("New department"),
        icon="plus",
        form=forms.DepartmentForm,
        done=_("Department created."),
    ),
    update=Command(
        name="backoffice.department.change",
        label=_("Change"),
        icon="edit",
        form=forms.DepartmentForm,
        initial=selectors.present_values,
        done=_("Department changed."),
    ),
    commands=(
        *_closing("backoffice.department", _("Department closed.")),
        Command(
            name="backoffice.department.merge",
            label=_("Merge"),
            icon="arrows-left-right",
            form=forms.MergeDepartmentForm,
            available=selectors.why_closed,
            summary=selectors.merge_summary,
            done=_("Merged; its people belong to the other from that day on."),
            danger=True,
        ),
    ),
    events=EVENTS,
    menu=Menu(order=70, group="company"),
)

COST_CENTER = Resource(
    name="backoffice.cost_center",
    model=CostCenter,
    slug="cost-centers",
    inline=("code", "name"),
    label=_("Cost centre"),
    label_plural=_("Cost centres"),
    icon="chart-bar",
    view_permission="backoffice.cost_center.view",
    queryset=selectors.visible_cost_centers,
    empty=_("To what pay and expenses are charged."),
    table=Table(columns=(CODE, NAME, CLOSED), order="code", search=("code", "name")),
    filters=CostCenterFilter,
    panels=(Facts(title=_("Cost centre"), icon="chart-bar", facts=(CODE, CLOSED, MERGED)),),
    serializer=serializer_of(CostCenter, "id", "code", "name", "closed_on", "merged_into"),
    create=Command(
        name="backoffice.cost_center.create",
        label=_("New cost centre"),
        icon="plus",
        form=forms.PartForm,
        done=_("Cost centre created."),
    ),
    update=Command(
        name="backoffice.cost_center.change",
        label=_("Change"),
        icon="edit",
        form=forms.PartForm,
        initial=selectors.present_values,
        done=_("Cost centre changed."),
    ),
    commands=(
        *_closing("backoffice.cost_center", _("Cost centre closed.")),
        Command(
            name="backoffice.cost_center.merge",
            label=_("Merge"),
            icon="arrows-left-right",
            form=forms.MergeCostCenterForm,
            available=selectors.why_closed,
            summary=selectors.merge_summary,
            done=_("Merged; its people belong to the other from that day on."),
            danger=True,
        ),
    ),
    events=EVENTS,
    menu=Menu(order=80, group="company"),
)

registry.register(COMPANY, BRANCH, DEPARTMENT, COST_CENTER)
for _part in (DEPARTMENT, COST_CENTER):
    importers.register(
        importers.Importer(resource=_part, key="code", key_path="code", remove=discard_part)
    )
menu.register(
    menu.Page(
        area="backoffice",
        group="company",
        label=_("Organization chart"),
        icon="list-details",
        url_name="backoffice.department_tree",
        permission="backoffice.department.view",
        order=75,
    )
)
registry.internal("Shown where the person stands: on the employee and the contract.", Placement)
registry.internal("Answers kept for repeated requests.", IdempotencyKey)
registry.internal("Months that are closed, shown where they close something.", PeriodLock)
registry.internal("Where somebody is paid, shown on the employee.", PayoutAccount)
sources.exclude("An import is found in the list of imports.", "backoffice.data_import")
sources.declare("backoffice.company", keyed="company", hint=("legal_name", "cnpj"))
sources.declare("backoffice.branch", keyed="scope")
sources.declare("backoffice.department", keyed="scope")
sources.declare("backoffice.cost_center", keyed="scope")
