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
        name="import",
        title=_("Bring people in from a spreadsheet"),
        teaches=_("Every mistake is shown at once, and a whole import can be undone."),
        order=45,
        permissions=("hr.employee.hire", "backoffice.data_import.create"),
        steps=(
            GuidedStep(
                name="file",
                say=_(
                    "Give a spreadsheet of people: a name, a CPF and a salary in each row will do."
                ),
                url=reverse_lazy("exchange:import", args=["hr.employee"]),
                events=("backoffice.data_import.created",),
            ),
            GuidedStep(
                name="columns",
                say=_("Look at which column was taken for what, and correct it."),
                url=reverse_lazy("backoffice.data_import.list"),
                visit=r"/imports/\d+/columns/",
            ),
            GuidedStep(
                name="rows",
                say=_("See all mistakes at once; mend a row, or leave the import."),
                url=reverse_lazy("backoffice.data_import.list"),
                visit=r"/imports/\d+/rows/(\?.*)?",
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
