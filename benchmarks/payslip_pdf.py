"""Payslips as PDF: one on demand, ten thousand in a batch, and WeasyPrint on the same payslip.

Budgets of the product: one stamped in the web process in 30 ms, 10,000 in a batch in 20 s.
"""

import argparse
import datetime as dt
import gc
import os
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

import django

from hr.payroll.payslip_pdf import (
    PayslipDocument,
    PayslipEntry,
    reference_context,
    stamp_payslip,
    stamp_payslips,
)

SINGLE_BUDGET_MS = 30
BATCH_BUDGET_S = 20
BATCH = 10_000
LINES = 12


def payslip(number: int) -> PayslipDocument:
    """A payslip of twelve lines; every number gives another person and other amounts."""
    cents = Decimal("0.01")
    lines = tuple(
        PayslipEntry(
            code=f"{100 + index}",
            description=f"Rubrica de referência {index}",
            reference=f"{index},50 h",
            earning=(1000 + number + index) * cents if index % 3 else None,
            deduction=None if index % 3 else (100 + number + index) * cents,
        )
        for index in range(LINES)
    )
    earnings = sum((line.earning or Decimal(0) for line in lines), Decimal(0))
    deductions = sum((line.deduction or Decimal(0) for line in lines), Decimal(0))
    return PayslipDocument(
        employer_name="Comercial Ipê Ltda",
        employer_cnpj="11222333000181",
        employer_address="Filial Campinas: Rua General Osório, 1.212, Centro, Campinas/SP",
        kind="Folha mensal",
        competence=dt.date(2026, 11, 1),
        employee_name=f"Conceição D’Ávila São João {number}",
        registration=f"{number:06}",
        cpf=f"{number:011}",
        job_title="Analista de departamento pessoal",
        cbo="413105",
        department="Recursos Humanos",
        admitted_on=dt.date(2021, 3, 15),
        paid_on=dt.date(2026, 12, 4),
        bank=f"Crédito em conta: 341 Itaú Unibanco, agência 0123, conta {number}",
        lines=lines,
        total_earnings=earnings,
        total_deductions=deductions,
        net_pay=earnings - deductions,
        base_salary=earnings,
        inss_base=earnings,
        fgts_base=earnings,
        fgts_amount=number * cents,
        irrf_base=earnings,
        irrf_bracket="22,5 %",
    )


def payslips(count: int) -> Iterator[PayslipDocument]:
    """``count`` payslips, made one by one so that only stamping can use memory."""
    return (payslip(number) for number in range(count))


def measure_single(repetitions: int = 200) -> tuple[float, float, int]:
    """First and median warm time in milliseconds, and the size in bytes."""
    started = time.perf_counter()
    size = len(stamp_payslip(payslip(0)))
    first = time.perf_counter() - started
    document = payslip(1)
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        stamp_payslip(document)
        times.append(time.perf_counter() - started)
    return first * 1000, median(times) * 1000, size


def measure_batch(count: int) -> tuple[float, float, int]:
    """Wall seconds, processor seconds and bytes of one document of ``count`` payslips."""
    gc.collect()
    with TemporaryFile() as out:
        started, used = time.perf_counter(), time.process_time()
        written = stamp_payslips(payslips(count), out)
        seconds, processor = time.perf_counter() - started, time.process_time() - used
        if written != count:
            raise ValueError(f"{written} of {count} payslips were written")
        return seconds, processor, out.tell()


def measure_peer(repetitions: int = 3) -> float:
    """Median milliseconds of the same payslip laid out by WeasyPrint in this process, warm."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backoffice.settings.test")
    django.setup()
    from django.template.loader import render_to_string

    from backoffice.pdf.rendering import lay_out

    html = render_to_string("pdf/payslip.html", reference_context(payslip(1)))
    lay_out(html)
    times = []
    for _ in range(repetitions):
        started = time.perf_counter()
        lay_out(html)
        times.append(time.perf_counter() - started)
    return median(times) * 1000


def main(arguments: list[str] | None = None) -> None:
    """Measure, and print each figure beside its budget, with the state of the machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--batch", type=int, default=BATCH, help="payslips in the batch")
    count = parser.parse_args(arguments).batch
    first, warm, size = measure_single()
    seconds, processor, total = measure_batch(count)
    resident = int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    peer = measure_peer()
    budget = BATCH_BUDGET_S * count / BATCH
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"machine: {os.cpu_count()} processors, load {load}")
    print(f"one payslip, warm: {warm:.1f} ms (budget {SINGLE_BUDGET_MS} ms); first {first:.0f} ms")
    print(f"one payslip, size: {size / 1024:.0f} KiB")
    print(f"{count} payslips: {seconds:.1f} s (budget {budget:.0f} s), processor {processor:.1f} s")
    print(f"{count} payslips, size: {total / 1024 / 1024:.1f} MiB; process {resident >> 20} MiB")
    print(f"peer, WeasyPrint on the same payslip: {peer:.0f} ms, {peer / warm:.0f} times ours")


if __name__ == "__main__":
    main()
