"""The pay item."""

from django.utils.translation import gettext_lazy as _

from backoffice.resources.records import Column, Fact, Facts, Kind, Menu, Resource, Table
from backoffice.resources.shapes import filters_of, serializer_of
from hr.payroll.models import PayItem
from hr.payroll.selectors.runs import visible_pay_items

_CODES = (
    Column(key="nature", label=_("Nature (eSocial)")),
    Column(key="incidence_cp", label=_("INSS")),
    Column(key="incidence_irrf", label=_("IRRF")),
    Column(key="incidence_fgts", label=_("FGTS")),
)

PAY_ITEM = Resource(
    name="hr.pay_item",
    model=PayItem,
    slug="pay-items",
    label=_("Pay item"),
    label_plural=_("Pay items"),
    icon="list-details",
    view_permission="hr.payroll_run.view",
    queryset=visible_pay_items,
    empty=_("The lines that a payslip can have."),
    table=Table(
        columns=(
            Column(key="code", label=_("Code")),
            Column(key="name", label=_("Name"), kind=Kind.LINK),
            Column(key="kind", label=_("Kind"), kind=Kind.CHOICE),
            *_CODES,
        ),
        order="code",
        search=("code", "name", "nature"),
    ),
    filters=filters_of(PayItem, "kind"),
    panels=(
        Facts(
            title=_("Pay item"),
            facts=(
                Fact(key="code", label=_("Code")),
                Fact(key="name", label=_("Name")),
                Fact(key="kind", label=_("Kind"), kind=Kind.CHOICE),
                *_CODES,
                Fact(key="source", label=_("Source")),
                Fact(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
                Fact(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
            ),
        ),
    ),
    serializer=serializer_of(
        PayItem,
        *("id", "code", "name", "kind", "nature", "incidence_cp", "incidence_irrf"),
        *("incidence_fgts", "valid_from", "valid_to"),
    ),
    menu=Menu(order=80),
)
