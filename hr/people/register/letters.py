"""What letters can say of an employee, and the texts that come with the product."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from backoffice.letters.catalogue import LetterField, Starter, Subject
from backoffice.letters.rules import FieldKind
from hr.people.selectors import letter_values, person_of

DATA = Path(__file__).parents[1] / "data" / "letters"
PAY = "hr.employee.view_pay"
DOCUMENTS = "hr.employee.view_documents"


def _starter(code: str, name: object, heading: str) -> Starter:
    body = (DATA / f"{code}.md").read_text(encoding="utf-8").strip()
    return Starter(code=code, name=name, heading=heading, body=body)  # type: ignore[arg-type]


EMPLOYEE_LETTERS = Subject(
    name="hr.employee",
    label=_("Employee"),
    fields=(
        LetterField(key="employee.name", label=_("Full name")),
        LetterField(key="employee.social_name", label=_("Social name")),
        LetterField(key="employee.cpf", label=_("CPF"), permission=DOCUMENTS),
        LetterField(key="employee.pis", label=_("PIS"), permission=DOCUMENTS),
        LetterField(key="employee.identity_card", label=_("Identity card"), permission=DOCUMENTS),
        LetterField(
            key="employee.birth_date",
            label=_("Date of birth"),
            kind=FieldKind.DATE,
            permission=DOCUMENTS,
        ),
        LetterField(key="employee.address", label=_("Address"), permission=DOCUMENTS),
        LetterField(key="employee.registration", label=_("Registration")),
        LetterField(key="employee.job_title", label=_("Job title")),
        LetterField(key="employee.cbo", label=_("CBO")),
        LetterField(key="employee.department", label=_("Department")),
        LetterField(key="employee.branch", label=_("Branch")),
        LetterField(key="employee.weekly_hours", label=_("Hours a week")),
        LetterField(key="employee.admitted_on", label=_("Admitted on"), kind=FieldKind.DATE),
        LetterField(key="employee.ended_on", label=_("Ended on"), kind=FieldKind.DATE),
        LetterField(key="employee.salary", label=_("Salary"), kind=FieldKind.MONEY, permission=PAY),
        LetterField(
            key="employee.salary_since",
            label=_("Salary since"),
            kind=FieldKind.DATE,
            permission=PAY,
        ),
        LetterField(
            key="employee.previous_salary",
            label=_("Salary before that"),
            kind=FieldKind.MONEY,
            permission=PAY,
        ),
    ),
    values=letter_values,
    person=person_of,
    starters=(
        _starter("employment", _("Proof of employment"), "Declaração de vínculo empregatício"),
        _starter("salary", _("Proof of salary"), "Declaração de rendimentos"),
        _starter("warning", _("Written warning"), "Carta de advertência"),
        _starter("raise", _("Notice of a new salary"), "Aviso de alteração salarial"),
        _starter("recommendation", _("Recommendation"), "Carta de recomendação"),
    ),
)
