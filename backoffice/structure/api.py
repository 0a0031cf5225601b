"""Shapes in which the API shows the organization."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.numbering.models import NumberFormat
from backoffice.organization.models import (
    Branch,
    CalendarDay,
    Company,
    WorkCalendar,
    WorkWindow,
)


class CompanySerializer(serializers.ModelSerializer[Company]):
    """A company."""

    class Meta:
        model = Company
        fields: ClassVar = [
            "id",
            "cnpj",
            "legal_name",
            "trade_name",
            "tax_regime",
            "time_zone",
            "allows_self_approval",
        ]
        read_only_fields = fields


class BranchSerializer(serializers.ModelSerializer[Branch]):
    """A branch; ``place`` is the code of its municipality at IBGE."""

    class Meta:
        model = Branch
        fields: ClassVar = [
            "id",
            "code",
            "name",
            "cnpj",
            "address",
            "municipality",
            "state",
            "place",
            "state_registration",
            "work_calendar",
            "closed_on",
        ]
        read_only_fields = fields


class WorkWindowSerializer(serializers.ModelSerializer[WorkWindow]):
    """Hours of a weekday (0 is Monday), in minutes after midnight."""

    class Meta:
        model = WorkWindow
        fields: ClassVar = ["weekday", "opens", "closes", "valid_from", "valid_to"]
        read_only_fields = fields


class CalendarDaySerializer(serializers.ModelSerializer[CalendarDay]):
    """A day that differs."""

    class Meta:
        model = CalendarDay
        fields: ClassVar = ["day", "name", "kind", "opens", "closes", "every_year"]
        read_only_fields = fields


class WorkCalendarSerializer(serializers.ModelSerializer[WorkCalendar]):
    """A work calendar."""

    class Meta:
        model = WorkCalendar
        fields: ClassVar = [
            "id",
            "code",
            "name",
            "time_zone",
            "state",
            "municipality",
            "holidays",
            "carnival",
            "standard",
        ]
        read_only_fields = fields


class WorkCalendarDetailSerializer(WorkCalendarSerializer):
    """A work calendar with its hours and its special days."""

    windows = WorkWindowSerializer(many=True, read_only=True)
    days = CalendarDaySerializer(many=True, read_only=True)

    class Meta(WorkCalendarSerializer.Meta):
        fields: ClassVar = [*WorkCalendarSerializer.Meta.fields, "windows", "days"]
        read_only_fields = fields


class NumberFormatSerializer(serializers.ModelSerializer[NumberFormat]):
    """How the numbers of a series are written."""

    class Meta:
        model = NumberFormat
        fields: ClassVar = ["id", "series", "pattern"]
        read_only_fields = fields
