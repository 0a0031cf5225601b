"""Commands of the payroll, by what they are about."""

from hr.payroll.services.computing import compute_chunk, finish_run
from hr.payroll.services.printing import print_run, print_run_chunk
from hr.payroll.services.runs import (
    close_run,
    compute_run,
    conclude_run,
    on_decision,
    open_run,
    recompute_failed,
    recompute_payslip,
    submit_run,
)

__all__ = [
    "close_run",
    "compute_chunk",
    "compute_run",
    "conclude_run",
    "finish_run",
    "on_decision",
    "open_run",
    "print_run",
    "print_run_chunk",
    "recompute_failed",
    "recompute_payslip",
    "submit_run",
]
