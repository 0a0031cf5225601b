"""Named reads: where an account is logged in, what it proves itself with, how it was invited."""

import datetime as dt
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef, QuerySet

from backoffice.accounts.models import FactorReset, Invitation, InvitationKind, UserSession
from backoffice.accounts.rules import browser_name
from backoffice.identity.models import User

CODES = Authenticator.Type.RECOVERY_CODES


def live_sessions(user_id: int, at: dt.datetime) -> QuerySet[UserSession]:
    """The browsers in which an account is logged in, the last used first."""
    alive = Session.objects.filter(session_key=OuterRef("session_key"), expire_date__gt=at)
    return UserSession.objects.filter(
        Exists(alive), user_id=user_id, ended_at__isnull=True
    ).order_by("-seen_at", "-pk")


@dataclass(frozen=True, slots=True)
class SeenSession:
    """A session as its person reads it."""

    row: UserSession
    current: bool

    @property
    def device(self) -> str:
        """Browser and system in words, such as "Firefox, Windows"."""
        return browser_name(self.row.agent)


def sessions_of(user: User, at: dt.datetime, current: str | None) -> list[SeenSession]:
    """A person's sessions; ``current`` is the key of the one that asks."""
    return [SeenSession(row, row.session_key == current) for row in live_sessions(user.pk, at)]


@dataclass(frozen=True, slots=True)
class Factors:
    """With what an account proves itself beside the password."""

    totp: Authenticator | None
    passkeys: list[Authenticator]
    codes: Authenticator | None

    @property
    def any(self) -> bool:
        """Whether there is a second factor; recovery codes alone are none."""
        return self.totp is not None or bool(self.passkeys)

    @property
    def takes_codes(self) -> bool:
        """Whether something can be typed: a code of the telephone or a recovery code."""
        return self.totp is not None or self.codes is not None

    @property
    def codes_left(self) -> int:
        """How many recovery codes were not used yet."""
        return len(self.codes.wrap().get_unused_codes()) if self.codes else 0


def factors_of(user_id: int) -> Factors:
    """The second factors of an account, passkeys by age."""
    rows = list(Authenticator.objects.filter(user_id=user_id).order_by("pk"))
    by_type = {row.type: row for row in rows}
    return Factors(
        totp=by_type.get(Authenticator.Type.TOTP),
        passkeys=[row for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        codes=by_type.get(CODES),
    )


def open_invitations(at: dt.datetime) -> QuerySet[Invitation]:
    """Invitations that can still be used."""
    return Invitation.objects.filter(
        used_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at
    )


def mailed_invitation(digest: str, at: dt.datetime) -> Invitation | None:
    """The usable invitation behind a mailed link, with its account."""
    return (
        open_invitations(at)
        .select_related("user", "company")
        .filter(kind=InvitationKind.MAIL, digest=digest, user__is_active=True)
        .first()
    )


def attempts_on(user: User, at: dt.datetime) -> QuerySet[AccessAttempt]:
    """The lock-outs of an account that are in force: one for each address that failed too often."""
    names = [name for name in (user.email, user.person and user.person.tax_id) if name]
    rows: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(
        username__in=names,
        failures_since_start__gte=settings.AXES_FAILURE_LIMIT,
        attempt_time__gt=at - settings.AXES_COOLOFF_TIME,
    )
    return rows


def asked_reset(user: User) -> FactorReset | None:
    """The request to take away the account's second factors that waits for another person."""
    return FactorReset.objects.filter(user=user, done_at=None).select_related("asked_by").first()


def linked_to_company(user: User) -> bool:
    """Whether the account is tied to a person of the company's own login."""
    return bool(SocialAccount.objects.filter(user=user).exists())
