"""The key figure of requests of data subjects: how many were answered in time."""

import datetime as dt
from typing import cast

from django.db.models import F
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.identity.requests import Request
from backoffice.privacy.models import PersonRequest, RequestState
from backoffice.privacy.process import ANSWER
from backoffice.privacy.selectors import visible_requests
from backoffice.web.home import Figure, Kpi

YEAR = dt.timedelta(days=365)


def in_time(request: HttpRequest) -> Figure | None:
    """Of the requests that fell due in the last year, how many were answered by then; None without any."""
    access = cast("Request", request).access
    rows = visible_requests(access).filter(due_on__gt=access.on - YEAR)
    ended = rows.exclude(state=RequestState.RECEIVED)
    late = rows.filter(state=RequestState.RECEIVED, due_on__lt=access.on).count()
    counted = ended.count() + late
    if not counted:
        return None
    good = ended.filter(answered_on__lte=F("due_on")).count()
    open_now = PersonRequest.objects.filter(
        pk__in=rows.values("pk"), state=RequestState.RECEIVED
    ).count()
    return Figure(
        value=f"{good}/{counted}",
        url=reverse("backoffice.person_request.list"),
        tone="success" if good == counted else "warning",
        hint=_("%(count)d open now") % {"count": open_now},
        target=f"{counted}/{counted}",
    )


ANSWERED_IN_TIME = Kpi(
    name="backoffice.person_requests_in_time",
    label=_("Requests of data subjects answered in time"),
    order=80,
    permission=ANSWER,
    figure=in_time,
)
