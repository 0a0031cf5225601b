"""Thirty things that people type, against what they mean, in a company with many names alike."""

from pathlib import Path

import pytest

from backoffice.identity.selectors import access_of
from backoffice.organization.models import Company, CostCenter, Department
from backoffice.parties.models import Party
from backoffice.search import indexing, selectors
from hr.people.models import JobTitle, Occupation
from tests.factories import identity, people
from tests.factories.identity import AT

PROBE = [
    tuple(line.split("\t"))
    for line in Path(__file__).with_name("probe.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
WANTED = 25
FIRST = 5
# Names that lie near the targets, so that being found is not all there is to it.
CROWD = [
    *("Maria Araújo", "Conceição Lima", "Maria da Glória", "João Pinto", "João Pereira Pinto"),
    *(
        "Gonçalo Alves",
        "Thiago Lima",
        "Tiago Moura",
        "Carlos Luiz",
        "Luiz Nogueira",
        "Rafaela Assis",
    ),
    *("Wanderléa Kátia", "Mariana Pessanha Dias", "Ana Peçanha", "Jéssica Teles", "Giovana Torres"),
]


def fill(company: Company) -> None:
    """The targets among others that lie near."""
    targets = {kind: [t for _q, k, t in PROBE if k == kind] for _q, kind, _t in PROBE}
    for name in [*dict.fromkeys(targets["hr.employee"]), *CROWD]:
        people.hire(company, name=name)
    geovana = Party.objects.get(name="Geovana Teles")
    Party.objects.filter(pk=geovana.pk).update(social_name="Jéssica Teles")
    occupation = Occupation.objects.order_by("pk")[0]
    others = ["Auxiliar de limpeza", "Analista fiscal", "Motorista de ônibus", "Técnico de redes"]
    for name in [*dict.fromkeys(targets["hr.job_title"]), *others]:
        JobTitle.objects.create(company=company, name=name, occupation=occupation)
    parts = [*dict.fromkeys(targets["backoffice.department"]), "Compras", "Recursos hídricos"]
    for number, name in enumerate(parts):
        Department.objects.create(company=company, code=f"P{number}", name=name)
    centers = [*dict.fromkeys(targets["backoffice.cost_center"]), "Transporte próprio", "Predial"]
    for number, name in enumerate(centers):
        CostCenter.objects.create(company=company, code=f"C{number}", name=name)
    indexing.renew_marked(on=AT.date(), limit=1_000_000)


@pytest.mark.django_db
def test_of_thirty_things_that_people_type_twenty_five_are_found_among_the_first_five() -> None:
    company = people.make_company()
    fill(company)
    access = access_of(identity.make_user(company, "owner"), company.pk, AT.date())
    missed = []
    for typed, kind, target in PROBE:
        found = selectors.find(access, typed)
        first = [h.title for g in found if g.resource.name == kind for h in g.hits[:FIRST]]
        if target not in first:
            missed.append((typed, target, first))
    assert len(PROBE) == 30
    assert len(PROBE) - len(missed) >= WANTED, missed
