"""Programs, roles of a company's own making, delegations, and people who cannot get in."""

import datetime as dt
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from axes.models import AccessAttempt
from django.db.models import Model
from django.utils import timezone

from backoffice.accounts import services as accounts
from backoffice.identity.models import User
from backoffice.organization.models import Company
from tests.factories import identity
from tests.factories.objects import body_for, factory_for, record_for

KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
"""The key of RFC 6238's examples: ``12345678901234567890`` in base 32."""


def with_totp(user: User) -> Authenticator:
    """The telephone of an account."""
    return TOTP.activate(user, KEY).instance


def lock(user: User, ip: str = "127.0.0.1") -> AccessAttempt:
    """Five wrong passwords from one address."""
    return AccessAttempt.objects.create(
        username=user.email or user.person.tax_id,  # type: ignore[union-attr]
        ip_address=ip,
        failures_since_start=5,
        attempt_time=timezone.now(),
    )


@factory_for("backoffice.service_account")
def program(company: Company, **over: object) -> Model:
    """An account of a program."""
    return identity.make_program(company, identity.make_user(company, "owner"), **over)  # type: ignore[arg-type]


@factory_for("backoffice.role")
def role(company: Company, **_over: object) -> Model:
    """A role of the company's own making."""
    return identity.make_role(company)


@factory_for("backoffice.delegation")
def delegation(company: Company, **_over: object) -> Model:
    """A delegation between two people."""
    giver, taker = identity.make_user(company, "owner"), identity.make_user(company, "employee")
    return identity.delegate(giver, taker, company, "hr.employee.view")


@record_for("backoffice.role.restore")
def retired(company: Company) -> Model:
    """A role that cannot be given any more."""
    made = identity.make_role(company)
    made.active = False
    made.save(update_fields=["active"])
    return made


@record_for("backoffice.user.unlock")
def locked(company: Company) -> Model:
    """Somebody who typed five wrong passwords."""
    user = identity.make_user(company, "employee")
    lock(user)
    return user


@record_for("backoffice.user.ask_factor_reset")
def lost(company: Company) -> Model:
    """Somebody with a telephone."""
    user = identity.make_user(company, "employee")
    with_totp(user)
    return user


@record_for("backoffice.user.reset_factors")
def asked(company: Company) -> Model:
    """Somebody for whom one administrator asked to reset the factors."""
    user = identity.make_user(company, "employee")
    with_totp(user)
    asking = identity.acting_as(identity.make_user(company, "administrator"), company)
    accounts.ask_factor_reset(asking, user_id=user.pk, reason="telefone roubado")
    return user


@body_for("backoffice.user.ask_factor_reset")
def reason(_company: Company, _record: Any) -> dict[str, Any]:
    """Why."""
    return {"reason": "telefone roubado"}


@body_for("backoffice.role.change", "backoffice.service_account.change")
def other_name(_company: Company, _record: Any) -> dict[str, Any]:
    """Another name."""
    return {"name": f"Outro nome {identity.next_number()}"}


@body_for("backoffice.role.create")
def role_body(_company: Company, _record: Any) -> dict[str, Any]:
    """A role with two permissions."""
    return {
        "name": f"Papel {identity.next_number()}",
        "description": "Para o teste",
        "permissions": ["hr.employee.view", "hr.payslip.view"],
    }


@body_for("backoffice.service_account.create")
def program_body(company: Company, _record: Any) -> dict[str, Any]:
    """A program with its first role."""
    return {
        "name": f"Importação do contador {identity.next_number()}",
        "owner": identity.make_user(company, "owner").pk,
        "expires_on": f"{timezone.localdate() + dt.timedelta(days=365)}",
        "role": identity.role("auditor").pk,
        "scope": 4,
    }


@body_for("backoffice.delegation.create")
def delegation_body(company: Company, _record: Any) -> dict[str, Any]:
    """For a fortnight, to somebody of the company."""
    today = timezone.localdate()
    return {
        "taker": identity.make_user(company, "employee").pk,
        "permissions": ["hr.employee.view"],
        "valid_from": f"{today}",
        "valid_to": f"{today + dt.timedelta(days=14)}",
        "reason": "Férias de teste",
    }
