"""Proof of identity by e-mail or CPF and password; rights from our roles."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.utils import timezone

from backoffice.identity.models import User
from backoffice.identity.selectors import grants_on
from backoffice.parties.models import PartyKind


class LoginBackend(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """Checks passwords as allauth does; answers Django's questions about rights from our roles.

    Django's own permission tables are never asked, so a right cannot come from there.
    """

    def _authenticate(
        self, request: HttpRequest | None, **credentials: str
    ) -> AbstractBaseUser | None:
        """Whose password this is: of the account with the e-mail, or with the person of the CPF."""
        password, digits = credentials.get("password", ""), credentials.get("username", "")
        if digits:
            people = User.objects.filter(person__tax_id=digits, person__kind=PartyKind.PERSON)
            found: AbstractBaseUser | None = self._check_password(people.first(), password)
            return found
        by_email: AbstractBaseUser | None = self._authenticate_by_email(
            credentials.get("email", ""), password
        )
        return by_email

    def has_perm(self, user_obj: AbstractBaseUser, perm: str, obj: Any = None) -> bool:  # noqa: ANN401
        """Whether one of our permissions is held in any company today."""
        return perm in self.get_all_permissions(user_obj)

    def get_all_permissions(self, user_obj: AbstractBaseUser, obj: Any = None) -> set[str]:  # noqa: ANN401
        """Every permission of the account in any company today; read at each call."""
        if not isinstance(user_obj, User) or not user_obj.is_active:
            return set()
        today = timezone.localdate()
        held = grants_on(today).filter(user_id=user_obj.pk)
        return {
            name
            for permissions in held.values_list("role__permissions", flat=True)
            for name in permissions
        }

    def get_user_permissions(self, user_obj: AbstractBaseUser, obj: Any = None) -> set[str]:  # noqa: ANN401
        """As ``get_all_permissions``: all rights come from roles."""
        return self.get_all_permissions(user_obj, obj)

    def get_group_permissions(self, user_obj: AbstractBaseUser, obj: Any = None) -> set[str]:  # noqa: ANN401
        """None: there are no groups."""
        return set()

    def has_module_perms(self, user_obj: AbstractBaseUser, app_label: str) -> bool:
        """Whether the administration pages may list an application."""
        return self.has_perm(user_obj, "backoffice.admin.use")
