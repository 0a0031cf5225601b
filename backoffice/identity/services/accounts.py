"""Commands on accounts: make one, keep it right, take it away and give it back."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from backoffice.commands import CHECKED_INSIDE, Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import Language, Theme, User
from backoffice.identity.rules import Scope, Secret
from backoffice.identity.services.guards import (
    keep_administrators,
    locked_user,
    refuse_more_rights,
)
from backoffice.identity.services.roles import NewGrant, give_role
from backoffice.identity.services.warnings import warn
from backoffice.parties.models import Party, PartyKind


@command("backoffice.user.create")
def create_user(
    ctx: Context,
    *,
    name: str,
    email: str | None = None,
    role_id: int | None = None,
    scope: int = Scope.OWN,
    branch_id: int | None = None,
    person_id: int | None = None,
    language: str = "",
    password: Secret | None = None,
) -> User:
    """Make an account and give it its first role in the company of the context.

    The person logs in with ``email``, kept in lower case, or without one with the CPF of the party
    ``person_id``, whose own records the account shows. Only the system makes an account without a
    role. A ``password`` is for a first administrator and examples; people choose theirs by a mailed
    link or with a printed code.

    Raises:
        InvalidInput: The e-mail is malformed or taken, the person has an account, the password is
            weak, or the role does not fit.
    """
    if role_id is None and ctx.actor is not None:
        raise _wrong("role_id", "role_missing", _("Choose a role."))
    user = User(
        email=_email(email),
        name=_name(name),
        person_id=_person(person_id),
        language=_choice(language, Language.values, "language"),
        created_at=ctx.at,
    )
    if password is None:
        user.set_unusable_password()
    else:
        choose_password(user, password)
    _save_new(user)
    ctx.record(
        "backoffice.user.created", target=user, data={"email": user.email, "person_id": person_id}
    )
    if role_id is not None:
        grant = NewGrant(role_id=role_id, scope=scope, branch_id=branch_id)
        give_role(ctx, user=user, grant=grant)
    return user


@command("backoffice.user.edit")
def edit_user(
    ctx: Context, *, user_id: int, email: str | None, name: str, person_id: int | None
) -> User:
    """Correct an account's e-mail, name, or the person behind it.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: One's own account: nobody becomes another person by themselves; or another
            e-mail or person for an account with more rights: its password would go there.
        WrongState: It is a program's.
        InvalidInput: The e-mail is malformed or taken, or the person already has an account.
    """
    user = locked_user(ctx, user_id, "backoffice.user.edit")
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("Ask another administrator to change your account."))
    if user.is_service:
        raise WrongState("is_program", _("This is a program; change it among the programs."))
    former = user.email
    before = {"email": user.email, "name": user.name, "person_id": user.person_id}
    if (_email(email), person_id) != (user.email, user.person_id):
        refuse_more_rights(ctx, user)
    user.email, user.name, user.person_id = _email(email), _name(name), _person(person_id)
    _save_new(user)
    after = {"email": user.email, "name": user.name, "person_id": user.person_id}
    ctx.record("backoffice.user.edited", target=user, data={"before": before, "after": after})
    if former and former != user.email:
        warn(
            user,
            _("Your account now has another e-mail; this one does not count any more."),
            former,
        )
    return user


@command("backoffice.user.deactivate")
def deactivate_user(ctx: Context, *, user_id: int) -> User:
    """Close an account at once: sessions, tokens and roles stop counting with this commit.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: One's own account, or one with roles where the actor gives none.
        WrongState: Already closed, or the last administrator of a company.
    """
    user = locked_user(ctx, user_id, "backoffice.user.deactivate", everywhere=True)
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("Nobody closes their own account."))
    if not user.is_active:
        raise WrongState("already_inactive", _("This account is already closed."))
    companies = set(user.role_grants.filter(ended_at=None).values_list("company_id", flat=True))
    keep_administrators(companies, on=timezone.localdate(ctx.at), without_user=user.pk)
    user.is_active = False
    user.save(update_fields=["is_active"])
    ctx.record("backoffice.user.deactivated", target=user)
    return user


@command("backoffice.user.reactivate")
def reactivate_user(ctx: Context, *, user_id: int) -> User:
    """Open a closed account again, with the roles that have not ended.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: It has roles where the actor gives none.
        WrongState: It is open.
    """
    user = locked_user(ctx, user_id, "backoffice.user.reactivate", everywhere=True)
    if user.is_active:
        raise WrongState("already_active", _("This account is open."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    ctx.record("backoffice.user.reactivated", target=user)
    return user


@command("backoffice.account.edit")
def edit_account(
    ctx: Context, *, name: str | None = None, language: str | None = None, theme: str | None = None
) -> User:
    """Change the own name, language or theme; what is None stays.

    Raises:
        InvalidInput: No name, or no such language or theme.
    """
    user = _own(ctx)
    if name is not None:
        user.name = _name(name)
    if language is not None:
        user.language = _choice(language, Language.values, "language")
    if theme is not None:
        user.theme = _choice(theme, Theme.values, "theme")
    user.save(update_fields=["name", "language", "theme"])
    ctx.record(
        "backoffice.account.edited",
        target=user,
        data={"name": user.name, "language": user.language, "theme": user.theme},
    )
    return user


@command("backoffice.account.arrange_list", permission="backoffice.account.edit")
def arrange_list(ctx: Context, *, name: str, columns: list[str]) -> User:
    """Keep which columns the actor wants to see in a list, in their order; none: those it comes with.

    No event tells of it: nothing of the company changes.

    Args:
        ctx: Of the person.
        name: Of the object that is listed; the door has checked it and the columns.
        columns: Keys.
    """
    user = _own(ctx)
    kept = {key: value for key, value in user.lists.items() if key != name}
    user.lists = {**kept, name: columns} if columns else kept
    user.save(update_fields=["lists"])
    return user


@step
def keep_opening(
    ctx: Context,
    *,
    user_id: int,
    key: str,
    value: int | None,
) -> None:
    """Keep in an account which own view opens a list, where every page finds it; none: none does."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    kept = {name: each for name, each in user.lists.items() if name != key}
    user.lists = kept if value is None else {**kept, key: [value]}
    user.save(update_fields=["lists"])


