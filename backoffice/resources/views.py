"""The generic pages of every object: list, record, form of a command, history."""

from typing import TYPE_CHECKING, Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views import View
from typing_extensions import override

from backoffice.collaboration import drafts
from backoffice.collaboration.display import talk as talk_about
from backoffice.commands import COMMANDS
from backoffice.errors import BusinessError, NotAllowed, NotFound, Stale
from backoffice.identity.requests import Request, context_of
from backoffice.resources import display, forms, listing, panels, registry, tables
from backoffice.resources.records import Command, Resource, Row

if TYPE_CHECKING:
    from backoffice.identity.rules import Access


class ResourcePage(View):
    """A page of one object, for people who may read it; the access decides which rows exist."""

    resource: Resource = cast("Resource", None)
    template_name = ""
    access: "Access"

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse who may not read the object; strangers were sent to the login before."""
        self.access = cast("Request", request).access
        if not self.access.can(self.resource.view_permission):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def record(self, pk: int, rows: QuerySet[Any] | None = None) -> Row:
        """The record with its version, or 404 when this person has no such row."""
        chosen = self.resource.queryset(self.access) if rows is None else rows
        found = forms.with_version(chosen).filter(pk=pk).first()
        if found is None:
            raise Http404
        return found

    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The page's template with what every page of an object needs."""
        shared = {
            "resource": self.resource,
            "area": registry.AREAS[self.resource.area],
            "list_url": registry.url(self.resource),
        }
        return render(self.request, self.template_name, {**shared, **context}, status=status)


class ListPage(ResourcePage):
    """Rows with search, filters, order and paging by key."""

    template_name = "resources/list.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page of rows that the address asks for; htmx gets the rows alone."""
        if not request.GET and "HX-Request" not in request.headers:
            for opening in listing.OPENINGS:
                if address := opening(cast("Request", request), self.resource):
                    return redirect(address)
        if request.headers.get("HX-Target") == "list":
            self.template_name = "resources/list.html#list"
        kept = cast("Request", request).user.lists.get(self.resource.name, ())
        asked = listing.read(request, self.resource, self.access, columns=kept)
        context = tables.list_context(request, asked, self.access)
        listing.log_reading(
            request,
            self.resource,
            self.access,
            asked.columns,
            context["shown"],
        )
        return self.page(context)


class DetailPage(ResourcePage):
    """One record: header, what can be done with it, and its panels."""

    template_name = "resources/detail.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The record as this person may see it."""
        facts = panels.all_facts(self.resource, self.access)
        record = self.record(pk, panels.with_facts(self.resource.queryset(self.access), facts))
        listing.log_reading(request, self.resource, self.access, facts, [pk])
        if request.headers.get("HX-Target") == "drawer-content":
            self.template_name = "resources/peek.html"
        context = panels.detail_context(self.resource, record, self.access)
        return self.page({**context, "record_url": registry.url(self.resource, "detail", pk)})


