"""The composition root: every address of the product, areas named by string."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from backoffice.boards import urls as boards
from backoffice.doctor.metrics import metrics
from backoffice.doctor.views import livez, readyz
from backoffice.integration.api import ChangesEndpoint
from backoffice.lists import urls as lists
from backoffice.resources import api, views
from backoffice.search.api import SearchEndpoint

urlpatterns: list[URLPattern | URLResolver] = [
    path("livez", livez),
    path("readyz", readyz),
    path("metrics", metrics),
    path("admin/", admin.site.urls),
    path("account/", include("backoffice.identity.urls")),
    path("account/", include("backoffice.accounts.urls")),
    path("backoffice/", include("backoffice.administration.urls")),
    path("backoffice/", include("backoffice.legislation.urls")),
    path("backoffice/", include("backoffice.operation.urls")),
    path("backoffice/", include("backoffice.structure.urls")),
    path("backoffice/", include("backoffice.integration.urls")),
    path("approvals/", include("backoffice.inbox.urls")),
    path("certificates/", include("backoffice.credentials.urls")),
    path("files/", include("backoffice.attachments.urls")),
    path("hr/", include("hr.urls")),
    path("letters/", include("backoffice.letters.urls")),
    path("links/", include("backoffice.linking.urls")),
    path("notifications/", include("backoffice.alerts.urls")),
    path("expiry/", include("backoffice.expiry.urls")),
    path("jobs/", include("backoffice.jobs.urls")),
    path("", include("backoffice.exchange.urls")),
    path("", include("backoffice.privacy.urls")),
    path("", include("backoffice.teamwork.urls")),
    path("", include("backoffice.trail.urls")),
    path("", include("backoffice.search.urls")),
    path("", include("backoffice.web.urls")),
    path("", include("backoffice.home.urls")),
    *views.page_urls(),
    *boards.page_urls(),
    *lists.page_urls(),
    path("api/v1/backoffice/", include("backoffice.legislation.api_urls")),
    path("api/v1/", include("backoffice.exchange.api_urls")),
    path("api/v1/", include("backoffice.privacy.api_urls")),
    path("api/v1/changes/", ChangesEndpoint.as_view()),
    path("api/v1/hr/", include("hr.api_urls")),
    path("api/v1/expiry/", include("backoffice.expiry.api_urls")),
    path("api/v1/notifications/", include("backoffice.alerts.api_urls")),
    path("api/v1/search/", SearchEndpoint.as_view()),
    path("api/v1/files/", include("backoffice.attachments.api_urls")),
    path("api/v1/letters/", include("backoffice.letters.api_urls")),
    path("api/v1/links/", include("backoffice.linking.api_urls")),
    path("api/v1/jobs/", include("backoffice.jobs.api_urls")),
    path("api/v1/", include("backoffice.teamwork.api_urls")),
    path("api/v1/", include(lists.api_urls())),
    path("api/v1/", include(api.api_urls())),
    path("api/schema/", SpectacularJSONAPIView.as_view(), name="schema"),
    path("api/docs/", login_required(SpectacularSwaggerSplitView.as_view()), name="api-docs"),
    re_path(r"^api/", api.UnknownAddress.as_view()),
]

if settings.DEMO_MODE:
    urlpatterns.insert(0, path("demo/", include("demo.urls")))

handler400 = "backoffice.web.errors.bad_request"
handler403 = "backoffice.web.errors.permission_denied"
handler404 = "backoffice.web.errors.page_not_found"
handler500 = "backoffice.web.errors.server_error"