@command("backoffice.account.change_password", permission=CHECKED_INSIDE)
def set_password(ctx: Context, *, user_id: int, new: Secret) -> User:
    """Set a password; every other session of the account ends with this commit.

    The door has proved who asks: by the old password or by a mailed link (then the system acts).

    Raises:
        NotAllowed: Somebody else's password.
        InvalidInput: The password is weak.
    """
    ctx.require("backoffice.account.change_password")
    if ctx.actor is not None and ctx.actor_id != user_id:
        raise NotAllowed("not_own_password", _("Nobody sets the password of another person."))
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    choose_password(user, new)
    user.save(update_fields=["password"])
    ctx.record("backoffice.account.password_changed", target=user)
    warn(user, _("The password of your account was changed."))
    return user


def _own(ctx: Context) -> User:
    user = User.objects.select_for_update(no_key=True).filter(pk=ctx.actor_id or 0).first()
    if user is None:
        raise NotFound("not_found", _("There is no such account."))
    return user


def _wrong(field: str, code: str, message: str | Promise) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _email(value: str | None) -> str | None:
    email = (value or "").strip().lower()
    if not email:
        return None
    try:
        validate_email(email)
    except ValidationError:
        raise _wrong("email", "bad_email", _("Enter an e-mail such as ana@example.com.")) from None
    return email


def _name(value: str) -> str:
    name = " ".join(value.split())
    if not 1 <= len(name) <= 150:
        raise _wrong("name", "bad_name", _("Enter a name of up to 150 letters."))
    return name


def _choice(value: str, allowed: list[str], field: str) -> str:
    if value and value not in allowed:
        raise _wrong(field, f"bad_{field}", _("Choose one of the options."))
    return value


def _person(person_id: int | None) -> int | None:
    people = Party.objects.filter(kind=PartyKind.PERSON)
    if person_id is not None and not people.filter(pk=person_id).exists():
        raise _wrong("person_id", "no_such_person", _("There is no such person."))
    return person_id


def choose_password(user: User, password: Secret) -> None:
    """Put a password on an account that the caller has locked and saves.

    Raises:
        InvalidInput: The password is weak.
    """
    try:
        validate_password(password.value, user)
    except ValidationError as error:
        raise _wrong("password", "weak_password", " ".join(error.messages)) from None
    user.set_password(password.value)


def _save_new(user: User) -> None:
    """Save an account whose e-mail and person must be its own."""
    taken = User.objects.exclude(pk=user.pk)
    if user.email is None and user.person_id is None:
        raise _wrong("email", "no_login", _("Enter an e-mail, or the CPF to log in with."))
    if user.email is not None and taken.filter(email=user.email).exists():
        raise _wrong("email", "email_in_use", _("There is already a user with this e-mail."))
    if user.person_id is not None and taken.filter(person_id=user.person_id).exists():
        raise _wrong("person_id", "person_in_use", _("This person already has a user."))
    try:
        user.save()
    except IntegrityError as error:  # another request was faster
        message = _("There is already such a user.")
        raise InvalidInput("user_exists", message, fields={"email": message}) from error
