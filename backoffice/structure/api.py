"""Shapes in which the API shows the organization."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.organization.models import Branch, Company, CostCenter, Department


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
    """A branch."""

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
            "active",
        ]
        read_only_fields = fields


class DepartmentSerializer(serializers.ModelSerializer[Department]):
    """A department and the one above it."""

    class Meta:
        model = Department
        fields: ClassVar = ["id", "code", "name", "parent", "active"]
        read_only_fields = fields


class CostCenterSerializer(serializers.ModelSerializer[CostCenter]):
    """A cost centre."""

    class Meta:
        model = CostCenter
        fields: ClassVar = ["id", "code", "name", "active"]
        read_only_fields = fields
