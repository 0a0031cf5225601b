"""What stands on the home page besides what the areas put there."""

from django.utils.translation import gettext_lazy as _

from backoffice.home import sections
from backoffice.web import home

home.register(
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
