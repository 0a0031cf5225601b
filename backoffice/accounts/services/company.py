"""The command that ties an invited account to its person at the company's login provider."""

from allauth.socialaccount.models import SocialAccount
from django.utils.translation import gettext_lazy as _

from backoffice.accounts.models import InvitationKind
from backoffice.accounts.selectors import open_invitations
from backoffice.commands import CHECKED_INSIDE, Context, command
from backoffice.errors import NotAllowed, NotFound
from backoffice.identity.models import User

PROVIDER = "company"


@command("backoffice.account.link_company_login", permission=CHECKED_INSIDE)
def link_company_login(ctx: Context, *, subject: str, email: str) -> User:
    """Link the person ``subject`` of the provider with the account that was invited to ``email``.

    The door has checked that the provider vouches for the e-mail. It uses the invitation up, so
    that a link is made once and only for whom an administrator expects.

    Raises:
        NotAllowed: Not the system.
        NotFound: No open invitation to this e-mail.
    """
    if ctx.actor is not None:
        raise NotAllowed("system_only", _("Only the system links accounts."))
    row = (
        open_invitations(ctx.at)
        .select_for_update(of=("self",))
        .select_related("user")
        .filter(kind=InvitationKind.MAIL, user__email=email, user__is_active=True)
        .first()
    )
    if row is None:
        raise NotFound("not_invited", _("There is no such invitation."))
    row.used_at = ctx.at
    row.save(update_fields=["used_at"])
    SocialAccount.objects.create(user=row.user, provider=PROVIDER, uid=subject)
    ctx.record("backoffice.account.company_login_linked", target=row.user)
    return row.user
