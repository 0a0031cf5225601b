"""What the conformance suite shares: every registered object, people who may and may not, doors."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client

from backoffice.commands import COMMANDS
from backoffice.identity import catalogue
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from backoffice.resources import api, registry
from backoffice.resources.records import Command, Resource
from tests.factories import identity
from tests.factories.objects import BODIES, FACTORIES, RECORDS, load_all

load_all()
RESOURCES = list(registry.RESOURCES.values())
COMMANDS_OF = [
    (resource, command) for resource in RESOURCES for command in registry.commands_of(resource)
]


@dataclass
class Scene:
    """A company with an owner, and its doors for one object."""

    company: Company
    resource: Resource

    @cached_property
    def owner(self) -> Client:
        """Somebody who may do everything in the company."""
        return self.somebody("owner")

    def somebody(self, role: str = "", scope: Scope = Scope.COMPANY, **over: Any) -> Client:
        """A browser of another person, with a role."""
        user = identity.make_user(self.company, role, scope=scope, **over)
        return identity.browser(user, self.company)

    def without(self, permission: str) -> Client:
        """A browser of somebody with a role in the company that lacks the permission."""
        return self.somebody(role_without(permission))

    def record(self, command: Command | None = None) -> Model:
        """A record; one on which the command is possible."""
        build = RECORDS.get(command.name) if command else None
        return (build or FACTORIES[self.resource.name])(self.company)

    def body(self, command: Command, record: Model | None) -> dict[str, Any]:
        """A valid body of the command."""
        return BODIES[command.name](self.company, record) if command.name in BODIES else {}

    def url(self, page: str = "list", pk: int | None = None, command: str = "") -> str:
        """Address of a page of the object."""
        return registry.url(self.resource, page, pk, command)

    def page_of(self, command: Command, pk: int | None) -> str:
        """Address of the page of a command."""
        if command is self.resource.create:
            return self.url("create")
        if command is self.resource.update:
            return self.url("update", pk)
        return self.url("command", pk, command.slug)

    def endpoint_of(self, command: Command, pk: int | None) -> tuple[str, str]:
        """Method and address of the endpoint of a command."""
        if command is self.resource.create:
            return "post", self.api()
        if command is self.resource.update:
            return "patch", self.api(pk)
        return "post", f"{self.api(pk)}{command.slug}/"

    def api(self, pk: int | None = None) -> str:
        """Address in the API."""
        base = f"/api/v1/{self.resource.area}/{self.resource.slug}/"
        return base if pk is None else api.api_url(self.resource, pk)

    def send(
        self, client: Client, command: Command, record: Model | None, body: object, **headers: str
    ) -> Any:
        """Run a command through the API; a change names the version that it read."""
        method, address = self.endpoint_of(command, record.pk if record else None)
        if method == "patch" and "If-Match" not in headers:
            headers["If-Match"] = client.get(address).headers.get("ETag", '"0"')
        return getattr(client, method)(
            address, body, content_type="application/json", headers=headers
        )

    def pages(self, pk: int) -> Iterator[str]:
        """Every page of a record and of the object."""
        yield from (self.url(), self.url("detail", pk), self.url("history", pk))
        for command in registry.commands_of(self.resource):
            yield self.page_of(command, pk)


def role_without(permission: str) -> str:
    """A standard role that lacks a permission; skips when everybody has it."""
    if permission in catalogue.everyone():
        pytest.skip("everybody has this permission for their own rows")
    roles = catalogue.role_permissions()
    return next(code for code, given in roles.items() if permission not in given)


def permission_of(command: Command) -> str:
    """What the command asks for; skips when it decides inside."""
    permission = COMMANDS[command.name].permission
    if not permission:
        pytest.skip("the command checks inside, by the record")
    if permission in catalogue.everyone():
        pytest.skip("everybody has this permission for their own rows")
    return permission
