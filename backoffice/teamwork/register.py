"""Comments and what goes with them, as the registry knows them."""

from django.utils.translation import gettext_lazy as _

from backoffice.collaboration import drafts, follow_ups, notices, services
from backoffice.collaboration.models import (
    Comment,
    CommentVersion,
    FollowUp,
    FormDraft,
    Mention,
    Watch,
)
from backoffice.resources import registry
from backoffice.teamwork import reminders
from backoffice.web import home, menu

__all__ = ["drafts", "follow_ups", "notices", "services"]  # imported for what they register

registry.internal("What is said about a record, in the timeline of its page.", Comment)
registry.internal("Earlier texts of a comment, shown under it.", CommentVersion)
registry.internal("Whom a comment names, marked in its text.", Mention)
registry.internal("Chosen by each person on the page of the record.", Watch)
registry.internal("What a person typed and did not save yet, offered in its form.", FormDraft)
registry.internal("What a person wants to be reminded of, in a list of their own.", FollowUp)
menu.register(
    menu.Page(
        area="backoffice",
        label=_("My reminders"),
        icon="bell",
        url_name="teamwork:follow_ups",
        order=6,
        counter=reminders.waiting,
    )
)
home.register(
    home.Section(
        name="reminders",
        title=_("My reminders"),
        icon="bell",
        order=4,
        template="teamwork/reminders_home.html",
        context=reminders.home_section,
        side=True,
    )
)
