"""Accounts, roles, who holds which role where, and tokens of programs."""

from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked, tracked_without
from backoffice.identity.rules import Access, Scope
from backoffice.organization.models import Branch, CompanyOwned, DateRange
from backoffice.parties.models import Party

__all__ = ["Access", "ApiToken", "Language", "Role", "RoleGrant", "Scope", "Theme", "User"]

SCOPES = (
    (Scope.OWN.value, _("Own")),
    (Scope.TEAM.value, _("Own team")),
    (Scope.BRANCH.value, _("Branch")),
    (Scope.COMPANY.value, _("Whole company")),
)


class Language(models.TextChoices):
    """Language of the pages; empty leaves it to the browser."""

    PORTUGUESE = "pt-br", _("Portuguese")
    ENGLISH = "en", _("English")


class Theme(models.TextChoices):
    """Light, dark, or as the person's system is."""

    SYSTEM = "", _("Like my system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


@tracked_without("password", "last_login")
class User(AbstractBaseUser):
    """One row is one account with which a person, or later a program, logs in."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    person = models.ForeignKey(
        Party,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("person"),
    )
    language = models.CharField(_("language"), max_length=5, choices=Language, blank=True)
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created at"))

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    objects = BaseUserManager()

    class Meta:
        db_table = "backoffice_user"
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["email"],
                name="user_email_once",
                violation_error_message=_("There is already a user with this e-mail."),
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower_case",
                violation_error_message=_("E-mails are kept in lower case."),
            ),
            # Two accounts of one person could ask with one and approve with the other.
            models.UniqueConstraint(
                fields=["person"],
                name="user_person_once",
                violation_error_message=_("This person already has a user."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether Django's administration pages let the account in."""
        return self.has_perm("backoffice.admin.use")

    def has_perm(self, perm: str, obj: Any = None) -> bool:  # noqa: ANN401  Django's signature
        """Whether the account holds one of our permissions in any company today."""
        return self.is_active and any(
            backend.has_perm(self, perm, obj)
            for backend in get_backends()
            if hasattr(backend, "has_perm")
        )

    def has_perms(self, perm_list: list[str], obj: Any = None) -> bool:  # noqa: ANN401
        """Whether the account holds all of the permissions."""
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        """Whether the administration pages may list an application at all."""
        return self.is_staff


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


class ApiToken(CompanyOwned):
    """One row is one secret with which a program acts for its owner in one company.

    Only a hash of the secret is kept. Its rights are those of its owner at the moment of use, cut
    down to ``scopes``.
    """

    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="api_tokens", verbose_name=_("user")
    )
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(_("begins with"), max_length=12)
    digest = models.CharField(max_length=64, editable=False)
    scopes = ArrayField(models.CharField(max_length=120), verbose_name=_("permissions"))
    created_at = models.DateTimeField(_("created at"))
    expires_at = models.DateTimeField(_("expires at"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)

    class Meta:
        db_table = "backoffice_api_token"
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        indexes: ClassVar = [models.Index(fields=["user", "company"], name="api_token_owner")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest"],
                name="api_token_digest_once",
                violation_error_message=_("There is already such a token."),
            ),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"),
                name="api_token_digest_form",
                violation_error_message=_("Only the hash of a token is kept."),
            ),
            models.CheckConstraint(
                condition=Q(scopes__len__gt=0),
                name="api_token_has_scopes",
                violation_error_message=_("Choose at least one permission."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="api_token_expires_later",
                violation_error_message=_("The expiry must lie in the future."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name
