"""The page that takes a certificate in."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.debug import sensitive_post_parameters
from typing_extensions import override

from backoffice.credentials.forms import InstallForm
from backoffice.errors import InvalidInput
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.resources.views import add_refusal
from backoffice.secrets.services import install_certificate

INSTALL = "backoffice.certificate.install"


@method_decorator(sensitive_post_parameters("password"), name="dispatch")
class InstallCertificate(View):
    """File and password, once; neither is shown or sent again."""

    @override
    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse early who may not install."""
        if not cast("Request", request).access.can(INSTALL):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        """The empty form."""
        return render(request, "credentials/install.html", {"form": InstallForm()})

    def post(self, request: HttpRequest) -> HttpResponse:
        """Read the file; a refusal stands beside the field that is wrong."""
        form = InstallForm(request.POST, request.FILES)
        if form.is_valid():
            given = form.cleaned_data
            try:
                made = install_certificate(
                    context_of(request), content=given["file"], password=given["password"]
                )
            except InvalidInput as refusal:
                add_refusal(form, refusal)
            else:
                messages.success(request, _("Certificate installed."))
                return redirect("backoffice.certificate.detail", made.pk)
        return render(request, "credentials/install.html", {"form": form}, status=422)


def how_to_install(_record: object, access: Access) -> dict[str, Any] | None:
    """The way to bring the next certificate, for who may."""
    return {} if access.can(INSTALL) else None
