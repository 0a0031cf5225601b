"""One value of one row changed in the list itself, by the command that changes the record."""

from typing import Any, cast

from django import forms as django_forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString
from typing_extensions import override

from backoffice.commands import COMMANDS
from backoffice.errors import BusinessError
from backoffice.identity.requests import context_of
from backoffice.lists.bulk import row_form
from backoffice.resources import display, forms, listing, panels, registry
from backoffice.resources.records import Command, Row
from backoffice.resources.views import ResourcePage


class CellPage(ResourcePage):
    """The form in a cell; and the cell again, once the value is saved."""

    template_name = "lists/cell.html"
    command: Command = cast("Command", None)
    key = ""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not change the record; only declared columns have this address."""
        self.key = str(kwargs.pop("key"))
        if permission := COMMANDS[self.command.name].permission:
            context_of(request, keyed=False).require(permission)
        if self.key not in self.resource.inline:
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def target(self, pk: int) -> Row:
        """The record, within the reach of the permission to change it."""
        permission = COMMANDS[self.command.name].permission
        return self.record(pk, listing.reachable(self.resource, self.access, permission))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form with the value as it is now, or the cell as it was."""
        record = self.target(pk)
        if "shown" in request.GET:
            return HttpResponse(self.cell(pk))
        form = forms.make_form(self.command, self.access, record)
        reason = panels.why_not(self.resource, self.command, record, self.access)
        return self.show(form, record, str(reason or ""))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Run the command with this one value changed; a refusal stands in the cell."""
        record = self.target(pk)
        form = row_form(
            self.command, self.access, record, {self.key: request.POST.get(self.key, "")}
        )
        if not form.is_valid():
            texts = [str(text) for errors in form.errors.values() for text in errors]
            return self.show(form, record, " ".join(texts), status=422)
        version = request.POST.get("version", "") or "0"
        try:
            forms.run(self.resource, self.command, context_of(request), form, record, version)
        except BusinessError as refusal:
            return self.show(form, self.target(pk), str(refusal), status=refusal.status)
        return HttpResponse(self.cell(pk))

    def show(
        self, form: django_forms.Form, record: Row, refusal: str, status: int = 200
    ) -> HttpResponse:
        """The form of the one field."""
        address = f"{registry.url(self.resource, 'detail', record.pk)}cell/{self.key}/"
        context = {"bound": form[self.key], "record": record, "refusal": refusal}
        return self.page({**context, "address": address}, status)

    def cell(self, pk: int) -> SafeString:
        """The cell as the list shows it."""
        column = next(c for c in self.resource.table.columns if c.key == self.key)
        rows, paths = listing.annotated(self.resource.queryset(self.access), [column])
        line = display.write_list(
            self.resource.model,
            [column],
            rows.filter(pk=pk).values_list("pk", *paths),
            base_url=registry.url(self.resource),
            inline=self.resource.inline,
        )[0]
        inside = line.html[line.html.index("<td") : line.html.rindex("</td>")]
        return SafeString(inside[inside.index(">") + 1 :])
