"""Conveniences of a demonstration: act as another person, kill the worker; never in production."""

import os
import signal
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from backoffice.br.tax_id import format as format_cpf
from backoffice.identity.catalogue import STANDARD_ROLES
from backoffice.identity.models import User
from backoffice.outbox.models import Webhook
from backoffice.outbox.rules import signature
from backoffice.outbox.selectors import secret_of
from demo.entrances import BY_CPF, by_cpf, code_now
from demo.ipe import DOMAIN, USERS

BACKEND = "backoffice.identity.backends.LoginBackend"
LOOPBACK = frozenset({"127.0.0.1", "::1"})


def people() -> dict[str, str]:
    """E-mail of each person of the demonstration to the code of the role."""
    return {f"{login_name}@{DOMAIN}": role for _name, login_name, role, _scope in USERS}


def _require_demo(request: HttpRequest) -> None:
    """Only a demonstration, and only from this machine, has these conveniences."""
    if not settings.DEMO_MODE or request.META.get("REMOTE_ADDR") not in LOOPBACK:
        raise Http404


@login_not_required
@require_POST
def switch_person(request: HttpRequest) -> HttpResponse:
    """Log in as one of the people of the demonstration, without a password."""
    _require_demo(request)
    email = request.POST.get("email", "")
    user = by_cpf() if email == BY_CPF else None
    if user is None:
        if email not in people():
            raise Http404
        user = get_object_or_404(User, email=email, is_active=True)
    login(request, user, backend=BACKEND)
    messages.info(request, _("You are now %(name)s.") % {"name": user.name})
    return redirect(_next(request))


@require_POST
def kill_worker(request: HttpRequest) -> HttpResponse:
    """Kill the worker with all its children, without a warning; the supervisor starts another."""
    _require_demo(request)
    killed = _kill(Path(os.environ.get("RETAGUARDA_PIDS", "")) / "worker.pid")
    text = (
        _("The worker was killed. Another one starts, and nothing is lost.")
        if killed
        else _("There is no worker to kill at this moment.")
    )
    messages.warning(request, text)
    return redirect(_next(request))


def _kill(pid_file: Path) -> bool:
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return False
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
        return True
    return False


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
        return wanted
    return reverse("home")


def bar(request: HttpRequest) -> dict[str, Any]:
    """What the demo bar shows: the people, who one is, and the way back to this page."""
    emails = people()
    users = {user.email: user for user in User.objects.filter(email__in=emails)}
    roles = {role.code: role.name for role in STANDARD_ROLES}
    chosen = [
        {"user": users[email], "role": roles[role], "login": email}
        for email, role in emails.items()
        if email in users
    ]
    if (person := by_cpf()) is not None and person.person is not None:
        label = _("Employee without e-mail, CPF %(cpf)s") % {
            "cpf": format_cpf(person.person.tax_id)
        }
        chosen.append({"user": person, "role": label, "login": BY_CPF})
    match = request.resolver_match
    second = match is not None and match.view_name == "mfa_authenticate"
    return {
        "code": code_now(timezone.now().timestamp()) if second else "",
        "people": chosen,
        "kill": match is not None and match.view_name.startswith("jobs:"),
        "next": request.path,
    }


@login_not_required
@csrf_exempt
@require_POST
def receiver(request: HttpRequest) -> HttpResponse:
    """The other side of the example webhook: takes what is signed right, as a real one would."""
    _require_demo(request)
    given = {name: request.headers.get(f"webhook-{name}", "") for name in ("id", "timestamp")}
    if not given["timestamp"].isdigit():
        return HttpResponse(status=400)
    for hook in Webhook.objects.filter(active=True, url__endswith=request.path):
        expected = signature(
            secret_of(hook), given["id"], int(given["timestamp"]), bytes(request.body)
        )
        if constant_time_compare(expected, request.headers.get("webhook-signature", "")):
            return HttpResponse(status=204)
    return HttpResponse(status=401)
