"""Guided tasks of the payroll."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.home.guided import GuidedStep, GuidedTask

RUNS, PAYSLIPS = reverse_lazy("hr.payroll_run.list"), reverse_lazy("hr.payslip.list")
A_PAYSLIP = GuidedStep(
    name="payslip",
    say=_("Open a payslip of the list."),
    url=PAYSLIPS,
    visit=r"/hr/payslips/\d+/",
)

TASKS = (
    GuidedTask(
        name="ask-why",
        title=_("Ask a payslip why"),
        teaches=_("No number has to be believed: each shows its formula, its table and its law."),
        order=10,
        permissions=("hr.payslip.view",),
        steps=(
            A_PAYSLIP,
            GuidedStep(
                name="why",
                say=_("Press “Why?” on a line, such as the INSS or the IRRF."),
                url=PAYSLIPS,
                visit=r"/hr/payslips/\d+/why/[\w-]+/",
            ),
        ),
    ),
    GuidedTask(
        name="close-payroll",
        title=_("Compute a payroll and send it for approval"),
        teaches=_("Mistakes of one person stop nobody else, and nobody approves their own work."),
        order=20,
        permissions=("hr.payroll_run.compute", "hr.payroll_run.submit"),
        steps=(
            GuidedStep(
                name="open",
                say=_("Open the payroll of the month, and look at the readiness board."),
                url=RUNS,
                visit=r"/hr/payroll-runs/\d+/",
            ),
            GuidedStep(
                name="compute",
                say=_("Compute it; leave the page if you like, the tray tells when it is done."),
                url=RUNS,
                events=("hr.payroll_run.compute",),
            ),
            GuidedStep(
                name="submit",
                say=_("Send it for approval."),
                url=RUNS,
                events=("hr.payroll_run.submit",),
            ),
        ),
    ),
    GuidedTask(
        name="approve",
        title=_("Approve from the keyboard and close the month"),
        teaches=_("A closed month cannot be altered by anybody, not even by the program."),
        order=30,
        permissions=("hr.payroll_run.approve", "hr.payroll_run.close"),
        steps=(
            GuidedStep(
                name="vote",
                say=_("On “My day”, choose a request with j and k, and press a to approve it."),
                url=reverse_lazy("web:home"),
                events=("backoffice.approval.voted",),
            ),
            GuidedStep(
                name="close",
                say=_("Open the payroll and close it."),
                url=RUNS,
                events=("hr.payroll_run.close",),
            ),
        ),
    ),
    GuidedTask(
        name="check-paper",
        title=_("Check a payslip on paper"),
        teaches=_(
            "Whoever holds a paper can find out whether it was issued here, without an account."
        ),
        order=60,
        permissions=("hr.payslip.view",),
        steps=(
            A_PAYSLIP,
            GuidedStep(
                name="pdf",
                say=_("Open its PDF, and keep the code at the bottom."),
                url=PAYSLIPS,
                visit=r"/hr/payslips/\d+/pdf/",
            ),
            GuidedStep(
                name="code",
                say=_("Type the code on the page that checks documents."),
                url=reverse_lazy("web:verify"),
                visit=r"/verify/(\?code=.+|[^/?]+/)",
            ),
        ),
    ),
)
