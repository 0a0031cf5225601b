"""Ways in besides e-mail and password: a telephone, a CPF, a program, a stand-in."""

import base64
import datetime as dt
from typing import TYPE_CHECKING

from allauth.mfa.totp.internal.auth import TOTP

from backoffice.accounts.rules import totp_counter, totp_value
from backoffice.identity.models import Delegation, Role, User
from backoffice.identity.rules import Scope, Secret
from backoffice.identity.services import create_program, create_user
from demo import staff

if TYPE_CHECKING:
    from demo.ipe import Ipe

TELEPHONE_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
"""The key of the IT agent's telephone; a demonstration shows its codes itself."""

WITH_TELEPHONE = "it_agent"
BY_CPF = staff.LOW_PAID
PROGRAM = "Importação do contador"


def give(ipe: "Ipe", today: dt.date, password: Secret) -> None:
    """Give the example company one of each."""
    TOTP.activate(ipe.users[WITH_TELEPHONE], TELEPHONE_KEY)
    employee = ipe.employees[BY_CPF]
    create_user(
        ipe.system(today, 8),
        name=BY_CPF,
        role_id=_role("employee"),
        scope=Scope.OWN,
        person_id=employee.party_id,
        language="pt-br",
        password=password,
    )
    create_program(
        ipe.system(today, 8),
        name=PROGRAM,
        owner_id=ipe.users["hr_manager"].pk,
        expires_on=today + dt.timedelta(days=365),
        role_id=_role("hr_analyst"),
    )
    Delegation.objects.create(
        company=ipe.company,
        giver=ipe.users["hr_manager"],
        taker=ipe.users["finance"],
        permissions=["backoffice.approval.view", "hr.payroll_run.approve", "hr.payroll_run.view"],
        valid_from=today,
        valid_to=today + dt.timedelta(days=20),
        reason="Férias de Renato",
        created_at=ipe.system(today, 8).at,
    )


def code_now(seconds: float) -> str:
    """What the IT agent's telephone shows at a moment, in two groups."""
    digits = totp_value(base64.b32decode(TELEPHONE_KEY), totp_counter(seconds))
    return f"{digits[:3]} {digits[3:]}"


def by_cpf() -> User | None:
    """Who logs in with the CPF."""
    return User.objects.select_related("person").filter(name=BY_CPF, email=None).first()


def _role(code: str) -> int:
    return int(Role.objects.get(company=None, code=code).pk)
