"""Inputs of the commands on people and their roles, the same for pages and the API."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity import catalogue
from backoffice.identity.models import SCOPES, Delegation, Language, Role, User, UserKind
from backoffice.identity.rules import Access, Scope
from backoffice.identity.selectors import grants_on, lendable_by, users_visible_to
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
            Q(company=None) | Q(company_id=company_id), active=True
        ).order_by("name")
        branches = in_use(Branch.objects.filter(company_id=company_id), self.access.on)
        self.fields["branch"].queryset = branches.order_by("name")  # type: ignore[attr-defined]


class NewUserForm(PersonFields, RoleFields):
    """A new account with its first role; the password comes by mail or by a code on paper."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("With which the person logs in. Without one they log in with their CPF."),
    )
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

    email = forms.EmailField(label=_("E-mail"), required=False)
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
        "email": data["email"] or None,
        "name": data["name"],
        "person_id": person.pk if person else None,
    }
    return given if record is None else {**given, "user_id": record.pk}


def user_initial(_access: Access, record: User | None) -> dict[str, Any]:
    """First values of the form of an account."""
    if record is None:
        return {}
    cpf = record.person.tax_id if record.person else ""
    return {"name": record.name, "email": record.email or "", "cpf": cpf}


def permission_choices(names: Iterable[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Permissions as choices, grouped by area, in the order of the catalogue."""
    wanted = frozenset(names)
    groups: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for permission in catalogue.permissions().values():
        if permission.name in wanted:
            groups[permission.area].append((permission.name, str(permission.label)))
    return [(str(catalogue.area_label(area)), choices) for area, choices in groups.items()]


def _role_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return permission_choices(catalogue.names(catalogue.permissions().values()))


def _lendable_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    return permission_choices(catalogue.lendable())


class ReasonForm(CommandForm):
    """Why something is asked."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=200,
        help_text=_("How do you know that it is this person who asks?"),
    )


class RoleForm(CommandForm):
    """What a role of the company is called and what it allows."""

    name = forms.CharField(label=_("Name"), max_length=80)
    description = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    permissions = forms.MultipleChoiceField(
        label=_("What may its holders do?"),
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("For whose records is said when the role is assigned."),
    )


class NewRoleForm(RoleForm):
    """A new role, perhaps beginning with what another one allows."""

    copy_of = forms.ModelChoiceField(
        label=_("Also everything that this role allows"),
        queryset=Role.objects.none(),
        required=False,
    )
    permissions = forms.MultipleChoiceField(
        label=_("What may its holders do?"),
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("For whose records is said when the role is assigned."),
    )
    field_order = ("name", "description", "copy_of", "permissions")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        own = Q(company=None) | Q(company_id=self.access.company_id)
        self.fields["copy_of"].queryset = Role.objects.filter(own).order_by("name")  # type: ignore[attr-defined]

    @override
    def clean(self) -> dict[str, Any] | None:
        """Something must be chosen, in one of the two ways."""
        given = super().clean() or self.cleaned_data
        if not given.get("permissions") and not given.get("copy_of"):
            self.add_error("permissions", _("Choose at least one permission."))
        return given


def new_role_payload(data: Mapping[str, Any], _record: Role | None) -> dict[str, Any]:
    """Arguments of ``create_role``."""
    copied = data["copy_of"].permissions if data["copy_of"] else []
    permissions = sorted({*data["permissions"], *copied})
    return {"name": data["name"], "description": data["description"], "permissions": permissions}


def role_initial(_access: Access, record: Role | None) -> dict[str, Any]:
    """First values of the form of a role."""
    if record is None:
        return {}
    return {
        "name": record.name,
        "description": record.description,
        "permissions": record.permissions,
    }


class ProgramForm(CommandForm):
    """Name, owner and last day of a program's account."""

    name = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("For example: accountant's import.")
    )
    owner = forms.ModelChoiceField(
        label=_("Owner"), queryset=User.objects.none(), help_text=_("Who answers for it.")
    )
    expires_on = DateField(label=_("Last day"), help_text=_("At most two years ahead."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = people_of(self.access)  # type: ignore[attr-defined]


class NewProgramForm(ProgramForm, RoleFields):
    """A program's account with its first role."""

    field_order = ("name", "owner", "expires_on", "role", "scope", "branch")


def program_initial(_access: Access, record: User | None) -> dict[str, Any]:
    """First values of the form of a program."""
    if record is None:
        return {}
    return {"name": record.name, "owner": record.owner_id, "expires_on": record.expires_on}


def program_payload(data: Mapping[str, Any], record: User | None) -> dict[str, Any]:
    """Arguments of ``change_program``."""
    given = {"name": data["name"], "owner_id": data["owner"].pk, "expires_on": data["expires_on"]}
    return given if record is None else {**given, "user_id": record.pk}


def user_key(_data: Mapping[str, Any], record: User | None) -> dict[str, Any]:
    """The argument of commands that take any account."""
    return {"user_id": record.pk if record else 0}


class DelegationForm(CommandForm):
    """Who stands in, for what, from when to when, and why."""

    taker = forms.ModelChoiceField(label=_("Stand-in"), queryset=User.objects.none())
    giver = forms.ModelChoiceField(
        label=_("For whom?"),
        queryset=User.objects.none(),
        required=False,
        help_text=_("Empty: for you. Somebody else only while they are absent."),
    )
    valid_from = DateField(label=_("Valid from"))
    valid_to = DateField(label=_("Last day"))
    permissions = forms.MultipleChoiceField(
        label=_("What may they do?"),
        choices=_lendable_choices,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Never more than the person for whom they act may do on that day."),
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: vacation.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's signature
        super().__init__(*args, **kwargs)
        people = people_of(self.access).exclude(pk=self.access.user_id)
        self.fields["taker"].queryset = people  # type: ignore[attr-defined]
        if self.access.can("backoffice.delegation.create_for"):
            self.fields["giver"].queryset = people  # type: ignore[attr-defined]
        else:
            self.fields["giver"].widget = forms.HiddenInput()
            self.fields["permissions"].choices = permission_choices(  # type: ignore[attr-defined]
                lendable_by(self.access)
            )


def delegation_initial(access: Access, _record: Delegation | None) -> dict[str, Any]:
    """First values of the form of a delegation: a fortnight from today."""
    return {"valid_from": access.on, "valid_to": access.on + dt.timedelta(days=14)}


def people_of(access: Access) -> QuerySet[User]:
    """The people (no programs) with a role in the company today, by name."""
    here = grants_on(access.on).filter(company_id=access.company_id).values("user_id")
    return User.objects.filter(pk__in=here, kind=UserKind.PERSON).order_by("name", "pk")
