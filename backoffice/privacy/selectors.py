"""Everything that is kept about one person, read by walking the inventory."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models
from django.db.models import Case, CharField, Q, QuerySet, Value, When

from backoffice.identity.rules import Access
from backoffice.identity.selectors import in_scope
from backoffice.organization.models import Company
from backoffice.parties.models import Party
from backoffice.privacy.models import LegalHold, PersonRequest
from backoffice.privacy.registry import INVENTORY, Declared, Use
from backoffice.privacy.ways import Person, end_of

READ_AT_ONCE = 500
REQUESTS = "backoffice.person_request.view"
HOLDS = "backoffice.legal_hold.view"


@dataclass(frozen=True, slots=True)
class Told:
    """One row of the report.

    Attributes:
        id: Its key.
        how: ``about`` the person; ``did``: says only that they did something, without contents, which
            may be about others; ``earlier``: what the row held before, or held when it was removed.
        values: Field -> value.
        at: When an earlier value was written.
    """

    id: Any
    how: str
    values: dict[str, Any]
    at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One model with what it keeps about the person.

    Attributes:
        model: Its label.
        name: What people call such rows.
        uses: Field -> why it is kept, on what basis, how long; sealed fields among them.
    """

    model: Any
    name: str
    uses: dict[str, Use]
    declared: Declared
    person: Person

    def count(self) -> int:
        """How many rows there are, earlier values not among them."""
        return self.person.about(self.declared).count() + self.person.done(self.declared).count()

    def rows(self) -> Iterator[Told]:
        """The rows about the person, what they did, and earlier values."""
        shown = [name for name in self.uses if name not in self.declared.sealed]
        for row in self.person.about(self.declared).iterator(READ_AT_ONCE):
            yield Told(row.pk, "about", {name: getattr(row, name) for name in shown})
        traces = [name for name in shown if _is_trace(self.model._meta.get_field(name))]
        for row in self.person.done(self.declared).iterator(READ_AT_ONCE):
            yield Told(row.pk, "did", {name: getattr(row, name) for name in traces})
        for history in _histories(self.model):
            kept = {field.name for field in history._meta.concrete_fields}
            names = [name for name in shown if name in kept]
            for row in self.person.earlier(self.declared, history).iterator(READ_AT_ONCE):
                values = {name: getattr(row, name) for name in names}
                yield Told(row.pgh_obj_id, "earlier", values, row.pgh_created_at)


def sections_of(person: Person) -> Iterator[Section]:
    """Every model of the inventory that holds personal fields, the person's own records first."""
    for declared in sorted(INVENTORY.values(), key=_order):
        if declared.personal:
            model = apps.get_model(declared.model)
            name = str(model._meta.verbose_name_plural)
            yield Section(model, name, dict(declared.personal), declared, person)


def head_of(person: Person, at: dt.datetime) -> dict[str, Any]:
    """Who tells whom about whom, and when."""
    company = Company.objects.get(pk=person.company_id)
    party = Party.objects.get(pk=person.party_id)
    return {
        "format": "person-report/1",
        "made_at": at,
        "company": {"name": company.legal_name, "cnpj": company.cnpj},
        "person": {"id": party.pk, "name": party.name, "tax_id": party.tax_id},
        "own": person.own,
    }


def known_person(company_id: int, party_id: int | None, *, own: bool = False) -> Person | None:
    """The person, if it is a natural one of whom the company keeps something."""
    if party_id is None or not Party.objects.filter(pk=party_id, kind="person").exists():
        return None
    person = Person(company_id, party_id, own=own)
    return person if person.is_known else None


def person_by_cpf(company_id: int, cpf: str) -> Person | None:
    """The person with a CPF (digits only), if the company keeps something about them."""
    found = Party.objects.filter(kind="person", tax_id=cpf).values_list("pk", flat=True).first()
    return known_person(company_id, found)


def visible_requests(access: Access) -> QuerySet[PersonRequest]:
    """The requests of data subjects that this person may see; everybody sees their own."""
    rows = in_scope(PersonRequest.objects.all(), access, REQUESTS, person="person_id")
    return rows.select_related("person")


def visible_holds(access: Access) -> QuerySet[LegalHold]:
    """The legal holds of the company, with where they stand on the day of the access."""
    rows = in_scope(LegalHold.objects.all(), access, HOLDS)
    return rows.select_related("person").annotate(
        state=Case(
            When(released_at__isnull=False, then=Value("released")),
            When(until__lt=access.on, then=Value("ended")),
            When(since__gt=access.on, then=Value("coming")),
            default=Value("in_force"),
            output_field=CharField(),
        )
    )


def people_of(company_id: int) -> QuerySet[Party]:
    """The natural persons of whom the company keeps a record of its own."""
    known = Q(pk__in=[])
    for declared in INVENTORY.values():
        model = apps.get_model(declared.model)
        names = {field.name for field in model._meta.concrete_fields}
        for path in declared.about:
            if path == "party" and "company" in names and end_of(model, path) is Party:
                known |= Q(pk__in=model._default_manager.filter(company_id=company_id).values(path))
    return Party.objects.filter(known, kind="person").order_by("name", "pk")


def _order(declared: Declared) -> tuple[int, str]:
    first = {"backoffice.Party": 0, "backoffice.User": 2}
    return first.get(
        declared.model, 3 if declared.model.startswith("backoffice.") else 1
    ), declared.model


def _histories(model: Any) -> list[Any]:  # noqa: ANN401  any model
    """The models that keep earlier values of a tracked model."""
    return [each for each in apps.get_models() if getattr(each, "pgh_tracked_model", None) is model]


def _is_trace(field: Any) -> bool:  # noqa: ANN401  any field
    """Whether a field tells when and what kind, and can hold no contents."""
    kinds = (models.DateField, models.IntegerField, models.BooleanField)
    return isinstance(field, kinds) or bool(field.choices) or field.name == "action"
