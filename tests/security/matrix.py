"""The declared table of rights as cells: address, method, role, relation, and the answer expected."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.security.world import FOREIGN, OTHER, OWN, TEAM

TABLE: dict[str, Any] = tomllib.loads(Path(__file__).with_name("matrix.toml").read_text())
SCOPES: dict[str, str] = TABLE["scopes"]
OPEN, LOGIN, FORBIDDEN, MISSING = "open", "login", "forbidden", "missing"
NOT_BY_TOKEN = {*TABLE["tokens"]["never"], *TABLE["everyone"]["never"]}
NO_METHOD, ANYTHING = "no method", "anything but a fault"
PUBLIC, ACCOUNT = "public", "account"
ANONYMOUS, STRANGER, OWNER = "anonymous", "stranger", "owner"
ROLES = (*SCOPES, STRANGER, ANONYMOUS)
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
REACHED = {"own": {OWN}, "team": {OWN, TEAM}, "company": {OWN, TEAM, OTHER}}


@dataclass(frozen=True)
class Row:
    """One address of the product."""

    route: str
    permissions: dict[str, str]
    object: str = ""
    rows: str = ""
    hidden: bool = False
    gone: bool = False
    path: str = ""
    args: tuple[tuple[str, str], ...] = ()
    page: bool = False

    @property
    def api(self) -> bool:
        """Whether programs are expected, who get 401 instead of the login page."""
        return self.route.startswith(("api/", "^api/")) and not self.page

    def address(self, pk: int | None) -> str:
        """The address with the key and the other parts filled in."""
        text = self.path or self.route.replace("<int:pk>", str(pk or 0))
        for part, value in self.args:
            text = text.replace(part, value)
        return f"/{text}"


@dataclass(frozen=True)
class Cell:
    """One request, and the answer that the table says it gets."""

    row: Row
    method: str
    role: str
    relation: str
    door: str
    expected: str

    @property
    def kind(self) -> tuple[str, ...]:
        """Door, permission class and outcome: of each kind one cell is tried at every run."""
        return (self.door, self.row.permissions.get(self.method, "other method"), self.expected)


def rows() -> list[Row]:
    """All addresses of the table."""
    found = list(_object_rows())
    for route, given in TABLE["urls"].items():
        name = given.get("object", "")
        found.append(
            Row(
                route=route,
                permissions={m: given[m] for m in METHODS if m in given},
                object=name,
                rows=TABLE["objects"][name]["rows"] if name else "",
                args=tuple(given.get("args", {}).items()),
                **{k: given[k] for k in ("hidden", "gone", "path", "page") if k in given},
            )
        )
    return found


def _object_rows() -> Iterator[Row]:
    for name, given in TABLE["objects"].items():
        if "base" not in given:
            continue
        of_record = {"object": name, "rows": given["rows"]}
        base, view = given["base"], given["view"]
        record = f"{base}<int:pk>/"
        create, update = given.get("create"), given.get("update")
        yield Row(base, {"GET": view})
        yield Row(f"{base}columns/", {"GET": view, "POST": view})
        yield Row(record, {"GET": view}, **of_record)
        yield Row(f"{record}history/", {"GET": view}, **of_record)
        yield Row(f"{record}neighbours/", {"GET": view}, **of_record)
        yield Row(f"api/v1/{base}", {"GET": view, **({"POST": create} if create else {})})
        change = {"PATCH": update} if update else {}
        yield Row(f"api/v1/{record}", {"GET": view, **change}, **of_record)
        if "inline" in given:
            inline = (("<slug:key>", given["inline"]),)
            both = {"GET": update, "POST": update}
            yield Row(f"{record}cell/<slug:key>/", both, args=inline, **of_record)
        if given.get("board"):
            yield Row(f"{base}board/move/", {"POST": view})
        if create:
            yield Row(f"{base}new/", {"GET": create, "POST": create})
        if update:
            yield Row(f"{record}edit/", {"GET": update, "POST": update}, **of_record)
        for slug, permission in given.get("commands", {}).items():
            both = {"GET": permission, "POST": permission}
            yield Row(f"{record}do/{slug}/", both, **of_record)
            yield Row(f"api/v1/{record}{slug}/", {"POST": permission}, **of_record)
        for slug in given.get("bulk", ()):
            # Nothing is selected: the answer tells only whether somebody comes as far as that.
            permission = given["commands"][slug]
            yield Row(f"{base}bulk/{slug}/", {"GET": permission, "POST": permission})
            yield Row(f"api/v1/{base}bulk/{slug}/", {"POST": permission})


def holders(permission: str) -> set[str]:
    """The roles of the table that hold a permission; all, when every account has it for itself."""
    if permission in TABLE["everyone"]["tokens"] + TABLE["everyone"]["never"]:
        return set(SCOPES)
    return {OWNER, *TABLE["permissions"][permission]}


def cells() -> list[Cell]:
    """Every cell of the table, in a fixed order; methods nobody offers are tried by two roles."""
    return [
        Cell(row, method, role, relation, door, expected(row, method, role, relation, door))
        for row in rows()
        for method in METHODS
        for role in ROLES
        if method in row.permissions or role in {OWNER, ANONYMOUS}
        for relation in _relations(row)
        for door in (("session", "token") if row.api else ("session",))
        if door == "session" or role in SCOPES
    ]


def _relations(row: Row) -> tuple[str, ...]:
    return {
        "": ("",),
        "shared": (OTHER,),
        "company": (OTHER, FOREIGN),
        "listed": (OTHER, FOREIGN),
        "personal": (OWN, TEAM, OTHER, FOREIGN),
    }[row.rows]


def expected(row: Row, method: str, role: str, relation: str, door: str) -> str:
    """What the table says that this request gets."""
    permission = row.permissions.get(method)
    if permission is None:
        return ANYTHING if PUBLIC in row.permissions.values() else NO_METHOD
    if role == ANONYMOUS and permission != PUBLIC:
        return LOGIN
    carried = door == "session" or permission not in NOT_BY_TOKEN
    held = permission in {PUBLIC, ACCOUNT} or role == STRANGER or role in holders(permission)
    if not held or not carried:
        return MISSING if row.hidden else FORBIDDEN
    if row.gone:
        return MISSING
    if (
        door == "token"
        and row.rows == "listed"
        and not TABLE["objects"][row.object].get("by_token", True)
    ):
        return MISSING
    return OPEN if not row.object or _reaches(row, role, relation) else MISSING


def _reaches(row: Row, role: str, relation: str) -> bool:
    """Whether the rows of this relation are within the scope for which the role is given.

    The stranger owns the neighbour company: what is foreign to the others is theirs, and the reverse.
    """
    if row.rows == "shared":
        return True
    if role == STRANGER:
        return relation == FOREIGN
    if row.rows == "listed":
        return relation == OTHER and role in {OWNER, *TABLE["objects"][row.object]["seen_by"]}
    if row.rows == "company":
        return SCOPES[role] == "company" and relation == OTHER
    return relation in REACHED[SCOPES[role]]


def routes() -> set[str]:
    """Every address of the product, as written in the code, without Django's administration."""
    prefix = TABLE["admin"]["prefix"]
    return {route for route in _walk(get_resolver(), "") if not route.startswith(prefix)}


def _walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        text = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern, text)
        elif isinstance(pattern, URLPattern):
            yield text
