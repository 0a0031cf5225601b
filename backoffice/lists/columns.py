"""Which columns a person wants to see in a list, and in which order."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from typing_extensions import override

from backoffice.identity.requests import context_of
from backoffice.identity.services import arrange_list
from backoffice.resources import listing, registry
from backoffice.resources.records import Kind
from backoffice.resources.views import ResourcePage

if TYPE_CHECKING:
    from backoffice.identity.requests import Request


@dataclass(frozen=True, slots=True)
class Choice:
    """One column of the form: whether it is shown, and whether it can be left out."""

    key: str
    label: str
    shown: bool
    fixed: bool


class ColumnsPage(ResourcePage):
    """The columns of a list as a form: ticked ones are shown, in the order of the form."""

    template_name = "lists/columns.html"

    @override
    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """Alone when it opens at the side of the list."""
        self.template_name = (
            "lists/columns_drawer.html"
            if self.request.headers.get("HX-Target") == "drawer-content"
            else self.template_name
        )
        return super().page(context, status)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The form with the columns as they stand now."""
        kept = cast("Request", request).user.lists.get(self.resource.name, ())
        asked = listing.read(request, self.resource, self.access, columns=kept)
        return self.form([column.key for column in asked.columns], [])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep the choice and show the list; or move a column by one place, without scripts."""
        offered = [column.key for column in listing.choosable(self.resource, self.access)]
        order = [key for key in dict.fromkeys(request.POST.getlist("order")) if key in offered]
        shown = [key for key in order if key in request.POST.getlist("columns")]
        for action, step in (("up", -1), ("down", 1)):
            if (key := request.POST.get(action)) in order:
                return self.form(shown, _moved(order, str(key), step))
        reset = "reset" in request.POST
        arrange_list(context_of(request), name=self.resource.name, columns=[] if reset else shown)
        messages.success(request, _("Columns kept."))
        query = request.GET.copy()
        query.pop("columns", None)
        if shown and not reset:
            query["columns"] = ",".join(shown)
        return redirect(with_query(registry.url(self.resource), query))

    def form(self, shown: list[str], order: list[str]) -> HttpResponse:
        """The form; without an order, what is shown comes first."""
        offered = {c.key: c for c in listing.choosable(self.resource, self.access)}
        keys = dict.fromkeys([*order, *shown, *offered])
        choices = [
            Choice(
                key=key,
                label=str(offered[key].label),
                shown=key in shown or offered[key].kind is Kind.LINK,
                fixed=offered[key].kind is Kind.LINK,
            )
            for key in keys
        ]
        query = self.request.GET.urlencode()
        return self.page(
            {
                "choices": choices,
                "address": f"{self.request.path}?{query}",
                "cancel_url": with_query(registry.url(self.resource), self.request.GET),
            }
        )


def with_query(address: str, query: QueryDict) -> str:
    """An address with the rest of a question."""
    return f"{address}?{query.urlencode(safe=',')}" if query else address


def _moved(order: list[str], key: str, step: int) -> list[str]:
    at = order.index(key)
    to = min(len(order) - 1, max(0, at + step))
    rest = [each for each in order if each != key]
    return [*rest[:to], key, *rest[to:]]
