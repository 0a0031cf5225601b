"""Shapes in which the API shows people."""

from typing import ClassVar

from rest_framework import serializers

from hr.people.models import Employee, EmploymentContract, JobTitle, SalaryFloor


class EmployeeSerializer(serializers.ModelSerializer[Employee]):
    """An employee with what the latest contract says today; ``salary`` is null without the right."""

    name = serializers.CharField(source="party.name", read_only=True)
    social_name = serializers.CharField(source="party.social_name", read_only=True)
    cpf = serializers.CharField(source="party.tax_id", read_only=True)
    birth_date = serializers.DateField(source="party.birth_date", read_only=True)
    registration = serializers.CharField(read_only=True)
    contract = serializers.IntegerField(source="contract_now", read_only=True)
    admitted_on = serializers.DateField(read_only=True)
    ended_on = serializers.DateField(read_only=True, allow_null=True)
    situation = serializers.ChoiceField(choices=["active", "expected", "left"], read_only=True)
    job_title = serializers.CharField(source="job_title_now", read_only=True)
    department = serializers.CharField(source="department_now", read_only=True)
    branch = serializers.CharField(source="branch_now", read_only=True)
    salary = serializers.DecimalField(
        source="salary_now", max_digits=15, decimal_places=2, read_only=True, allow_null=True
    )

    class Meta:
        model = Employee
        fields: ClassVar = [
            "id",
            "name",
            "social_name",
            "cpf",
            "birth_date",
            "registration",
            "contract",
            "admitted_on",
            "ended_on",
            "situation",
            "job_title",
            "department",
            "branch",
            "salary",
        ]
        read_only_fields = fields


class ContractSerializer(serializers.ModelSerializer[EmploymentContract]):
    """An employment contract."""

    employee_name = serializers.CharField(source="employee.party.name", read_only=True)
    situation = serializers.ChoiceField(choices=["active", "expected", "left"], read_only=True)

    class Meta:
        model = EmploymentContract
        fields: ClassVar = [
            "id",
            "registration",
            "employee",
            "employee_name",
            "category",
            "admitted_on",
            "ended_on",
            "trial_until",
            "trial_extended_until",
            "situation",
        ]
        read_only_fields = fields


class JobTitleSerializer(serializers.ModelSerializer[JobTitle]):
    """A job title with its CBO code."""

    cbo = serializers.CharField(source="occupation_id", read_only=True)
    cbo_title = serializers.CharField(source="occupation.title", read_only=True)

    class Meta:
        model = JobTitle
        fields: ClassVar = ["id", "name", "cbo", "cbo_title", "active"]
        read_only_fields = fields


class SalaryFloorSerializer(serializers.ModelSerializer[SalaryFloor]):
    """A salary floor for full-time work."""

    job_title_name = serializers.CharField(
        source="job_title.name", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = SalaryFloor
        fields: ClassVar = [
            "id",
            "job_title",
            "job_title_name",
            "amount",
            "act",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields
