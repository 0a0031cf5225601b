"""Roles, and who holds which one where."""

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked
from backoffice.identity.models.accounts import User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Branch, CompanyOwned, DateRange

SCOPES = (
    (Scope.OWN.value, _("Own")),
    (Scope.TEAM.value, _("Own team")),
    (Scope.BRANCH.value, _("Branch")),
    (Scope.COMPANY.value, _("Whole company")),
)


@tracked
class Role(models.Model):
    """One row is one role: a name for a set of permissions; standard ones belong to no company."""

    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=200, blank=True)
    company = models.ForeignKey(
        "backoffice.Company",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("company"),
    )
    permissions = ArrayField(models.CharField(max_length=120), verbose_name=_("permissions"))
    active = models.BooleanField(_("can be given"), default=True, db_default=True)

    class Meta:
        db_table = "backoffice_role"
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "code"],
                nulls_distinct=False,
                name="role_code_once",
                violation_error_message=_("This code is already in use."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^[a-z][a-z0-9_]*$"),
                name="role_code_form",
                violation_error_message=_("A code has small letters, digits and underscores."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """The name people read; names of standard roles are translated."""
        return self.name if self.company_id else gettext(self.name)

    @property
    def explanation(self) -> str:
        """One sentence on what the role is for, translated for standard roles."""
        return (
            self.description
            if self.company_id or not self.description
            else gettext(self.description)
        )


@tracked
class RoleGrant(CompanyOwned):
    """One row is one role that one account holds in one company, from one day to another.

    ``valid_to`` is a planned last day; ``ended_at`` is the moment it was taken away, at once.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="role_grants", verbose_name=_("user")
    )
    role = models.ForeignKey(
        Role, on_delete=models.PROTECT, related_name="grants", verbose_name=_("role")
    )
    scope = models.PositiveSmallIntegerField(_("for whose records"), choices=SCOPES)
    branch = models.ForeignKey(
        Branch,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("branch"),
    )
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid to"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_role_grant"
        verbose_name = _("role of a user")
        verbose_name_plural = _("roles of users")
        indexes: ClassVar = [
            models.Index(fields=["company", "user"], name="role_grant_company_user")
        ]
        constraints: ClassVar = [
            ExclusionConstraint(
                name="role_grant_one_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("company", RangeOperators.EQUAL),
                    (
                        Coalesce("branch", 0, output_field=models.BigIntegerField()),
                        RangeOperators.EQUAL,
                    ),
                    (DateRange(), RangeOperators.OVERLAPS),
                ],
                condition=Q(ended_at__isnull=True),
                violation_error_message=_("The user already has this role on these days."),
            ),
            models.CheckConstraint(
                condition=Q(scope=Scope.BRANCH.value, branch__isnull=False)
                | (~Q(scope=Scope.BRANCH.value) & Q(branch__isnull=True)),
                name="role_grant_branch_iff_scope",
                violation_error_message=_("Choose a branch, and only for the scope “Branch”."),
            ),
            models.CheckConstraint(
                condition=Q(scope__range=(Scope.OWN.value, Scope.COMPANY.value)),
                name="role_grant_scope_known",
                violation_error_message=_("There is no such scope."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="role_grant_dates_in_order",
                violation_error_message=_("The end comes before the start."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user} - {self.role}"
