"""The help of people and contracts."""

from django.utils.translation import gettext_lazy as _

from backoffice.web.guidance import Help

HELP = (
    Help(
        of="hr.employee",
        purpose=_(
            "A person with an employment contract: civil data, documents, dependants, bank account."
        ),
        steps=(
            _(
                "Hire: person, contract and place in one form; the registration number comes by itself."
            ),
            _("Keep dependants and the bank account up to date: the next payroll uses them."),
            _("Changes count from a day on; the page shows the person as of any day."),
        ),
    ),
    Help(
        of="hr.contract",
        purpose=_("Job, salary, hours and place of a person, each with its dates."),
        steps=(
            _("Change the terms from a day on; what is before stays as it was."),
            _("Transfer to another branch, department or manager."),
            _("End it on the last day. Facts that touch a closed month are kept and flagged."),
        ),
    ),
    Help(
        of="hr.job_title",
        purpose=_(
            "What people are hired for; each has the occupation (CBO) that the eSocial asks for."
        ),
        steps=(_("Make the title and find its occupation by typing a part of its name."),),
    ),
    Help(
        of="hr.salary_floor",
        purpose=_("The least that a job may pay by a collective agreement."),
        steps=(
            _("Enter the amount, the act and the day from which it counts."),
            _("A salary below it is refused, and the readiness board shows who is below."),
        ),
    ),
)
