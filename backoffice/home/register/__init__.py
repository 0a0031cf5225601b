"""What stands on the home page besides what the areas put there."""

from django.core import checks
from django.utils.translation import gettext_lazy as _

from backoffice.home import sections, setting_up, setup
from backoffice.home.helping import without_help
from backoffice.home.models import GuidedProgress
from backoffice.home.register.guidance import HELP
from backoffice.home.register.steps import STEPS
from backoffice.privacy import uses
from backoffice.privacy.registry import declare
from backoffice.resources import registry
from backoffice.web import home, menu
from backoffice.web.guidance import register as register_help

setup.register(*STEPS)
declare(
    "backoffice.GuidedProgress",
    about="user",
    account=(uses.ACCOUNT, "task started_at seen done_at"),
)
registry.internal("How far people are with their guided tasks.", GuidedProgress)
menu.register(
    menu.Page(
        area="work",
        label=_("Guided tasks"),
        icon="bulb",
        url_name="home:training",
        order=90,
    ),
    menu.Page(
        area="backoffice",
        label=_("Set up the company"),
        icon="checklist",
        url_name="home:setup",
        permission=setup.PERMISSION,
        order=1,
    ),
)
home.register(
    home.Section(
        name="set-up",
        title=_("Set up the company"),
        icon="checklist",
        order=1,
        template="home/setup_section.html",
        context=setting_up.section,
        permission=setup.PERMISSION,
    ),
    home.Section(
        name="work",
        title=_("What I must do"),
        icon="checklist",
        order=5,
        template="home/work.html",
        context=sections.work_section,
        flush=True,
    ),
    home.Section(
        name="late",
        title=_("Late around me"),
        icon="clock",
        order=30,
        template="home/work.html",
        context=sections.late_section,
        flush=True,
    ),
    home.Section(
        name="news",
        title=_("New for me"),
        icon="bell",
        order=5,
        template="home/news.html",
        context=sections.news_section,
        side=True,
    ),
    home.Kpi(
        name="jobs",
        label=_("Jobs with errors"),
        order=50,
        permission="backoffice.job.manage",
        figure=sections.failed_jobs,
    ),
    home.Kpi(
        name="mails",
        label=_("Mails that did not leave"),
        order=51,
        permission="backoffice.mail.view",
        figure=sections.stuck_mails,
    ),
    home.Kpi(
        name="factors",
        label=_("Accounts without a second factor"),
        order=52,
        permission="backoffice.user.view",
        figure=sections.without_second_factor,
    ),
)

register_help(*HELP)


@checks.register
def check_help(**_options: object) -> list[checks.CheckMessage]:
    """`manage.py check`: every object has words in its help panel."""
    text = "has no help: register a backoffice.web.guidance.Help beside its record"
    return [checks.Warning(text, obj=name, id="home.W001") for name in without_help()]
