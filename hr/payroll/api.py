"""Shapes in which the API shows the payroll; amounts are BRL as text with two decimals."""

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.resources.fields import CompetenceField
from hr.payroll.explanations import ShownExplanation, ShownTable, show
from hr.payroll.models import PayrollRun, Payslip, PayslipLine, PayslipState
from hr.payroll.payslip_pdf import stamp_payslip
from hr.payroll.selectors.payslips import document_of, explanation_of, printed
from hr.payroll.selectors.reading import access_from, log_reading
from hr.payroll.selectors.runs import visible_payslips

_SUMS = ["earnings", "deductions", "net", "inss", "irrf", "fgts"]


class PayrollRunSerializer(serializers.ModelSerializer[PayrollRun]):
    """A payroll run with the sums of its payslips."""

    competence = CompetenceField(read_only=True)

    class Meta:
        model = PayrollRun
        fields: ClassVar = [
            "id",
            "number",
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


class ExplanationStepSerializer(serializers.Serializer[object]):
    """One step of a formula, with numbers and result as text."""

    label = serializers.CharField()  # type: ignore[assignment]  # a field, not ours
    expression = serializers.CharField()
    result = serializers.CharField()


class ExplanationTableSerializer(serializers.Serializer[object]):
    """A legal table that was used; ``rows`` mark the ones that counted."""

    title = serializers.CharField()
    version_id = serializers.IntegerField()
    act = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not ours
    certainty = serializers.CharField()
    verified_by = serializers.CharField()
    valid_from = serializers.DateField()
    columns = serializers.ListField(child=serializers.CharField())
    rows = serializers.SerializerMethodField()

    def get_rows(self, table: ShownTable) -> list[dict[str, Any]]:
        """Cells as text, and whether the row was used."""
        return [{"cells": list(row.cells), "used": row.used} for row in table.rows]


class ExplanationSerializer(serializers.Serializer[object]):
    """Why an amount of a payslip is what it is."""

    title = serializers.CharField()
    result = serializers.CharField()
    steps = ExplanationStepSerializer(many=True)
    inputs = serializers.SerializerMethodField()
    tables = ExplanationTableSerializer(many=True)
    laws = serializers.ListField(child=serializers.CharField())
    rounding = serializers.CharField()
    notes = serializers.ListField(child=serializers.CharField())
    rule = serializers.CharField()

    def get_inputs(self, shown: ShownExplanation) -> list[dict[str, str]]:
        """The facts that went in."""
        return [{"label": label, "value": value} for label, value in shown.inputs]


class PayslipWhyEndpoint(APIView):
    """GET: the explanation of one amount of a payslip."""

    permission = "hr.payslip.view"

    @extend_schema(
        operation_id="hr_payslips_why", tags=["hr"], responses={200: ExplanationSerializer}
    )
    def get(self, request: Request, pk: int, code: str) -> Response:
        """Recompute the amount from what the payslip stored, and answer the steps."""
        payslip = get_object_or_404(visible_payslips(access_from(request)), pk=pk)
        found = explanation_of(payslip, code)
        if found is None:
            raise Http404
        log_reading(request, "hr.payslip", [payslip.pk])
        return Response(ExplanationSerializer(show(found)).data)


class PayslipPdfEndpoint(APIView):
    """GET: one payslip as PDF."""

    permission = "hr.payslip.view"

    @extend_schema(
        operation_id="hr_payslips_pdf",
        tags=["hr"],
        responses={(200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, pk: int) -> HttpResponse:
        """Answer the PDF; a payslip with an error has none."""
        slips = visible_payslips(access_from(request)).filter(state=PayslipState.OK)
        payslip = get_object_or_404(printed(slips), pk=pk)
        log_reading(request, "hr.payslip", [payslip.pk])
        return HttpResponse(stamp_payslip(document_of(payslip)), content_type="application/pdf")
