"""Municipalities and banks to choose from, and municipal holidays as a registered object."""

from django.utils.translation import gettext_lazy as _

from backoffice.official.models import Bank, LocalHoliday, Municipality
from backoffice.resources import registry
from backoffice.resources.records import (
    Column,
    Command,
    Fact,
    Facts,
    Kind,
    Menu,
    Resource,
    Table,
)
from backoffice.search import sources
from backoffice.structure import places
from backoffice.structure.filters import LocalHolidayFilter
from backoffice.web import choices

choices.register(
    choices.OfficialList(
        name="municipalities",
        rows=Municipality.objects.all,
        code="code",
        wording="label",
        read=choices.digits,
        show=lambda row: choices.Choice(row.code, row.label, row.code),
    ),
    choices.OfficialList(
        name="banks",
        rows=Bank.objects.all,
        code="code",
        wording="label",
        read=choices.digits,
        show=lambda row: choices.Choice(row.code, row.label),
    ),
)

YEARLY = Column(key="yearly", label=_("Day of the year"))
VALID_FROM = Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE)
VALID_TO = Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE)
ACT = Column(key="act", label=_("Act"))

HOLIDAYS_OF_PLACE = Table(
    columns=(
        Column(key="name", label=_("Name"), kind=Kind.LINK),
        YEARLY,
        ACT,
        VALID_FROM,
        VALID_TO,
    ),
    order="name",
)

registry.register(
    Resource(
        name="backoffice.local_holiday",
        model=LocalHoliday,
        slug="local-holidays",
        label=_("Municipal holiday"),
        label_plural=_("Municipal holidays"),
        icon="calendar-event",
        view_permission=places.VIEW,
        queryset=places.visible_holidays,
        empty=_(
            "Holidays of the municipalities of the branches; business days are counted with them."
        ),
        table=Table(
            columns=(
                Column(key="place", label=_("Municipality")),
                Column(key="name", label=_("Name"), kind=Kind.LINK),
                YEARLY,
                ACT,
                VALID_FROM,
                VALID_TO,
            ),
            order="place",
            search=("name", "municipality__label", "act"),
        ),
        filters=LocalHolidayFilter,
        panels=(
            Facts(
                title=_("Municipal holiday"),
                icon="calendar-event",
                facts=(
                    Fact(key="place", label=_("Municipality")),
                    Fact(key="yearly", label=_("Day of the year")),
                    ACT,
                    VALID_FROM,
                    VALID_TO,
                ),
            ),
        ),
        serializer=places.LocalHolidaySerializer,
        create=Command(
            name="backoffice.local_holiday.create",
            label=_("New municipal holiday"),
            icon="plus",
            form=places.LocalHolidayForm,
            initial=places.holiday_values,
            payload=places.holiday_payload,
            done=_("Municipal holiday entered."),
        ),
        update=Command(
            name="backoffice.local_holiday.change",
            label=_("Change"),
            icon="edit",
            form=places.LocalHolidayForm,
            initial=places.holiday_values,
            payload=places.holiday_payload,
            done=_("Municipal holiday changed."),
        ),
        menu=Menu(order=85, group="company"),
    )
)
registry.internal("Looked up where a municipality or a bank is chosen.", Municipality, Bank)
sources.declare("backoffice.local_holiday", keyed="company")