class CommandPage(ResourcePage):
    """The form of one command: create, update, or a button of a record."""

    template_name = "resources/form.html"
    command: Command = cast("Command", None)

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not run the command, or must prove first that it is them."""
        if permission := COMMANDS[self.command.name].permission:
            context_of(request, keyed=False).require(permission)
        return super().dispatch(request, *args, **kwargs)

    def target(self, pk: int | None) -> Row | None:
        """The record, within the reach of the command's own permission."""
        if pk is None:
            return None
        permission = COMMANDS[self.command.name].permission
        return self.record(pk, listing.reachable(self.resource, self.access, permission))

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form with its first values, or why the command is not possible now."""
        record = self.target(pk)
        form = forms.make_form(self.command, self.access, record)
        return self.show(form, record)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Run the command; a refusal comes back in the form, with all that was typed."""
        record = self.target(pk)
        data: QueryDict = request.POST
        if theirs := forms.chosen_theirs(data):
            data = forms.merged(self.command, self.access, record, data, theirs)
        form = forms.make_form(self.command, self.access, record, data, request.FILES)
        if not form.is_valid():
            return self.show(form, record, status=422)
        ctx = context_of(request)
        given = (ctx, form, record, request.POST.get("version", ""))
        try:
            result = forms.run(self.resource, self.command, *given)
        except Stale as refusal:
            return self.stale(form, record, refusal)
        except (NotFound, NotAllowed):
            raise  # their own pages
        except BusinessError as refusal:
            add_refusal(form, refusal)
            return self.show(form, record, status=refusal.status)
        messages.success(request, str(self.command.done or _("Saved.")))
        if draft := request.POST.get("drafted", ""):
            drafts.saved(ctx, draft)
        if "again" in request.POST and self.command is self.resource.create:
            return redirect(registry.url(self.resource, "create"))
        return redirect(after(self.resource, self.command, record, result))

    def show(self, form: Form, record: Row | None, status: int = 200, **more: Any) -> HttpResponse:  # noqa: ANN401
        """The form page."""
        context = panels.form_context(self.resource, self.command, form, record, self.access)
        context["key"] = self.request.POST.get("idempotency_key", "") if status == 422 else ""
        return self.page({**context, **more}, status=status)

    def stale(self, form: Form, record: Row, refusal: Stale) -> HttpResponse:
        """The form again, merged: what only others changed is taken over, the rest is compared."""
        fresh = self.target(record.pk)
        first = self.command.initial(self.access, fresh) if self.command.initial else {}
        changed = forms.compare(form, self.request.POST.get("loaded", ""), first)
        theirs = [each.name for each in changed if not each.both]
        data = forms.merged(self.command, self.access, fresh, self.request.POST, theirs)
        form = forms.make_form(self.command, self.access, fresh, data)
        form.add_error(None, str(refusal))
        form.initial = dict(first)
        return self.show(form, fresh, status=refusal.status, disagreements=changed)


class HistoryPage(ResourcePage):
    """Everything that happened to a record and was said about it, in one timeline."""

    template_name = "resources/history.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The whole history as a page; its entries alone for the record's timeline."""
        record = self.record(pk)
        now = context_of(request, keyed=False).at
        talk = talk_about(self.resource.name, pk, self.access, at=now)
        happened = display.history(self.resource, record, self.access)
        if "HX-Request" in request.headers:
            self.template_name = "resources/timeline.html"
        entries = display.with_comments(happened, talk)
        only = request.GET.get("only", "")
        context = panels.timeline_context(self.resource, record, entries, only, self.access)
        return self.page({**context, "title": self.resource.title(record), "talk": talk})


def add_refusal(form: Form, refusal: BusinessError) -> None:
    """Put a refusal beside the fields that it names, and at the top when it names none."""
    beside = {name: text for name, text in refusal.fields.items() if name in form.fields}
    for name, text in beside.items():
        form.add_error(name, str(text))
    if not beside:
        form.add_error(None, str(refusal))


def after(resource: Resource, command: Command, record: Model | None, result: object) -> str:
    """Where to go after a command: to what it made, else back to the record, else to the list."""
    if command.leads_to is not None:
        return command.leads_to(result)
    made = registry.of(result) if isinstance(result, Model) else None
    if made is not None and isinstance(result, Model):
        return registry.url(made, "detail", result.pk)
    return registry.url(resource, "detail", record.pk) if record else registry.url(resource)


def page_urls() -> list[URLPattern]:
    """Addresses of all pages of all objects; called once, when everything is registered."""
    found: list[URLPattern] = []
    for resource in registry.RESOURCES.values():
        base = f"{resource.area}/{resource.slug}/"
        pages: list[tuple[str, str, type[View], dict[str, Any]]] = [
            ("list", base, ListPage, {}),
            ("detail", f"{base}<int:pk>/", DetailPage, {}),
            ("history", f"{base}<int:pk>/history/", HistoryPage, {}),
        ]
        if resource.create:
            pages.append(("create", f"{base}new/", CommandPage, {"command": resource.create}))
        if resource.update:
            pages.append(
                ("update", f"{base}<int:pk>/edit/", CommandPage, {"command": resource.update})
            )
        pages += [
            (command.slug, f"{base}<int:pk>/do/{command.slug}/", CommandPage, {"command": command})
            for command in resource.commands
        ]
        for name, address, generic, given in pages:
            view = resource.views.get(name, generic).as_view(resource=resource, **given)
            found.append(path(address, view, name=f"{resource.name}.{name}"))
    return found
