"""Contracts on trial (contrato de experiência): agreed once, extended once, 90 days in all."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput
from hr.people.models import EmploymentContract
from hr.people.rules import trial_limit
from hr.people.services.records import locked_contract


@command("hr.contract.agree_trial")
def agree_trial(ctx: Context, *, contract_id: int, trial_until: dt.date) -> EmploymentContract:
    """Write down the last day of the first period of trial (CLT arts. 443 §2 "c" and 445).

    Raises:
        InvalidInput: ``trial_too_long`` over 90 days, ``trial_before_admission``,
            ``trial_extended`` once there is a second period, ``already_ended``.
    """
    contract = _on_trial(ctx, contract_id)
    if contract.trial_extended_until is not None:
        raise InvalidInput(
            "trial_extended", _("The trial was extended already; its first period stays.")
        )
    _refuse_outside(contract, trial_until, "trial_until")
    contract.trial_until = trial_until
    contract.save(update_fields=["trial_until"])
    ctx.record("hr.contract.trial_agreed", target=contract, data={"trial_until": trial_until})
    return contract


@command("hr.contract.extend_trial")
def extend_trial(
    ctx: Context, *, contract_id: int, trial_extended_until: dt.date
) -> EmploymentContract:
    """Extend the trial once, before it ends (CLT art. 451); both periods have 90 days in all.

    Raises:
        InvalidInput: ``no_trial``, ``trial_extended``, ``trial_over``, ``not_longer``,
            ``trial_too_long``, ``already_ended``.
    """
    contract = _on_trial(ctx, contract_id)
    if contract.trial_until is None:
        raise InvalidInput("no_trial", _("This contract has no trial."))
    if contract.trial_extended_until is not None:
        raise InvalidInput(
            "trial_extended", _("A trial is extended once; a second time makes it permanent.")
        )
    if timezone.localdate(ctx.at) > contract.trial_until:
        raise InvalidInput("trial_over", _("The trial is over; the contract is permanent."))
    if trial_extended_until <= contract.trial_until:
        message = _("Choose a later day.")
        raise InvalidInput("not_longer", message, fields={"trial_extended_until": message})
    _refuse_outside(contract, trial_extended_until, "trial_extended_until")
    contract.trial_extended_until = trial_extended_until
    contract.save(update_fields=["trial_extended_until"])
    ctx.record(
        "hr.contract.trial_extended",
        target=contract,
        data={"trial_extended_until": trial_extended_until},
    )
    return contract


@step
def _on_trial(ctx: Context, contract_id: int) -> EmploymentContract:
    contract = locked_contract(ctx, contract_id)
    if contract.ended_on is not None:
        raise InvalidInput("already_ended", _("The contract has ended already."))
    return contract


def _refuse_outside(contract: EmploymentContract, last: dt.date, field: str) -> None:
    if last < contract.admitted_on:
        message = _("The end comes before the admission.")
        raise InvalidInput("trial_before_admission", message, fields={field: message})
    limit = trial_limit(contract.admitted_on)
    if last > limit:
        long = _("A trial has 90 days at most: until %(day)s.") % {"day": f"{limit:%d/%m/%Y}"}
        raise InvalidInput("trial_too_long", long, fields={field: long})
