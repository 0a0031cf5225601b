"""The steps of the set-up that belong to the product itself."""

import datetime as dt
from collections.abc import Callable

from allauth.mfa.models import Authenticator
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backoffice.audit.models import Event
from backoffice.br.tax_id import format as format_tax_id
from backoffice.home.setup import Found, SetupStep
from backoffice.identity.rules import Access
from backoffice.identity.selectors import grants_on
from backoffice.legislation.selectors import gaps
from backoffice.organization.models import Branch, Company, WorkCalendar
from backoffice.organization.selectors import in_use
from backoffice.periods.rules import add_months, month_start
from backoffice.resources import registry

GIVES_ROLES = "backoffice.role_grant.assign"
PROOF_LASTS = dt.timedelta(days=180)


def _page(name: str, page: str, permission: str) -> Callable[[Access], str]:
    """The address of an object's page, for who may do there what is to be done."""

    def url(access: Access) -> str:
        return registry.url(registry.RESOURCES[name], page) if access.can(permission) else ""

    return url


def _company(access: Access, _at: dt.datetime) -> Found:
    company = Company.objects.get(pk=access.company_id)
    return Found(done=True, says=f"{company.legal_name}, {format_tax_id(company.cnpj)}")


def _company_url(access: Access) -> str:
    return registry.url(registry.RESOURCES["backoffice.company"], "detail", access.company_id)


def _branch(access: Access, _at: dt.datetime) -> Found:
    rows = in_use(Branch.objects.filter(company_id=access.company_id), access.on)
    placed = rows.exclude(place=None).count()
    words = ngettext(
        "%(n)s branch with its municipality", "%(n)s branches with their municipality", placed
    )
    return Found(done=placed > 0, says=words % {"n": placed})


def _calendar(access: Access, _at: dt.datetime) -> Found:
    found = WorkCalendar.objects.filter(company_id=access.company_id).count()
    words = ngettext("%(n)s work calendar", "%(n)s work calendars", found)
    return Found(done=found > 0, says=words % {"n": found})


def _holders(access: Access, permission: str = "") -> set[int]:
    grants = grants_on(access.on).filter(company_id=access.company_id, user__is_active=True)
    if permission:
        grants = grants.filter(role__permissions__contains=[permission])
    return set(grants.values_list("user_id", flat=True))


def _users(access: Access, _at: dt.datetime) -> Found:
    found = len(_holders(access))
    words = ngettext("%(n)s person has a role", "%(n)s people have a role", found)
    return Found(done=found > 1, says=words % {"n": found})


def _factors(access: Access, _at: dt.datetime) -> Found:
    givers = _holders(access, GIVES_ROLES)
    kept = Authenticator.objects.filter(user_id__in=givers).values_list("user_id", flat=True)
    bare = len(givers - set(kept))
    words = ngettext(
        "%(n)s person who gives roles has only a password",
        "%(n)s people who give roles have only a password",
        bare,
    )
    says = words % {"n": bare} if bare else _("Everybody who gives roles has a second factor.")
    return Found(done=bare == 0, says=says)


def _last(access: Access, action: str, at: dt.datetime) -> Event | None:
    """The last event of a kind about the company, unless it is too old to prove anything."""
    about = Event.objects.filter(target_type="backoffice.company", target_id=access.company_id)
    return about.filter(action=action, at__gte=at - PROOF_LASTS).order_by("-pk").first()


def _mail(access: Access, at: dt.datetime) -> Found:
    last = _last(access, "backoffice.company.mail_tested", at)
    if last is None:
        return Found(done=False, says=_("No mail was tried yet."))
    words = (
        _("The server took a mail to %(to)s on %(day)s: %(answer)s")
        if last.data["taken"]
        else _("The mail to %(to)s on %(day)s did not leave: %(answer)s")
    )
    given = {
        "to": last.data["recipient"],
        "day": f"{last.at:%d/%m/%Y}",
        "answer": last.data["answer"],
    }
    return Found(done=bool(last.data["taken"]), says=words % given)


def _laws(access: Access, _at: dt.datetime) -> Found:
    month = month_start(access.on)
    missing = len(gaps(access, month, add_months(month, 1)))
    words = ngettext("%(n)s table to confirm", "%(n)s tables to confirm", missing)
    says = words % {"n": missing} if missing else _("Every table of this month is confirmed.")
    return Found(done=missing == 0, says=says)


def _laws_url(access: Access) -> str:
    allowed = access.can("backoffice.legal_table.confirm")
    return reverse("backoffice.legal_tables.missing") if allowed else ""


def _backup(access: Access, at: dt.datetime) -> Found:
    last = _last(access, "backoffice.company.backup_confirmed", at)
    if last is None:
        return Found(done=False, says=_("Nobody has said yet that a backup was restored."))
    given = {"day": f"{last.at:%d/%m/%Y}", "place": last.data["place"]}
    return Found(done=True, says=_("Restored on %(day)s; kept at: %(place)s") % given)


def _here(_access: Access) -> str:
    return ""


STEPS = (
    SetupStep(
        name="company",
        title=gettext_lazy("Check the company's data"),
        why=gettext_lazy("CNPJ, names and tax regime stand on every document."),
        order=10,
        state=_company,
        url=_company_url,
        guide="organization",
    ),
    SetupStep(
        name="branch",
        title=gettext_lazy("Make the first branch"),
        why=gettext_lazy("People work in a branch; its municipality decides which holidays count."),
        order=20,
        state=_branch,
        url=_page("backoffice.branch", "create", "backoffice.branch.create"),
        guide="organization",
    ),
    SetupStep(
        name="calendar",
        title=gettext_lazy("Make the work calendar"),
        why=gettext_lazy("Business days and payment days are counted by it."),
        order=30,
        state=_calendar,
        url=_page("backoffice.work_calendar", "create", "backoffice.work_calendar.create"),
        guide="organization",
    ),
    SetupStep(
        name="users",
        title=gettext_lazy("Invite people"),
        why=gettext_lazy("What one person prepares another approves: it takes two."),
        order=40,
        state=_users,
        url=_page("backoffice.user", "create", "backoffice.user.create"),
    ),
    SetupStep(
        name="factors",
        title=gettext_lazy("Protect who gives roles with a second factor"),
        why=gettext_lazy("Who takes over such an account may take over everything."),
        order=50,
        state=_factors,
        url=lambda _access: reverse("account_security"),
    ),
    SetupStep(
        name="mail",
        title=gettext_lazy("Try the mail server"),
        why=gettext_lazy("Invitations and notifications leave by it."),
        order=60,
        state=_mail,
        url=_here,
        template="home/setup_mail.html",
        guide="install",
    ),
    SetupStep(
        name="laws",
        title=gettext_lazy("Confirm the legal tables"),
        why=gettext_lazy("Without them no payroll is computed."),
        order=70,
        state=_laws,
        url=_laws_url,
        guide="legal-tables",
    ),
    SetupStep(
        name="backup",
        title=gettext_lazy("Make a backup and restore it once"),
        why=gettext_lazy("Only a backup that came back is one."),
        order=90,
        state=_backup,
        url=_here,
        template="home/setup_backup.html",
        guide="install",
    ),
)
