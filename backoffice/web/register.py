"""What the kernel itself puts on the home page."""

from django.utils.translation import gettext_lazy as _

from backoffice.web import home, waiting

home.register(
    home.Section(
        name="approvals",
        title=_("Waiting for my approval"),
        icon="checks",
        order=10,
        template="web/home_approvals.html",
        context=waiting.approvals_section,
        flush=True,
    ),
    home.Section(
        name="jobs",
        title=_("My jobs"),
        icon="list-check",
        order=10,
        template="web/home_jobs.html",
        context=waiting.jobs_section,
        side=True,
    ),
)
