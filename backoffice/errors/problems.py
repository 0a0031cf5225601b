"""Refusals and faults as problem JSON (RFC 9457)."""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from math import ceil
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.http import Http404
from django.utils.translation import gettext as _
from rest_framework import exceptions, serializers
from rest_framework.response import Response
from structlog.contextvars import get_contextvars

from backoffice.errors import BusinessError, TooMany

MEDIA_TYPE = "application/problem+json"
logger = logging.getLogger(__name__)


class FieldError(serializers.Serializer[Any]):
    """What is wrong with one input."""

    pointer = serializers.CharField(help_text="JSON pointer into the body, or name of a parameter")
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """Everything that goes wrong (RFC 9457)."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable name of what is wrong")
    detail = serializers.CharField(help_text="One sentence in the caller's language")
    request_id = serializers.CharField(allow_blank=True)
    errors = FieldError(many=True, required=False)  # type: ignore[assignment]  # a field, not ours


def problem(
    status: int, code: str, detail: str, errors: list[dict[str, str]] | None = None
) -> dict[str, Any]:
    """The body of a problem answer.

    Args:
        status: HTTP status.
        code: Stable, machine-readable name of what is wrong.
        detail: One sentence for people.
        errors: Of single inputs: ``pointer`` into the body (or ``parameter``), ``code``, ``detail``.
    """
    body: dict[str, Any] = {
        "type": f"urn:retaguarda:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": str(get_contextvars().get("request_id", "")),
    }
    return {**body, "errors": errors} if errors else body


def exception_handler(error: Exception, context: dict[str, Any]) -> Response:
    """Answer every exception of an API view with problem JSON; faults without their inside."""
    if isinstance(error, BusinessError):
        errors = [
            {"pointer": f"#/{name}", "code": error.code, "detail": str(text)}
            for name, text in error.fields.items()
        ]
        waiting = {"Retry-After": str(error.wait)} if isinstance(error, TooMany) else None
        return _response(problem(error.status, error.code, str(error), errors), waiting)
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    if not isinstance(error, exceptions.APIException):
        got_request_exception.send(sender=None, request=context["request"])
        logger.error("fault in an API view", exc_info=error)
        detail = _("Something broke on our side. It was logged; please try again later.")
        return _response(problem(500, "fault", detail))
    if isinstance(error, exceptions.ValidationError):
        fields = list(_field_errors(error.detail))
        body = problem(422, "invalid_input", _("Some of the input is not valid."), fields)
        return _response(body)
    headers = {}
    if challenge := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = challenge
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(ceil(wait))
    body = problem(error.status_code, str(error.get_codes()), str(error.detail))
    return _response(body, headers)


def _response(body: dict[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    return Response(body, status=body["status"], headers=headers, content_type=MEDIA_TYPE)


def _field_errors(detail: Any, pointer: str = "#") -> Iterator[dict[str, str]]:  # noqa: ANN401
    """Errors of a tree of fields, each with the JSON pointer of its place."""
    if isinstance(detail, exceptions.ErrorDetail):
        yield {"pointer": pointer, "code": str(detail.code), "detail": str(detail)}
    elif isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _field_errors(
                inner, pointer if name == "non_field_errors" else f"{pointer}/{name}"
            )
    else:
        for inner in detail:
            yield from _field_errors(inner, pointer)
