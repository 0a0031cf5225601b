"""Pages and endpoint of a command for many records."""

from typing import Any, cast

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.request import Request as ApiRequest
from rest_framework.response import Response
from typing_extensions import override

from backoffice.commands import COMMANDS
from backoffice.errors import BusinessError
from backoffice.identity.requests import context_of
from backoffice.lists import bulk
from backoffice.resources import listing
from backoffice.resources.api import ResourceView
from backoffice.resources.fields import CommandInput
from backoffice.resources.forms import form_text
from backoffice.resources.records import Command
from backoffice.resources.views import ResourcePage, add_refusal


class BulkPage(ResourcePage):
    """One command for the selected rows: what will happen, its form, and what came of each row."""

    template_name = "lists/bulk.html"
    command: Command = cast("Command", None)

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not run the command, or must prove first that it is them."""
        if permission := COMMANDS[self.command.name].permission:
            context_of(request, keyed=False).require(permission)
        return super().dispatch(request, *args, **kwargs)

    def selected(self) -> list[int]:
        """The keys of the rows that the address selects."""
        given = self.request.GET
        asked = listing.read(self.request, self.resource, self.access)
        return bulk.selection(asked, given.getlist("ids"), everything="all" in given)

    def get(self, request: HttpRequest) -> HttpResponse:
        """How many can and how many cannot, and the form."""
        ids = self.selected()
        return self.show(bulk.shared_form(self.resource, self.command, self.access, ids), ids)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Run the command for each row: a few at once, many as a job."""
        ids = self.selected()
        form = bulk.shared_form(self.resource, self.command, self.access, ids, request.POST)
        if request.POST.get("expected") != str(len(ids)):
            form.add_error(
                None, _("Meanwhile the selection has changed; look at the numbers again.")
            )
        if not form.is_valid():
            return self.show(form, ids, status=422)
        ctx, texts = context_of(request), bulk.given_texts(form, request.POST)
        if len(ids) > bulk.AT_ONCE:
            try:
                job = bulk.start_bulk(
                    ctx,
                    resource=self.resource.name,
                    slug=self.command.slug,
                    ids=ids,
                    texts=texts,
                )
            except BusinessError as refusal:
                add_refusal(form, refusal)
                return self.show(form, ids, status=refusal.status)
            return redirect(job.get_absolute_url())
        rows = list(bulk.run_now(ctx, self.resource, self.command, ids, texts))
        return self.result(rows, texts)

    def show(self, form: django_forms.Form, ids: list[int], status: int = 200) -> HttpResponse:
        """The preview and the form."""
        found = bulk.preview(self.resource, self.command, self.access, ids)
        # A template would call ``command.initial`` to find out whether there is one.
        keeps = any(not field.required for field in form.fields.values())
        return self.page(
            {
                "command": self.command,
                "form": form,
                "preview": found,
                "keeps": keeps and self.command.initial is not None,
            },
            status,
        )

    def result(self, rows: list[bulk.Outcome], texts: bulk.Texts) -> HttpResponse:
        """What came of each row; what was refused can be tried again as it was."""
        self.template_name = "lists/bulk_result.html"
        refused = [row for row in rows if row.code]
        return self.page(
            {
                "command": self.command,
                "rows": rows,
                "refused": refused,
                "done": len(rows) - len(refused),
                "texts": [
                    (name, each)
                    for name, value in texts.items()
                    for each in (value if isinstance(value, list) else [value])
                ],
                "retry_url": f"?{'&'.join(f'ids={row.pk}' for row in refused)}",
            }
        )


class BulkInput(serializers.Serializer[Any]):
    """The rows by their keys, or all of the filter in the address; and what the command takes."""

    ids = serializers.ListField(child=serializers.IntegerField(min_value=1), required=False)
    all = serializers.BooleanField(required=False, default=False)
    arguments = serializers.DictField(required=False, default=dict)


class BulkEndpoint(ResourceView):
    """One command for many records: done at once with the answer of each row, or as a job."""

    many = True
    command: Command = cast("Command", None)

    def post(self, request: ApiRequest) -> Response:
        """Run the command for each row; 200 with what came of each, or 202 with the job."""
        permission = COMMANDS[self.command.name].permission
        if permission and not self.access.can(permission):
            self.permission_denied(request)
        ctx = context_of(request)
        if permission:
            ctx.require(permission)
        body = BulkInput(data=request.data)
        body.is_valid(raise_exception=True)
        asked = listing.read(request, self.resource, self.access)
        named = [str(each) for each in body.validated_data.get("ids", ())]
        ids = bulk.selection(asked, named, everything=body.validated_data["all"])
        texts = self.texts(ids, body.validated_data["arguments"])
        if len(ids) > bulk.AT_ONCE:
            job = bulk.start_bulk(
                ctx, resource=self.resource.name, slug=self.command.slug, ids=ids, texts=texts
            )
            location = f"/api/v1/jobs/{job.pk}/"
            return Response({"job": job.pk}, status=202, headers={"Location": location})
        rows = list(bulk.run_now(ctx, self.resource, self.command, ids, texts))
        return Response(
            {
                "done": [row.pk for row in rows if not row.code],
                "refused": [
                    {"id": row.pk, "code": row.code, "detail": row.reason}
                    for row in rows
                    if row.code
                ],
            }
        )

    def texts(self, ids: list[int], arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments in the strict types of JSON, as somebody would have typed them."""
        which = (self.resource, self.command, self.access, ids)
        form = bulk.shared_form(*which)
        given = CommandInput(form, arguments, partial=self.command.initial is not None)
        given.is_valid(raise_exception=True)
        texts = {
            name: form_text(form.fields[name], value)
            for name, value in given.validated_data.items()
        }
        checked = bulk.shared_form(*which, texts)
        if not checked.is_valid():
            raise exceptions.ValidationError(checked.errors.get_json_data())
        return bulk.given_texts(checked, texts)
