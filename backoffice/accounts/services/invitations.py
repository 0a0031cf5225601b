"""Commands on invitations: a mailed link or a printed code with which people choose a password."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import MOST_FAILURES, Invitation, InvitationKind
from backoffice.accounts.rules import mailed_digest, plain_code
from backoffice.accounts.selectors import open_invitations
from backoffice.commands import CHECKED_INSIDE, Context, command
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Secret
from backoffice.identity.services.accounts import choose_password
from backoffice.identity.services.guards import locked_user, refuse_more_rights
from backoffice.identity.services.warnings import send, warn

MAIL_LASTS = dt.timedelta(days=7)
PAPER_LASTS = dt.timedelta(days=14)
INVITE = "backoffice.user.invite"


@command("backoffice.user.invite_by_mail", permission=INVITE)
def invite_by_mail(ctx: Context, *, user_id: int, token: Secret, link: Secret) -> Invitation:
    """Mail somebody a link with which they choose a password; it works once, for seven days.

    The door draws ``token`` and puts it into ``link``; only a hash is kept. An earlier invitation
    of the account ends.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: One's own account, or one with roles where the actor invites nobody.
        WrongState: It is closed, is a program's, or has no e-mail.
    """
    user = _invited(ctx, user_id)
    if not user.email:
        raise WrongState("no_email", _("This account has no e-mail; print a code instead."))
    row = _invite(ctx, user, InvitationKind.MAIL, mailed_digest(token.value), MAIL_LASTS)
    with override(user.language or settings.LANGUAGE_CODE):
        facts = {"user": user, "company": row.company, "link": link.value, "until": row.expires_at}
        text = render_to_string("accounts/email/invitation.txt", facts)
        subject = gettext("Your access to %(company)s") % {"company": row.company}
    send(EmailMessage(subject, text, to=[user.email]))
    return row


@command("backoffice.user.invite_on_paper", permission=INVITE)
def invite_on_paper(ctx: Context, *, user_id: int, code: Secret) -> Invitation:
    """Give somebody without e-mail a printed code; it works once, with their CPF, for two weeks.

    For the first password and for a forgotten one. Only a slow hash is kept. Who has an e-mail gets
    the link there, where no administrator can read it.

    Raises:
        NotFound: No such account in the actor's companies.
        NotAllowed: One's own account, one with more rights than the actor, or with roles where the
            actor invites nobody.
        WrongState: It is closed, is a program's, has an e-mail, or has no CPF.
    """
    user = _invited(ctx, user_id)
    if user.email:
        raise WrongState("has_email", _("This account has an e-mail; send the link there."))
    refuse_more_rights(ctx, user)
    digest = make_password(plain_code(code.value))
    return _invite(ctx, user, InvitationKind.PRINTED, digest, PAPER_LASTS)


@command("backoffice.account.accept_mail", permission=CHECKED_INSIDE)
def accept_mail(ctx: Context, *, token: Secret, password: Secret) -> User:
    """Choose a password with a mailed link; the system acts for whoever holds it.

    Raises:
        NotFound: No such invitation, or it was used, taken back, or is too old.
        InvalidInput: The password is weak.
    """
    row = (
        open_invitations(ctx.at)
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(kind=InvitationKind.MAIL, digest=mailed_digest(token.value), user__is_active=True)
        .first()
    )
    if row is None:
        raise NotFound("invitation_over", _("This link does not work any more."))
    return _accept(ctx, row, password)


@command("backoffice.account.accept_code", permission=CHECKED_INSIDE)
def accept_code(ctx: Context, *, cpf: str, code: Secret, password: Secret) -> User | None:
    """Choose a password with a CPF and a printed code; None when they do not belong together.

    A wrong code is counted in the same transaction, so it is an answer and no refusal; the fifth
    one ends the invitation. Whether the CPF is known makes no difference in answer or time.

    Raises:
        InvalidInput: The password is weak (only said to who has the right code).
    """
    row = (
        open_invitations(ctx.at)
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(
            kind=InvitationKind.PRINTED,
            user__person__tax_id=cpf,
            user__email__isnull=True,
            user__is_active=True,
        )
        .first()
    )
    if row is None:
        make_password(plain_code(code.value))  # as long as the check of a code takes
        return None
    if check_password(plain_code(code.value), row.digest):
        return _accept(ctx, row, password)
    row.failures += 1
    if row.failures >= MOST_FAILURES:
        row.revoked_at = ctx.at
    row.save(update_fields=["failures", "revoked_at"])
    ctx.record("backoffice.invitation.wrong_code", target=row, data={"failures": row.failures})
    return None


def _invited(ctx: Context, user_id: int) -> User:
    """The account, locked, if the actor may invite it."""
    user = locked_user(ctx, user_id, INVITE, everywhere=True)
    if user.pk == ctx.actor_id:
        raise NotAllowed("own_account", _("Ask another administrator to change your account."))
    if user.is_service:
        raise WrongState("is_program", _("A program never logs in; make it a token."))
    if not user.is_active:
        raise WrongState("user_inactive", _("This account is closed."))
    return user


def _invite(
    ctx: Context, user: User, kind: InvitationKind, digest: str, lasts: dt.timedelta
) -> Invitation:
    Invitation.objects.filter(user=user, used_at=None, revoked_at=None).update(revoked_at=ctx.at)
    row = Invitation.objects.create(
        company_id=ctx.company,
        user=user,
        kind=kind,
        digest=digest,
        invited_by_id=ctx.actor_id,
        created_at=ctx.at,
        expires_at=ctx.at + lasts,
    )
    facts = {"user_id": user.pk, "kind": kind.value, "expires_at": row.expires_at}
    ctx.record("backoffice.user.invited", target=user, data=facts)
    return row


def _accept(ctx: Context, row: Invitation, password: Secret) -> User:
    if ctx.actor is not None:
        raise InvalidInput("logged_in", _("Log out first."))
    user = User.objects.select_for_update(no_key=True).get(pk=row.user_id)
    choose_password(user, password)
    user.save(update_fields=["password"])
    row.used_at = ctx.at
    row.save(update_fields=["used_at"])
    ctx.record("backoffice.account.invitation_accepted", target=user, data={"kind": row.kind})
    warn(user, _("A password was chosen with an invitation."))
    return user
