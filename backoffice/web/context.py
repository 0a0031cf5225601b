"""What the frame around every page needs, worked out only when a template asks for it."""

import json
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, to_locale
from django.utils.translation import gettext as _

from backoffice.accounts.company_login import offered
from backoffice.identity.selectors import own_companies
from backoffice.web import menu
from backoffice.web.preferences import THEME_COOKIE, THEMES

if TYPE_CHECKING:
    from backoffice.identity.rules import Access, StandIn

OPEN_MENU_UP_TO = 24


@dataclass(frozen=True)
class Area:
    """An area of the menu as it stands on this page."""

    code: str
    label: str
    items: list[dict[str, Any]]
    open: bool
    groups: "list[Area]" = field(default_factory=list)


def _line(entry: menu.Entry, current: str) -> dict[str, Any]:
    """One entry as the template shows it."""
    return {
        "label": entry.label,
        "icon": entry.icon,
        "url": entry.url,
        "key": entry.key,
        "counter_id": entry.counter_id,
        "current": entry.url == current,
    }


def _groups(area: menu.AreaMenu, current: str) -> list[Area]:
    """The groups of an area; open where the person is."""
    found = []
    for code, entries in groupby((e for e in area.items if e.group), key=lambda e: e.group):
        items = [_line(entry, current) for entry in entries]
        label = str(menu.GROUPS[area.code, code].label)
        here = any(item["current"] for item in items)
        found.append(Area(f"{area.code}.{code}", label, items, here))
    return found


@dataclass(frozen=True)
class CompanyChoice:
    """A company that the person can switch to."""

    id: int
    name: str
    current: bool


class Shell:
    """The frame of one page: menu, companies, person, theme, language, texts for the scripts."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def _access(self) -> "Access | None":
        return getattr(self._request, "access", None)

    @property
    def path(self) -> str:
        """Address of the page, without its query."""
        return self._request.path

    @property
    def user_id(self) -> int:
        """Key of the account; 0 for nobody."""
        return self._request.user.pk or 0 if hasattr(self._request, "user") else 0

    @property
    def user_name(self) -> str:
        """Name of the person."""
        return str(getattr(self._request.user, "name", ""))

    @property
    def user_email(self) -> str:
        """E-mail with which the person logs in; empty for who logs in with the CPF."""
        return getattr(self._request.user, "email", None) or ""

    @property
    def company_login(self) -> str:
        """The name of the company's own login, when there is one."""
        return offered()

    @property
    def stand_in(self) -> "StandIn | None":
        """For whom the person acts now, if it is not for themselves."""
        access = self._access
        return access.stand_in if access else None

    @cached_property
    def theme(self) -> str:
        """The person's theme, or this browser's: light, dark, or auto as the system is."""
        saved = getattr(getattr(self._request, "user", None), "theme", "")
        chosen = saved or self._request.COOKIES.get(THEME_COOKIE, "")
        return chosen if chosen in THEMES else "auto"

    @property
    def language(self) -> str:
        """Code of the language of this page."""
        return get_language() or settings.LANGUAGE_CODE

    @property
    def language_tag(self) -> str:
        """The language as HTML names it: ``pt-BR``."""
        return to_locale(self.language).replace("_", "-")

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Every language of the product under a short name in itself."""
        own = {"pt-br": "Português", "en": "English"}
        return [(code, own.get(code, code)) for code, _name in settings.LANGUAGES]

    @cached_property
    def groups(self) -> tuple[menu.AreaMenu, ...]:
        """The menu of this person."""
        return menu.groups(self._access) if self._access is not None else ()

    @cached_property
    def areas(self) -> list[Area]:
        """The menu as this page shows it; long ones open only where the person is."""
        current = max(
            (e.url for g in self.groups for e in g.items if self.path.startswith(e.url)),
            key=len,
            default="",
        )
        # A closed group within an area takes one line, however much is in it.
        lines = {(g.code, e.group or e.url) for g in self.groups for e in g.items}
        short = len(lines) <= OPEN_MENU_UP_TO
        return [
            Area(
                code=group.code,
                label=str(group.label),
                items=[_line(entry, current) for entry in group.items if not entry.group],
                groups=_groups(group, current),
                open=short or any(entry.url == current for entry in group.items),
            )
            for group in self.groups
        ]

    @property
    def has_counters(self) -> bool:
        """Whether any entry of the menu counts what waits."""
        return any(entry.counter for group in self.groups for entry in group.items)

    @cached_property
    def companies(self) -> list[CompanyChoice]:
        """The companies in which the person has a role today."""
        access, user = self._access, self._request.user
        if access is None or not user.is_authenticated:
            return []
        return [
            CompanyChoice(id=company.pk, name=str(company), current=company.pk == access.company_id)
            for company in own_companies(user, access)
        ]

    @property
    def company_name(self) -> str:
        """The company whose back office this is now."""
        return next((company.name for company in self.companies if company.current), "")

    @property
    def account_links(self) -> list[dict[str, str]]:
        """Pages of the own account that are installed."""
        wanted = (
            ("account", _("My account"), "user-circle"),
            ("account_security", _("Security"), "shield-check"),
            ("account_stand_ins", _("Stand-ins"), "users"),
            ("admin:index", _("Administration"), "settings"),
        )
        links, access = [], self._access
        for name, label, icon in wanted:
            if name == "admin:index" and not (access and access.can("backoffice.admin.use")):
                continue
            try:
                links.append({"url": reverse(name), "label": label, "icon": icon})
            except NoReverseMatch:
                continue
        return links

    @property
    def texts(self) -> str:
        """What the scripts say, as JSON."""
        return _texts(self.language)


@cache
def _texts(_language: str) -> str:
    """The texts in the language that is active now; the argument tells one answer from another."""
    texts = {
        "required": _("Please fill in this field."),
        "cpf": _("This CPF is not valid: check its digits."),
        "cnpj": _("This CNPJ is not valid: check its characters."),
        "pis": _("This PIS is not valid: check its digits."),
        "date": _("This date does not exist. Write it as dd/mm/yyyy."),
        "competence": _("Write the month as mm/yyyy."),
        "number": _("Write a number such as 1.234,56."),
        "email": _("Write an e-mail address such as name@company.com.br."),
        "phone": _("Write the phone with its area code."),
        "cep": _("A CEP has eight digits."),
        "unsaved": _("Your changes are not saved yet."),
        "draft": _("A draft of this form was kept, from {time}."),
        "restore": _("Restore the draft"),
        "discard": _("Discard"),
        "copied": _("Copied."),
        "kept": _("Document kept."),
        "offline": _("The server cannot be reached. Check your connection and try again."),
        "failed": _("That did not work. Please try again."),
        "failed_id": _("That did not work. If it happens again, report the code {id}."),
        "ended": _("Your session ended. Log in again; this browser keeps what you typed."),
        "denied": _("You may not do this."),
        "gone": _("This does not exist any more."),
        "close": _("Close"),
        "nothing": _("Nothing found"),
        "people": _("People"),
        "create": _("Create “{text}”"),
        "calendar": _("Choose in a calendar"),
    }
    return json.dumps(texts, ensure_ascii=False)


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor: the frame of the page."""
    return {"shell": Shell(request)}
