"""Accounts: of people who log in, and of programs that have tokens."""

from typing import Any, ClassVar

from django.contrib.auth import get_backends
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.audit.history import tracked_without
from backoffice.parties.models import Party


class UserKind(models.TextChoices):
    """Who acts with the account."""

    PERSON = "person", _("Person")
    SERVICE = "service", _("Program")


class Language(models.TextChoices):
    """Language of the pages; empty leaves it to the browser."""

    PORTUGUESE = "pt-br", _("Portuguese")
    ENGLISH = "en", _("English")


class Theme(models.TextChoices):
    """Light, dark, or as the person's system is."""

    SYSTEM = "", _("Like my system")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


@tracked_without("password", "last_login", "lists")
class User(AbstractBaseUser):
    """One row is one account: of a person who logs in, or of a program, which only has tokens.

    A person logs in with ``email`` or with the CPF of the party behind the account. A program has
    neither; it answers through its ``owner`` and ends on ``expires_on``. ``lists`` keeps the columns
    that the person chose for a list, by the name of its object.
    """

    kind = models.CharField(
        _("kind"), max_length=7, choices=UserKind, default=UserKind.PERSON, editable=False
    )
    email = models.EmailField(  # noqa: DJ001  unique: people without e-mail are many
        _("e-mail"), max_length=254, null=True, blank=True
    )
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
    lists = models.JSONField(_("columns of lists"), default=dict, blank=True, editable=False)
    owner = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    expires_on = models.DateField(_("last day"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(kind="service")
                | Q(kind="person", owner=None) & (Q(email__isnull=False) | Q(person__isnull=False)),
                name="user_person_can_log_in",
                violation_error_message=_("A person needs an e-mail or a CPF to log in with."),
            ),
            models.CheckConstraint(
                condition=Q(kind="person")
                | Q(
                    kind="service",
                    email=None,
                    person=None,
                    owner__isnull=False,
                    expires_on__isnull=False,
                ),
                name="user_program_has_owner_and_end",
                violation_error_message=_("A program has an owner and a last day, and no login."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return self.name

    @property
    def is_service(self) -> bool:
        """Whether a program acts with the account, which never logs in."""
        return self.kind == UserKind.SERVICE

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
