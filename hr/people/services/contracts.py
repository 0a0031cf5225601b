"""Change the terms and the place of a contract from a day on, and end it."""

import datetime as dt

from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput
from backoffice.organization.services import Place, end_places, place_person
from hr.people.models import ContractTerms, EmploymentContract, TermsReason
from hr.people.services.floors import TermsData, refuse_low_pay
from hr.people.services.late_facts import flag_late_fact
from hr.people.services.records import locked_contract, own_job_title


@command("hr.contract.change_terms")
def change_terms(
    ctx: Context, *, contract_id: int, terms: TermsData, reason: str, valid_from: dt.date
) -> ContractTerms:
    """Change job, salary or hours from a day on; what held before ends the day before.

    Terms that were to begin later are kept. When the day lies in a closed month, the change is kept
    and flagged as a late fact; closed payslips stay as they are.

    Raises:
        InvalidInput: ``below_floor``, ``outside_contract``, ``salary_cut``.
    """
    contract = locked_contract(ctx, contract_id)
    if valid_from < contract.admitted_on or (contract.ended_on and valid_from > contract.ended_on):
        message = _("The day lies outside the contract.")
        raise InvalidInput("outside_contract", message, fields={"valid_from": message})
    of_contract = ContractTerms.objects.select_for_update().filter(contract=contract)
    before = of_contract.filter(valid_from__lte=valid_from).order_by("-valid_from").first()
    if before is not None:
        _refuse_salary_cut(before, terms, reason)
    refuse_low_pay(ctx.company, terms, on=valid_from)
    new = _replace_terms(ctx, contract, terms, reason, valid_from)
    event = ctx.record(
        "hr.contract.terms_changed",
        target=contract,
        data={"terms": new.pk, "valid_from": valid_from, "reason": reason},
    )
    flag_late_fact(ctx, contract, "terms", since=valid_from, event_id=event)
    return new


@command("hr.contract.transfer")
def transfer(
    ctx: Context, *, contract_id: int, place: Place, valid_from: dt.date
) -> EmploymentContract:
    """Move the contract to another branch, department, cost centre or manager from a day on."""
    contract = locked_contract(ctx, contract_id)
    if valid_from < contract.admitted_on or (contract.ended_on and valid_from > contract.ended_on):
        message = _("The day lies outside the contract.")
        raise InvalidInput("outside_contract", message, fields={"valid_from": message})
    place_person(
        ctx,
        person_id=contract.employee.party_id,
        employment_id=contract.pk,
        place=place,
        valid_from=valid_from,
    )
    if contract.ended_on is not None:
        end_places(ctx, employment_id=contract.pk, last=contract.ended_on)
    event = ctx.record("hr.contract.transferred", target=contract, data={"valid_from": valid_from})
    flag_late_fact(ctx, contract, "transfer", since=valid_from, event_id=event)
    return contract


@command("hr.contract.end")
def end_contract(ctx: Context, *, contract_id: int, ended_on: dt.date) -> EmploymentContract:
    """Write down the last day of a contract, which is also the last one in its place.

    The termination pay is not part of the monthly run.

    Raises:
        InvalidInput: ``ended_before_admission``, ``already_ended``.
    """
    contract = locked_contract(ctx, contract_id)
    if contract.ended_on is not None:
        raise InvalidInput("already_ended", _("The contract has ended already."))
    if ended_on < contract.admitted_on:
        message = _("The end comes before the admission.")
        raise InvalidInput("ended_before_admission", message, fields={"ended_on": message})
    contract.ended_on = ended_on
    contract.save(update_fields=["ended_on"])
    contract.terms.filter(valid_from__gt=ended_on).delete()
    end_places(ctx, employment_id=contract.pk, last=ended_on)
    event = ctx.record("hr.contract.ended", target=contract, data={"ended_on": ended_on})
    flag_late_fact(ctx, contract, "end", since=ended_on, event_id=event)
    return contract


def _refuse_salary_cut(before: ContractTerms, terms: TermsData, reason: str) -> None:
    """Pay in proportion to the hours never falls (CF art. 7, VI), except to correct a mistake."""
    if reason == TermsReason.CORRECTION:
        return
    if terms.salary * before.weekly_hours < before.salary * terms.weekly_hours:
        message = _("The salary would fall. Only a correction may lower it.")
        raise InvalidInput("salary_cut", message, fields={"salary": message})


@step
def _replace_terms(
    ctx: Context,
    contract: EmploymentContract,
    terms: TermsData,
    reason: str,
    valid_from: dt.date,
) -> ContractTerms:
    of_contract = ContractTerms.objects.filter(contract=contract)
    upcoming = of_contract.filter(valid_from__gt=valid_from).order_by("valid_from").first()
    of_contract.filter(valid_from=valid_from).delete()
    day_before = valid_from - dt.timedelta(days=1)
    before = of_contract.filter(valid_from__lt=valid_from).order_by("-valid_from").first()
    if before is not None:
        before.valid_to = day_before
        before.save(update_fields=["valid_to"])
    return ContractTerms.objects.create(
        company_id=ctx.company,
        contract=contract,
        job_title=own_job_title(ctx, terms.job_title_id),
        salary=terms.salary,
        weekly_hours=terms.weekly_hours,
        reason=reason,
        valid_from=valid_from,
        valid_to=upcoming.valid_from - dt.timedelta(days=1) if upcoming else None,
    )
