"""Templates and letters, each call another one."""

from itertools import count
from typing import Any

from backoffice.letters import services
from backoffice.letters.models import Letter, LetterTemplate
from backoffice.organization.models import Company
from tests.factories import people
from tests.factories.objects import body_for, factory_for, record_for

_numbers = count(1)
BODY = "Declaramos que {{employee.name}} trabalha aqui.\n\n{{company.municipality}}, {{letter.date|long_date}}."


def make_template(
    company: Company, body: str = BODY, *, active: bool = True, **over: Any
) -> LetterTemplate:
    """A template, in use unless told otherwise."""
    given = {"name": f"Modelo {next(_numbers)}", "subject": "hr.employee", "heading": "Declaração"}
    ctx = people.system(company)
    template = services.create_template(ctx, **(given | over), body=body)
    if active:
        template = services.activate_template(ctx, letter_template_id=template.pk)
    return template


def make_letter(company: Company, body: str = BODY, **over: Any) -> Letter:
    """A letter about a new employee."""
    given: dict[str, Any] = {"subject_id": 0} | over
    subject = given.pop("subject_id") or people.hire(company).pk
    template = make_template(company, body)
    return services.issue_letter(
        people.system(company), template_id=template.pk, subject_id=subject, **given
    )


@factory_for("backoffice.letter_template")
@record_for("backoffice.letter_template.activate")
def draft(company: Company, **over: Any) -> LetterTemplate:
    return make_template(company, active=False, **over)


@record_for("backoffice.letter_template.restore")
def changed(company: Company, **over: Any) -> LetterTemplate:
    template = make_template(company)
    given = {"name": template.name, "heading": "Declaração", "body": "Outro texto"}
    return services.change_template(people.system(company), letter_template_id=template.pk, **given)


@body_for("backoffice.letter_template.create")
def template_body(company: Company, record: Any) -> dict[str, Any]:
    name = f"Carta {next(_numbers)} nova"
    return {"name": name, "subject": "hr.employee", "heading": "Carta", "body": BODY}


@body_for("backoffice.letter_template.change")
def template_change(company: Company, record: Any) -> dict[str, Any]:
    return {"name": f"Carta {next(_numbers)} mudada"}


@body_for("backoffice.letter_template.restore")
def version(company: Company, record: Any) -> dict[str, Any]:
    return {"number": 1, "note": "Antes era melhor"}


@factory_for("backoffice.letter")
def letter(company: Company, **over: Any) -> Letter:
    return make_letter(company, **over)


@body_for("backoffice.letter.issue")
def issue_body(company: Company, record: Any) -> dict[str, Any]:
    employee = people.hire(company)
    template = make_template(company)
    return {
        "template": template.pk,
        "record": f"hr.employee:{employee.pk}",
        "issued_on": "2026-11-20",
        "answers": {},
    }


@body_for("backoffice.letter.void", "backoffice.letter.reissue")
def why(company: Company, record: Any) -> dict[str, Any]:
    return {"why": f"Nome errado {next(_numbers)}"}
