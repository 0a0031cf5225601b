"""Generated requests to every operation of the OpenAPI document: no fault, no answer it does not declare.

``SCHEMATHESIS_CASES`` sets how many requests are made in all (2,000 for each run, 50,000 nightly).
"""

import os
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from django.test import Client
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.core.transport import Response
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from backoffice.resources import registry
from tests.factories import identity, people
from tests.factories.objects import BODIES, FACTORIES, RECORDS, load_all
from tests.harness import tally

load_all()
CASES = int(os.environ.get("SCHEMATHESIS_CASES", "2000"))
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


@cache
def operations() -> dict[str, Any]:
    """Every operation of the document by its id."""
    with translation.override("en"):
        document = SchemaGenerator().get_schema(request=None, public=True)
    schema = schemathesis.openapi.from_dict(document)
    results = list(schema.get_all_operations())
    found = [result.ok() for result in results if isinstance(result, Ok)]
    assert len(found) == len(results)
    return {operation.definition.raw["operationId"]: operation for operation in found}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One test for each operation."""
    metafunc.parametrize("name", sorted(operations()))


@pytest.mark.django_db
def test_generated_requests_get_declared_answers(name: str) -> None:
    operation = operations()[name]
    company = people.make_company()
    client = Client(raise_request_exception=False)
    client.force_login(
        identity.make_user(company, "owner"), backend="backoffice.identity.backends.LoginBackend"
    )
    target, body = _real(name, company)

    chance = st.booleans()

    @hypothesis_settings(
        max_examples=max(5, CASES // len(operations())),
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    @given(case=operation.as_strategy(), data=st.data())
    def ask(case: Any, data: st.DataObject) -> None:
        # Half of the requests meet a real record, its version, and a body that is nearly right.
        if "id" in (case.path_parameters or {}) and data.draw(chance):
            case.path_parameters["id"] = target
        if "If-Match" in (case.headers or {}) and data.draw(chance):
            case.headers["If-Match"] = "*"
        near = isinstance(case.body, dict) and bool(body)
        if near and data.draw(chance):
            kept = data.draw(st.sets(st.sampled_from(sorted(body))))
            case.body = {**case.body, **{key: body[key] for key in kept}}
        case.validate_response(_send(client, case), checks=CHECKS)
        tally.add()

    ask()


def _send(client: Client, case: Any) -> Response:
    """The request through Django's test client, and its answer as schemathesis reads answers."""
    sent = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    address = urlsplit(str(sent.url))
    headers: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value
        for name, value in sent.headers.items()
        if name.lower() not in {"content-type", "content-length"}
    }
    given = client.generic(
        str(sent.method),
        unquote(address.path),
        sent.body or b"",
        content_type=str(sent.headers.get("Content-Type", "application/json")),
        QUERY_STRING=address.query,
        **headers,
    )
    return Response(
        status_code=given.status_code,
        headers={header: [value] for header, value in given.headers.items()},
        content=given.content,
        request=sent,
        elapsed=0.0,
        verify=False,
    )


def _real(name: str, company: Any) -> tuple[int, dict[str, Any]]:
    """The key of a record that the operation can be about, and a valid body for it."""
    for resource in registry.RESOURCES.values():
        for command in registry.commands_of(resource):
            if name == command.name.replace(".", "_"):
                build = RECORDS.get(command.name) or FACTORIES[resource.name]
                record = build(company)
                made = BODIES[command.name](company, record) if command.name in BODIES else {}
                return record.pk, made
        if name.startswith(resource.name.replace(".", "_") + "_"):
            return FACTORIES[resource.name](company).pk, {}
    return 1, {}
