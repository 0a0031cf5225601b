"""What the people of the example company say of their records, tie together, and keep at hand."""

import datetime as dt
from typing import TYPE_CHECKING

from backoffice.collaboration.services import add_comment, choose_watch, edit_comment
from backoffice.links.services import RecordRef, add_link
from backoffice.search.services import mark
from demo import staff
from hr.payroll.models import PayrollRun

if TYPE_CHECKING:
    from demo.ipe import Ipe


AT_HAND = {
    "hr_analyst": ("hr.payroll_run", "hr.employee", "backoffice.letter"),
    "hr_manager": ("hr.payroll_run", "hr.contract"),
    "owner": ("backoffice.legal_table",),
}
"""The lists that people have among their favourites."""


def converse(ipe: "Ipe", today: dt.date) -> None:
    """Camila and Renato settle a proof of address; the open payroll has a question and its answer."""
    camila, renato = ipe.users["hr_analyst"].name, ipe.users["hr_manager"].name
    person = ipe.employees[staff.EMPLOYEE]
    _say(
        ipe,
        "hr_analyst",
        today - dt.timedelta(days=2),
        f"@{renato}, o comprovante de residência que chegou está ilegível. Peço outro antes de fechar o mês?",
        person.pk,
    )
    answered = ipe.acting("hr_manager", today - dt.timedelta(days=1), 10)
    made = add_comment(
        answered,
        record="hr.employee",
        record_id=person.pk,
        text="Sim. Lista do que falta:\n\n- comprovante de residência **legível**\n- cartão do banco",
    )
    edit_comment(
        answered,
        comment_id=made.pk,
        text="Sim, por favor. Lista do que falta:\n\n- comprovante de residência **legível**\n- cartão do banco",
    )
    _say(ipe, "hr_analyst", today, f"Pedi hoje; chega até sexta. Obrigada, @{renato}!", person.pk)
    run = PayrollRun.objects.filter(company_id=ipe.company.pk).order_by("-competence").first()
    if run is None:
        return
    question = (
        f"@{camila}, as horas da loja já vieram? Sem elas eu não aprovo. Acordo em"
        " https://www.gov.br/trabalho-e-emprego"
    )
    ctx = ipe.acting("hr_manager", today, 9)
    add_comment(ctx, record="hr.payroll_run", record_id=run.pk, text=question)
    choose_watch(
        ipe.acting("owner", today, 9), record="hr.payroll_run", record_id=run.pk, level="watching"
    )


def keep_at_hand(ipe: "Ipe", today: dt.date) -> None:
    """Favourites of three people, and the ties that Camila made between records."""
    for role, lists in AT_HAND.items():
        for kind in lists:
            mark(ipe.acting(role, today, 9), kind=kind, record_id=None, marked=True)
    camila = ipe.acting("hr_analyst", today, 9)
    low, moved = ipe.employees[staff.LOW_PAID], ipe.employees[staff.TRANSFERRED]
    mark(camila, kind="hr.employee", record_id=low.pk, marked=True)
    run = PayrollRun.objects.filter(company_id=ipe.company.pk).order_by("-competence").first()
    if run is not None:
        add_link(
            camila,
            kind="backoffice.refers_to",
            source=RecordRef("hr.payroll_run", run.pk),
            target=RecordRef("hr.employee", low.pk),
            note="",  # shown in every language of the example
        )
    add_link(
        camila,
        kind="backoffice.related",
        source=RecordRef("hr.employee", moved.pk),
        target=RecordRef("hr.employee", ipe.employees[staff.EMPLOYEE].pk),
        note="Ana assumiu os clientes dela na loja São Paulo",
    )


def _say(ipe: "Ipe", role: str, day: dt.date, text: str, pk: int) -> None:
    ctx = ipe.acting(role, day, 9)
    add_comment(ctx, record="hr.employee", record_id=pk, text=text)
