"""Believable payslips for the tests of the print."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from hr.payroll.payslip_pdf import PayslipDocument, PayslipEntry

USUAL = (
    ("101", "Salário-base", "220,00 h", "4850.00", None),
    ("112", "Horas extras 50 %", "12,50 h", "413.35", None),
    ("118", "Descanso semanal remunerado sobre horas extras", "5 dias", "82.67", None),
    ("140", "Salário-família", "2 cotas", "131.08", None),
    ("501", "INSS", "11,69 %", None, "561.36"),
    ("502", "IRRF", "22,5 %", None, "294.09"),
    ("510", "Vale-transporte", "6 %", None, "291.00"),
    ("901", "FGTS depositado (informativo)", "8 %", None, None),
)


def entries(count: int) -> tuple[PayslipEntry, ...]:
    """``count`` usual lines, the same eight again and again."""
    return tuple(
        PayslipEntry(
            code=code,
            description=description,
            reference=reference,
            earning=Decimal(earning) if earning else None,
            deduction=Decimal(deduction) if deduction else None,
        )
        for code, description, reference, earning, deduction in (
            USUAL[index % len(USUAL)] for index in range(count)
        )
    )


def payslip(lines: Iterable[PayslipEntry] | None = None, **changes: Any) -> PayslipDocument:
    """A payslip with the given lines, its totals summed from them."""
    lines = entries(8) if lines is None else tuple(lines)
    earnings = sum((line.earning or Decimal(0) for line in lines), Decimal(0))
    deductions = sum((line.deduction or Decimal(0) for line in lines), Decimal(0))
    fields: dict[str, Any] = {
        "employer_name": "Comercial Ipê Ltda",
        "employer_cnpj": "11222333000181",
        "employer_address": "Filial Campinas: Rua General Osório, 1.212, Centro, Campinas/SP",
        "kind": "Folha mensal",
        "competence": dt.date(2026, 11, 1),
        "employee_name": "João D’Água São Tomé",
        "registration": "000042",
        "cpf": "52998224725",
        "job_title": "Analista de departamento pessoal",
        "cbo": "413105",
        "department": "Recursos Humanos",
        "admitted_on": dt.date(2021, 3, 15),
        "paid_on": dt.date(2026, 12, 4),
        "bank": "Crédito em conta: 341 Itaú Unibanco, agência 0123, conta 45678-9",
        "lines": lines,
        "total_earnings": earnings,
        "total_deductions": deductions,
        "net_pay": earnings - deductions,
        "base_salary": Decimal("4850.00"),
        "inss_base": Decimal("5346.02"),
        "fgts_base": Decimal("5346.02"),
        "fgts_amount": Decimal("427.68"),
        "irrf_base": Decimal("4784.66"),
        "irrf_bracket": "22,5 %",
    }
    return PayslipDocument(**{**fields, **changes})
