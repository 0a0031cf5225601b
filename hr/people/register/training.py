"""Guided tasks of people."""

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backoffice.home.guided import GuidedStep, GuidedTask

PEOPLE = reverse_lazy("hr.employee.list")

TASKS = (
    GuidedTask(
        name="hire",
        title=_("Hire somebody"),
        teaches=_("One form makes person, contract and place; the next payroll knows them."),
        order=40,
        permissions=("hr.employee.view", "hr.employee.hire"),
        steps=(
            GuidedStep(
                name="form",
                say=_("Press c on the list of employees to open the form."),
                url=PEOPLE,
                visit=r"/hr/employees/new/",
            ),
            GuidedStep(
                name="hire",
                say=_("Fill it in and save with Ctrl+Enter; paste the CPF however you have it."),
                url=PEOPLE,
                events=("hr.employee.hired",),
            ),
        ),
    ),
    GuidedTask(
        name="find-and-correct",
        title=_("Find somebody and correct something"),
        teaches=_("Every change keeps what was there before, and who changed it."),
        order=50,
        permissions=("hr.employee.view", "hr.employee.update"),
        steps=(
            GuidedStep(
                name="find",
                say=_(
                    "Press / on the list of employees and type a part of a name, without accents."
                ),
                url=PEOPLE,
                visit=r"/hr/employees/\?(.*&)?q=[^&]+.*",
            ),
            GuidedStep(
                name="correct",
                say=_("Open the person, change something and save."),
                url=PEOPLE,
                events=("hr.employee.updated",),
            ),
            GuidedStep(
                name="history",
                say=_("Look at the history of the record."),
                url=PEOPLE,
                visit=r"/hr/employees/\d+/history/(\?.*)?",
            ),
        ),
    ),
)
