"""Every line of the log says to which request or job it belongs, and none what people typed."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client
from typing_extensions import override

from backoffice.commands import Context
from backoffice.jobs.models import Job
from backoffice.organization.models import Company
from tests.backoffice.jobs.conftest import chunk_ids, run, start
from tests.factories import people
from tests.factories.identity import browser, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """What is written meanwhile, by libraries and by ourselves, as the log of production has it."""
    written: list[dict[str, Any]] = []

    class Keep(io.StringIO):
        @override
        def write(self, text: str) -> int:
            written.extend(json.loads(line) for line in text.splitlines() if line.strip())
            return len(text)

    kept = Keep()
    handler = logging.StreamHandler(kept)
    line = {**settings.LOGGING["formatters"]["line"]}
    handler.setFormatter(line.pop("()")(**line))
    before = structlog.get_config()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(kept))
    logging.getLogger().addHandler(handler)
    yield written
    logging.getLogger().removeHandler(handler)
    structlog.configure(**before)


def test_a_request_has_one_line_with_its_number_person_and_address(
    lines: list[dict[str, Any]],
) -> None:
    company = people.make_company()
    user = make_user(company, "hr_analyst")
    browser(user, company).get("/hr/employees/7777777/?q=123.456.789-09")
    (line,) = [line for line in lines if line["event"] == "request_finished"]
    assert line["request"] == "GET /hr/employees/7777777/"
    assert (line["code"], line["user_id"], line["ip"]) == (404, user.pk, "127.0.0.1")
    assert len(line["request_id"]) == 36
    assert line["timestamp"].endswith("Z")
    assert "123.456" not in json.dumps(lines)


def test_nobody_chooses_the_number_or_the_address_that_the_log_has(
    lines: list[dict[str, Any]],
) -> None:
    Client().get("/", headers={"x-request-id": "chosen\\ninjected", "x-forwarded-for": "8.8.8.8"})
    told = json.dumps(lines)
    assert "request_finished" in told
    assert "chosen" not in told
    assert "8.8.8.8" not in told


def test_codes_in_addresses_are_left_out(lines: list[dict[str, Any]]) -> None:
    for address in (
        "/account/password/reset/key/5-a1b2c3secret/",
        "/account/invitation/a1b2c3secret/",
        "/verify/A1B2-C3SECRET/",
        "/no/such/address/a1b2c3secret/",
    ):
        Client().get(address)
    told = json.dumps(lines).lower()
    assert told.count("request_finished") == 4
    assert "c3secret" not in told


def test_a_refused_host_and_a_fault_have_the_number_too(lines: list[dict[str, Any]]) -> None:
    Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert lines
    assert all(len(line.get("request_id", "")) == 36 for line in lines), lines


def test_a_line_break_makes_no_second_line(lines: list[dict[str, Any]]) -> None:
    logging.getLogger("backoffice.tests").warning('one\n{"event": "two"} %s', "three\r\nfour")
    (line,) = lines
    assert line["event"] == 'one\n{"event": "two"} three\r\nfour'


def test_the_lines_of_a_job_have_its_number_and_that_of_its_request(
    lines: list[dict[str, Any]], ctx: Context, company: Company
) -> None:
    job = start(ctx, {"codes": ["1"], "behaviour": "break"})
    Job.objects.filter(pk=job.pk).update(request_id="the-request")
    first = chunk_ids(job)[0]
    with structlog.contextvars.bound_contextvars(request_id="of-the-worker"):
        assert run(first)
    (line,) = [line for line in lines if "failed" in line["event"]]
    assert (line["job_id"], line["chunk_id"], line["job"]) == (job.pk, first, job.kind)
    assert line["request_id"] == "the-request"
    assert "job_id" not in structlog.contextvars.get_contextvars()
