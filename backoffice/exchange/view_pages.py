"""Pages of views of lists: keep one, change it, open it; and the tabs with their counts."""

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_safe

from backoffice.errors import BusinessError
from backoffice.exchange import asking, tabs
from backoffice.exchange.forms import ViewForm
from backoffice.exchange.models import SavedView, Sharing
from backoffice.exchange.services import change_view, remove_view, save_view
from backoffice.exchange.services.saved_views import SHARE
from backoffice.exchange.wizard import access_of
from backoffice.identity.models import Role
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources import registry
from backoffice.resources.views import add_refusal


def kept_view(access: Access, pk: int) -> SavedView:
    """A view that this person sees; 404 for everybody else."""
    view = SavedView.objects.filter(company_id=access.company_id, pk=pk).first()
    seen = view is not None and any(
        each.pk == pk for each in tabs.views_of(view.object_name, access)
    )
    if view is None or not seen or view.object_name not in registry.RESOURCES:
        raise Http404
    return view


def form_for(access: Access, **given: Any) -> ViewForm:  # noqa: ANN401  of a form
    """The form of a view, with the roles that it can be shared with."""
    rows = Role.objects.filter(Q(company_id=access.company_id) | Q(company=None), active=True)
    roles = [(row.pk, str(row)) for row in rows.order_by("code")]
    return ViewForm(may_share=access.can(SHARE), roles=roles, **given)


class NewView(View):
    """Keep the present question of a list under a name."""

    def get(self, request: HttpRequest, name: str) -> HttpResponse:
        """The empty form."""
        return self.show(request, name, form_for(access_of(request)))

    def post(self, request: HttpRequest, name: str) -> HttpResponse:
        """Keep it and open it."""
        form = form_for(access_of(request), data=request.POST)
        if form.is_valid():
            try:
                view = save_view(
                    context_of(request),
                    object_name=name,
                    query=request.GET.urlencode(),
                    **form.given,
                )
            except BusinessError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("View kept."))
                return redirect("exchange:view-open", view.pk)
        return self.show(request, name, form, 422)

    def show(
        self, request: HttpRequest, name: str, form: ViewForm, status: int = 200
    ) -> HttpResponse:
        """The page of the form."""
        access = access_of(request)
        resource = asking.object_named(name, access)
        query, _dropped = tabs.understood(resource, access, request.GET.urlencode())
        address = registry.url(resource)
        context = {
            "form": form,
            "resource": resource,
            "query": query.urlencode(),
            "list_url": f"{address}?{query.urlencode()}" if query else address,
        }
        return render(request, "exchange/view.html", context, status=status)


class ChangeView(View):
    """Change a view, or forget it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form with what the view is."""
        view = kept_view(access_of(request), pk)
        given = {
            "name": view.name,
            "sharing": view.sharing,
            "roles": view.role_ids,
            "is_default": view.is_default,
        }
        form = form_for(access_of(request), initial=given)
        return self.show(request, view, form)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Change it, or forget it."""
        view = kept_view(access_of(request), pk)
        list_url = registry.url(registry.RESOURCES[view.object_name])
        if "remove" in request.POST:
            remove_view(context_of(request), view_id=pk)
            messages.success(request, _("View removed."))
            return redirect(f"{list_url}?{tabs.MARK}=0")
        form = form_for(access_of(request), data=request.POST)
        if form.is_valid():
            try:
                change_view(context_of(request), view_id=pk, **form.given)
            except BusinessError as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("View kept."))
                return redirect("exchange:view-open", pk)
        return self.show(request, view, form, 422)

    def show(
        self, request: HttpRequest, view: SavedView, form: ViewForm, status: int = 200
    ) -> HttpResponse:
        """The page of the form."""
        resource = registry.RESOURCES[view.object_name]
        context: dict[str, Any] = {
            "form": form,
            "view": view,
            "resource": resource,
            "query": view.query,
            "list_url": registry.url(resource),
        }
        return render(request, "exchange/view.html", context, status=status)


@require_safe
def open_view(request: Request, pk: int) -> HttpResponse:
    """The list as the view has it; what the list no longer understands is left out, and said."""
    view = kept_view(request.access, pk)
    resource = asking.object_named(view.object_name, request.access)
    query, dropped = tabs.understood(resource, request.access, view.query)
    if dropped:
        text = _("This view names what the list no longer has; left out: %(names)s.")
        messages.warning(request, text % {"names": ", ".join(dropped)})
    query[tabs.MARK] = str(pk)
    return redirect(f"{registry.url(resource)}?{query.urlencode()}")


@require_safe
def view_tabs(request: Request, name: str) -> HttpResponse:
    """The tabs of a list with their counts; loaded after the list."""
    resource = asking.object_named(name, request.access)
    chosen = request.GET.get(tabs.MARK, "")
    context = {
        "resource": resource,
        "tabs": tabs.tabs(resource, request.access, chosen),
        "mine": changeable(request.access, resource.name, chosen),
    }
    return render(request, "exchange/tabs.html", context)


def changeable(access: Access, name: str, chosen: str) -> SavedView | None:
    """The opened view, when this person may change it."""
    shares = access.can(SHARE)
    for view in tabs.views_of(name, access):
        if str(view.pk) == chosen:
            shared = view.sharing != Sharing.MINE
            return view if view.owner_id == access.user_id or (shares and shared) else None
    return None
