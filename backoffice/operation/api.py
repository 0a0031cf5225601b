"""Shapes in which the API shows schedules."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.jobs.models import Schedule


class ScheduleSerializer(serializers.ModelSerializer[Schedule]):
    """A schedule; without a company it belongs to the installation."""

    class Meta:
        model = Schedule
        fields: ClassVar = [
            "id",
            "company",
            "duty",
            "every",
            "number",
            "minute",
            "shift",
            "time_zone",
            "state",
            "next_at",
            "paused_at",
        ]
        read_only_fields = fields
