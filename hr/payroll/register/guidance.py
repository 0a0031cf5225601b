"""The help of the payroll."""

from django.utils.translation import gettext_lazy as _

from backoffice.web.guidance import Help

HELP = (
    Help(
        of="hr.payroll_run",
        purpose=_(
            "The payroll of one month: from opening it to the proof that everybody was paid."
        ),
        steps=(
            _("Open the month and mend what the readiness board shows."),
            _("Compute: who has a problem becomes an error row and stops nobody else."),
            _("Send it for approval; somebody else approves exactly these numbers."),
            _("Close it: payslips are stamped, the month is locked."),
            _("Conclude it from the payment date on, with the proof of payment."),
        ),
    ),
    Help(
        of="hr.payslip",
        purpose=_("What one person earns in one month, line by line."),
        steps=(
            _("“Why?” on a line shows its formula, what went in, the legal table and the act."),
            _("Once closed it carries a code; anybody who holds the paper can check it."),
        ),
    ),
    Help(
        of="hr.pay_item",
        purpose=_("The lines that a payslip can have and how each counts for INSS, IRRF and FGTS."),
        steps=(_("They come with the product; each says by which law it counts."),),
    ),
)
