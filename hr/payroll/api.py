"""Shapes in which the API shows the payroll; amounts are BRL as text with two decimals."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.resources.fields import CompetenceField
from hr.payroll.models import PayItem, PayrollRun, Payslip, PayslipLine

_SUMS = ["earnings", "deductions", "net", "inss", "irrf", "fgts"]


class PayrollRunSerializer(serializers.ModelSerializer[PayrollRun]):
    """A payroll run with the sums of its payslips."""

    competence = CompetenceField(read_only=True)

    class Meta:
        model = PayrollRun
        fields: ClassVar = [
            "id",
            "competence",
            "kind",
            "payment_date",
            "state",
            "job_id",
            "payslip_count",
            "error_count",
            *_SUMS,
        ]
        read_only_fields = fields


class PayslipSerializer(serializers.ModelSerializer[Payslip]):
    """A payslip with its totals."""

    name = serializers.CharField(read_only=True)
    registration = serializers.CharField(read_only=True)
    competence = CompetenceField(read_only=True)
    payment_date = serializers.DateField(read_only=True)

    class Meta:
        model = Payslip
        fields: ClassVar = [
            "id",
            "run",
            "contract",
            "name",
            "registration",
            "competence",
            "payment_date",
            "state",
            "error_code",
            "error_message",
            *_SUMS[:3],
            "base_inss",
            "base_irrf",
            "base_fgts",
            *_SUMS[3:],
        ]
        read_only_fields = fields


class PayslipLineSerializer(serializers.ModelSerializer[PayslipLine]):
    """A line of a payslip."""

    code = serializers.CharField(source="pay_item.code", read_only=True)
    description = serializers.CharField(source="pay_item.name", read_only=True)
    kind = serializers.CharField(source="pay_item.kind", read_only=True)

    class Meta:
        model = PayslipLine
        fields: ClassVar = [
            "sequence",
            "code",
            "description",
            "kind",
            "quantity",
            "base",
            "rate",
            "amount",
        ]
        read_only_fields = fields


class PayslipDetailSerializer(PayslipSerializer):
    """A payslip with its lines."""

    lines = PayslipLineSerializer(many=True, read_only=True)

    class Meta(PayslipSerializer.Meta):
        fields: ClassVar = [*PayslipSerializer.Meta.fields, "lines"]
        read_only_fields = fields


class PayItemSerializer(serializers.ModelSerializer[PayItem]):
    """A pay item with its eSocial codes."""

    class Meta:
        model = PayItem
        fields: ClassVar = [
            "id",
            "code",
            "name",
            "kind",
            "nature",
            "incidence_cp",
            "incidence_irrf",
            "incidence_fgts",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields
