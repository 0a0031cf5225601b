"""What one API request, and one caller in a minute, may cost."""

import json
import time
from collections.abc import Mapping
from http import HTTPStatus
from math import ceil
from typing import IO, Any

from django.conf import settings
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, serializers
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle
from typing_extensions import override

from backoffice.errors import TooMany

MAX_BODY = 1_000_000
MINUTE = 60


class JSONParser(BaseParser):
    """Strict JSON of a bounded size and depth: UTF-8, no NaN, no repeated keys."""

    media_type = "application/json"

    @override
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        """The value of the body.

        Raises:
            TooLarge: More than ``MAX_BODY`` bytes.
            ParseError: Not JSON.
        """
        body = stream.read(MAX_BODY + 1)
        if len(body) > MAX_BODY:
            raise TooLarge
        try:
            return json.loads(
                body.decode(), parse_constant=_refuse, object_pairs_hook=_without_repeats
            )
        except (ValueError, RecursionError) as error:
            raise exceptions.ParseError(_("The body is not valid JSON.")) from error


class TooLarge(exceptions.APIException):
    """The body is larger than anything the API takes."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(_("The body is larger than %(limit)s bytes.") % {"limit": MAX_BODY})


def _refuse(name: str) -> None:
    raise ValueError(name)


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "repeated key"
        raise ValueError(msg)
    return found


class FlatJSONField(serializers.JSONField):
    """JSON whose depth a stranger chooses: too deep is as wrong as no JSON at all."""

    @override
    def to_internal_value(self, data: Any) -> Any:
        """The value."""
        try:
            return super().to_internal_value(data)
        except RecursionError:
            self.fail("invalid")


def within_limit(door: str, caller: str, limit: int) -> bool:
    """Count one request of a caller at a door; whether this minute's number still allows it."""
    key = f"{door}:{caller}:{int(time.time()) // MINUTE}"
    cache.add(key, 0, timeout=2 * MINUTE)
    return bool(cache.incr(key) <= limit)


def until_next_minute() -> float:
    """Seconds after which a caller who asked too often is counted from zero again."""
    return MINUTE - time.time() % MINUTE


def count(door: str, user_id: int) -> None:
    """Count one use of a costly door by an account, whoever it acts for.

    Args:
        door: A name in ``settings.RATES``, which says how often a minute it may be used.
        user_id: The account.

    Raises:
        TooMany: That was once too often; nothing else was done.
    """
    if not within_limit(door, str(user_id), settings.RATES[door]):
        message = _("That was too often in one minute. Wait a moment and try again.")
        raise TooMany("too_many_requests", message, wait=ceil(until_next_minute()))


class PerMinute(BaseThrottle):
    """A fixed number of requests in each minute, by token, account or anonymous address."""

    @override
    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; whether it is still within the limit."""
        token = getattr(request.auth, "pk", None)
        known = request.user.pk
        caller = (
            f"token-{token}" if token else f"user-{known}" if known else self.get_ident(request)
        )
        limit = settings.API_RATE if token or known else settings.API_ANONYMOUS_RATE
        return within_limit("api", caller, limit)

    @override
    def wait(self) -> float:
        """Seconds to the next minute."""
        return until_next_minute()
