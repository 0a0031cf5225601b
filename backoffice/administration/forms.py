"""Inputs of the commands on people and their roles, the same for pages and the API."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backoffice.identity.models import SCOPES, Language, Role, User
from backoffice.identity.rules import Access, Scope
from backoffice.identity.selectors import users_visible_to
from backoffice.organization.models import Branch
from backoffice.organization.selectors import in_use
from backoffice.parties.models import Party, PartyKind
from backoffice.resources.forms import CommandForm
from backoffice.web.fields import CpfField, DateField


class PersonFields(CommandForm):
    """The person behind an account, named by CPF."""

    cpf = CpfField(
        label=_("CPF"),
        required=False,
        help_text=_("Shows this person their own file and payslips."),
    )

    def clean_cpf(self) -> str:
        """The CPF of somebody who is known here; empty for an account without a person."""
        cpf: str = self.cleaned_data["cpf"]
        if cpf and person_with(cpf) is None:
            raise forms.ValidationError(_("Nobody with this CPF is registered yet."))
        return cpf


class RoleFields(CommandForm):
    """A role, and for whose records it counts."""

    role = forms.ModelChoiceField(label=_("Role"), queryset=Role.objects.none())
    scope = forms.TypedChoiceField(
        label=_("For whose records?"), choices=SCOPES, coerce=int, initial=Scope.OWN.value
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.none(),
        required=False,
        help_text=_("Only for the scope “Branch”."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        company_id = self.access.company_id
        self.fields["role"].queryset = Role.objects.filter(  # type: ignore[attr-defined]
            Q(company=None) | Q(company_id=company_id)
        ).order_by("name")
        branches = in_use(Branch.objects.filter(company_id=company_id), self.access.on)
        self.fields["branch"].queryset = branches.order_by("name")  # type: ignore[attr-defined]


class NewUserForm(PersonFields, RoleFields):
    """A new account with its first role; the password comes by mail."""

    email = forms.EmailField(label=_("E-mail"), help_text=_("With which the person logs in."))
    name = forms.CharField(label=_("Name"), max_length=150)
    language = forms.ChoiceField(
        label=_("Language"),
        required=False,
        choices=[("", _("Like the browser")), *Language.choices],
    )
    field_order = ("name", "email", "cpf", "language", "role", "scope", "branch")
    groups = (
        (_("Person"), ("name", "email", "cpf", "language")),
        (_("First role"), ("role", "scope", "branch")),
    )


class UserForm(PersonFields):
    """Corrections of an account."""

    email = forms.EmailField(label=_("E-mail"))
    name = forms.CharField(label=_("Name"), max_length=150)
    field_order = ("name", "email", "cpf")


class AssignRoleForm(RoleFields):
    """A role for somebody, from a day on."""

    user = forms.ModelChoiceField(label=_("User"), queryset=User.objects.none())
    valid_from = DateField(label=_("Valid from"), required=False, help_text=_("Empty: today."))
    valid_to = DateField(label=_("Last day"), required=False, help_text=_("Empty: no end."))
    field_order = ("user", "role", "scope", "branch", "valid_from", "valid_to")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        others = users_visible_to(self.access).filter(is_active=True)
        self.fields["user"].queryset = others.exclude(  # type: ignore[attr-defined]
            pk=self.access.user_id
        ).order_by("name", "pk")


def person_with(cpf: str) -> Party | None:
    """The natural person with this CPF."""
    return Party.objects.filter(kind=PartyKind.PERSON, tax_id=cpf).first()


def new_user_payload(data: Mapping[str, Any], record: User | None) -> dict[str, Any]:
    """Arguments of ``create_user``."""
    branch = data["branch"]
    return {
        **user_payload(data, record),
        "language": data["language"],
        "role_id": data["role"].pk,
        "scope": data["scope"],
        "branch_id": branch.pk if branch else None,
    }


def user_payload(data: Mapping[str, Any], record: User | None) -> dict[str, Any]:
    """Arguments of ``edit_user``, and those that a new account shares with it."""
    person = person_with(data["cpf"]) if data["cpf"] else None
    given = {
        "email": data["email"],
        "name": data["name"],
        "person_id": person.pk if person else None,
    }
    return given if record is None else {**given, "user_id": record.pk}


def user_initial(_access: Access, record: User | None) -> dict[str, Any]:
    """First values of the form of an account."""
    if record is None:
        return {}
    cpf = record.person.tax_id if record.person else ""
    return {"name": record.name, "email": record.email, "cpf": cpf}
