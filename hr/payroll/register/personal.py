"""What payslips keep about the people who were paid."""

from backoffice.privacy import uses
from backoffice.privacy.registry import declare, leads_to, number

declare(
    "hr.Payslip",
    about="contract__employee__party",
    plain="state rule tables error_code",
    pay=(
        uses.PAY,
        "inputs snapshot earnings deductions net base_inss base_irrf base_fgts inss irrf fgts",
    ),
    words=(uses.PAY, "error_message"),
)
declare(
    "hr.PayslipLine",
    about="payslip__contract__employee__party",
    plain="sequence",
    pay=(uses.PAY, "quantity base rate amount"),
)
declare(
    "hr.PayrollRun",
    plain="number competence kind payment_date state job_id payslip_count error_count earnings"
    " deductions net inss irrf fgts",
)
declare("hr.PayrollSettings", plain="payment_business_day irrf_minimum valid_from valid_to")
declare(
    "hr.PayItem",
    plain="code key name kind nature incidence_cp incidence_irrf incidence_fgts source valid_from"
    " valid_to",
)
leads_to(
    "backoffice.JobItemError",
    number("key", "hr.EmploymentContract", job__kind="hr.payroll.compute"),
)
