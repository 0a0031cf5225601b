"""Rows become records: checked all at once, applied once, taken back where nothing happened since."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from backoffice.audit.models import Event
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.exchange import services
from backoffice.exchange.models import DataImport, ImportMapping, ImportRow
from backoffice.exchange.retention import forget_rows
from backoffice.identity.models import RoleGrant, User
from backoffice.jobs.models import Job
from backoffice.organization.models import Company, CostCenter, Department
from backoffice.organization.services import change_cost_center
from backoffice.parties.models import Party, PartyRole
from demo.numbers import cnpj, cpf
from hr.people.models import ContractTerms, Employee
from tests.backoffice.exchange.conftest import work
from tests.factories import identity, people

pytestmark = pytest.mark.django_db

CENTERS = "backoffice.cost_center"
DEPARTMENTS = "backoffice.department"


@pytest.fixture
def owner(company: Company) -> User:
    return identity.make_user(company, "owner")


class Bench:
    """Imports of one person."""

    def __init__(self, company: Company, user: User) -> None:
        self.company, self.user = company, user

    @property
    def ctx(self) -> Any:
        return identity.acting_as(self.user, self.company)

    def start(self, text: str, name: str = CENTERS) -> DataImport:
        return services.start_import(
            self.ctx, object_name=name, name="linhas.csv", content=text.encode()
        )

    def check(self, text: str, name: str = CENTERS) -> DataImport:
        made = self.start(text, name)
        work(services.check_import(self.ctx, import_id=made.pk, mapping=made.mapping))
        made.refresh_from_db()
        assert made.state == "checked"
        return made

    def apply(self, made: DataImport) -> Job:
        job = work(services.apply_import(self.ctx, data_import_id=made.pk))
        made.refresh_from_db()
        return job

    def undo(self, made: DataImport) -> Job:
        job = work(services.undo_import(self.ctx, data_import_id=made.pk))
        made.refresh_from_db()
        return job

    def done(self, text: str, name: str = CENTERS) -> DataImport:
        made = self.check(text, name)
        assert self.apply(made).state == "done", list(made.rows.values("line", "errors"))
        assert made.state == "applied"
        return made


@pytest.fixture
def bench(company: Company, owner: User) -> Bench:
    return Bench(company, owner)


def verdicts(made: DataImport) -> list[str]:
    return list(made.rows.order_by("line").values_list("verdict", flat=True))


def test_columns_are_guessed_and_what_was_said_is_remembered(bench: Bench) -> None:
    first = bench.start("Cód.;Descrição;Obs\n1;Um;x\n")
    assert first.mapping == {"0": "code", "1": "name"}
    strange = bench.start("Chave;Como se chama\n1;Um\n")
    assert strange.mapping == {}
    work(services.check_import(bench.ctx, import_id=strange.pk, mapping={"0": "code", "1": "name"}))
    again = bench.start("Como se chama;CHAVE\nDois;2\n")
    assert again.mapping == {"0": "name", "1": "code"}
    assert ImportMapping.objects.filter(company=bench.company).count() == 1
    other = Bench(people.make_company(), identity.make_user())
    identity.grant(other.company, other.user, "owner")
    assert other.start("Chave;Como se chama\n1;Um\n").mapping == {}


def test_a_check_shows_every_error_and_every_change_and_writes_nothing(bench: Bench) -> None:
    long = "x" * 21
    made = bench.check(
        f"codigo;nome\n100;Administração\n100;Outra\n{long};\n300;Trezentos\n301;\n100;Nova\n"
    )
    rows = {row.line: row for row in made.rows.all()}
    assert verdicts(made) == ["same", "wrong", "wrong", "new", "wrong", "wrong"]
    assert rows[3].errors == {"code": "Uma linha anterior tem o mesmo valor."}
    assert set(rows[4].errors) == {"code", "name"}
    assert set(rows[6].errors) == {"name"}
    assert (rows[5].record_id, rows[5].after["name"]) == (None, "Trezentos")
    assert CostCenter.objects.filter(company=bench.company).count() == 1
    assert not Event.objects.filter(action__startswith="backoffice.cost_center").exists()


def test_right_rows_are_taken_in_with_the_import_as_reason_and_wrong_ones_stay(
    bench: Bench,
) -> None:
    made = bench.check("codigo;nome\n100;Direção\n200;Vendas\n;Sem código\n")
    job = bench.apply(made)
    assert (job.state, made.state) == ("done", "applied")
    names = dict(CostCenter.objects.filter(company=bench.company).values_list("code", "name"))
    assert names == {"100": "Direção", "200": "Vendas"}
    event = Event.objects.get(action="backoffice.cost_center.created")
    assert event.reason == f"Importação {made.pk}: linhas.csv"
    assert event.actor_id == bench.user.pk
    row = made.rows.get(line=2)
    assert (row.before["name"], row.after["name"]) == ("Administração", "Direção")


def test_the_same_file_again_changes_nothing(bench: Bench) -> None:
    text = "codigo;nome\n100;Administração\n200;Vendas\n"
    bench.done(text)
    events = Event.objects.filter(action__startswith="backoffice.cost_center").count()
    again = bench.check(text)
    assert verdicts(again) == ["same", "same"]
    with pytest.raises(WrongState) as refusal:
        services.apply_import(bench.ctx, data_import_id=again.pk)
    assert refusal.value.code == "nothing_to_apply"
    assert Event.objects.filter(action__startswith="backoffice.cost_center").count() == events


def test_a_row_may_name_what_an_earlier_row_makes(bench: Bench) -> None:
    made = bench.done(
        "codigo;nome;superior\nCOM;Comercial;ADM\nVEN;Vendas;Comercial\n", DEPARTMENTS
    )
    sales = Department.objects.get(company=bench.company, code="VEN")
    assert sales.parent is not None
    assert (sales.parent.code, sales.parent.parent.code) == ("COM", "ADM")  # type: ignore[union-attr]
    assert bench.undo(made).state == "done"
    assert list(
        Department.objects.filter(company=bench.company).values_list("code", flat=True)
    ) == ["ADM"]


def test_undoing_restores_only_what_nobody_touched_since(bench: Bench) -> None:
    CostCenter.objects.create(company=bench.company, code="150", name="Cento e cinquenta")
    made = bench.done("codigo;nome\n100;Direção\n150;Outro\n200;Vendas\n300;Compras\n")
    touched = CostCenter.objects.get(company=bench.company, code="200")
    change_cost_center(
        people.system(bench.company), cost_center_id=touched.pk, code="200", name="X"
    )
    CostCenter.objects.filter(code="150").update(name="por fora")
    job = bench.undo(made)
    assert (job.state, made.state) == ("done_with_errors", "undone")
    names = dict(CostCenter.objects.filter(company=bench.company).values_list("code", "name"))
    assert names == {"100": "Administração", "150": "por fora", "200": "X"}
    kept = dict(made.rows.exclude(kept_because="").values_list("key", "kept_because"))
    assert set(kept) == {"150", "200"}
    assert kept["200"] == "Alguém alterou ou usou desde então."


def test_what_others_refer_to_is_not_taken_back(bench: Bench) -> None:
    made = bench.done("codigo;nome\nCOM;Comercial\n", DEPARTMENTS)
    parent = Department.objects.get(company=bench.company, code="COM")
    Department.objects.create(company=bench.company, code="SUB", name="Sub", parent=parent)
    bench.undo(made)
    assert Department.objects.filter(pk=parent.pk).exists()
    assert made.rows.get().kept_because == "Outros registros já se referem a ele."


def test_a_wrong_row_is_mended_here_or_left_out(bench: Bench) -> None:
    made = bench.check("codigo;nome\n200;\n;Sem\n")
    row = services.fix_row(bench.ctx, import_id=made.pk, line=2, texts={"name": "Vendas"})
    assert (row.verdict, row.errors) == ("new", {})
    still = services.fix_row(bench.ctx, import_id=made.pk, line=3, texts={"code": "200"})
    assert still.errors == {"code": "Uma linha anterior tem o mesmo valor."}
    services.skip_row(bench.ctx, import_id=made.pk, line=3)
    assert bench.apply(made).state == "done"
    assert CostCenter.objects.get(company=bench.company, code="200").name == "Vendas"
    with pytest.raises(WrongState) as refusal:
        services.fix_row(bench.ctx, import_id=made.pk, line=2, texts={"name": "Y"})
    assert refusal.value.code == "row_applied"


def test_a_row_mended_after_the_others_were_applied_is_taken_in_later(bench: Bench) -> None:
    made = bench.check("codigo;nome\n200;Vendas\n300;\n")
    bench.apply(made)
    services.fix_row(bench.ctx, import_id=made.pk, line=3, texts={"name": "Compras"})
    assert bench.apply(made).state == "done"
    codes = CostCenter.objects.filter(company=bench.company).values_list("code", flat=True)
    assert sorted(codes) == ["100", "200", "300"]


def test_what_became_wrong_meanwhile_is_an_error_of_its_row(bench: Bench) -> None:
    made = bench.check("codigo;nome;superior\nA;Um;ADM\nB;Dois;\n", DEPARTMENTS)
    Department.objects.filter(code="ADM").delete()
    job = bench.apply(made)
    assert job.state == "done_with_errors"
    assert job.item_errors.get().label == "Linha 2"
    assert verdicts(made) == ["wrong", "new"]


def test_employees_are_hired_as_by_the_page_and_taken_back(bench: Bench) -> None:
    people.make_job_title(bench.company, "Vendedor")
    head = "CPF;Nome completo;Nascimento;Data Admissão;Cargo;Salário;Jornada;Filial;Setor;Banco;Agência;Conta\n"
    good = f"{cpf(700001)};José Antônio;17/05/1990;01/06/2026;VENDEDOR;3.210,50;44;01;administrativo;001;1234;5678-9\n"
    low = f"{cpf(700002)};Rita;17/05/1990;01/06/2026;Vendedor;10,00;44;01;ADM;;;\n"
    bad = "123;Sem CPF;17/05/1990;32/13/2026;Astronauta;x;60;99;ADM;;;\n"
    made = bench.check(head + good + low + bad, "hr.employee")
    rows = {row.line: row for row in made.rows.all()}
    assert verdicts(made) == ["new", "wrong", "wrong"], [row.errors for row in rows.values()]
    assert set(rows[3].errors) == {"salary"}
    assert set(rows[4].errors) >= {"cpf", "admitted_on", "job_title", "salary", "branch"}
    assert not Employee.objects.exists()
    bench.apply(made)
    terms = ContractTerms.objects.get(contract__employee__party__tax_id=cpf(700001))
    assert (terms.salary, terms.job_title.name) == (Decimal("3210.50"), "Vendedor")
    again = bench.check(head + good, "hr.employee")
    assert verdicts(again) == ["same"]
    assert bench.undo(made).state == "done"
    assert not Employee.objects.exists()
    assert Party.objects.filter(tax_id=cpf(700001)).exists()


def test_an_employee_whose_contract_was_touched_stays(bench: Bench) -> None:
    people.make_job_title(bench.company, "Vendedor")
    made = bench.done(
        "CPF,Nome,Nascimento,Admissão,Cargo,Salário,Horas,Filial,Departamento\n"
        f'{cpf(700003)},Ana,1990-05-17,2026-06-01,Vendedor,"3.000,00",44,01,ADM\n',
        "hr.employee",
    )
    employee = Employee.objects.get()
    people.services.end_contract(
        people.system(bench.company),
        contract_id=people.contract_of(employee).pk,
        ended_on=people.AT.date(),
    )
    bench.undo(made)
    assert Employee.objects.filter(pk=employee.pk).exists()


def test_parties_are_registered_in_a_role_and_taken_back(bench: Bench) -> None:
    known = Party.objects.create(kind="company", tax_id=cnpj(800002), name="Já conhecida Ltda")
    made = bench.done(
        "CNPJ;Razão Social;Tipo;Desde\n"
        f"{cnpj(800001)};Papelaria Central Ltda;Fornecedor;01/01/2026\n"
        f"{cnpj(800002)};Outro nome;Cliente;01/01/2026\n",
        "backoffice.party",
    )
    roles = PartyRole.objects.filter(company=bench.company)
    assert sorted(roles.values_list("kind", flat=True)) == ["customer", "supplier"]
    known.refresh_from_db()
    assert known.name == "Já conhecida Ltda"
    assert bench.undo(made).state == "done"
    assert not roles.exists()
    assert not Party.objects.filter(tax_id=cnpj(800001)).exists()
    assert not Party.objects.filter(tax_id=cnpj(800002)).exists()


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"1": "name"}, "no_key"),
        ({"0": "code", "1": "code"}, "field_twice"),
        ({"0": "code", "1": "salary"}, "unknown_field"),
        ({"0": "code", "7": "name"}, "unknown_field"),
        ({"x": "code"}, "unknown_field"),
    ],
)
def test_a_mapping_that_cannot_be_is_refused(
    bench: Bench, mapping: dict[str, str], code: str
) -> None:
    made = bench.start("a;b\n1;2\n")
    with pytest.raises(InvalidInput) as refusal:
        services.check_import(bench.ctx, import_id=made.pk, mapping=mapping)
    assert refusal.value.code == code
    made.refresh_from_db()
    assert made.state == "mapping"


def test_what_is_not_possible_in_a_state_is_refused(bench: Bench) -> None:
    made = bench.start("codigo;nome\n200;Vendas\n")
    with pytest.raises(WrongState):
        services.apply_import(bench.ctx, data_import_id=made.pk)
    services.check_import(bench.ctx, import_id=made.pk, mapping=made.mapping)
    with pytest.raises(WrongState):  # at work
        services.check_import(bench.ctx, import_id=made.pk, mapping=made.mapping)
    with pytest.raises(WrongState):
        services.undo_import(bench.ctx, data_import_id=made.pk)
    work(Job.objects.get())
    services.apply_import(bench.ctx, data_import_id=made.pk)
    for command in (services.apply_import, services.undo_import):
        with pytest.raises(WrongState) as refusal:
            command(bench.ctx, data_import_id=made.pk)
        assert refusal.value.code == "not_now"


def test_who_may_not_import_or_not_make_such_records_is_refused(company: Company) -> None:
    auditor = Bench(company, identity.make_user(company, "auditor"))
    finance = Bench(company, identity.make_user(company, "finance"))
    admin = Bench(company, identity.make_user(company, "administrator"))
    for who, name in (
        (auditor, CENTERS),
        (finance, "hr.employee"),
        (admin, CENTERS),
    ):
        with pytest.raises(NotAllowed):
            who.start("codigo;nome\n1;Um\n", name)
    with pytest.raises(NotFound):
        finance.start("a;b\n1;2\n", "hr.payslip")
    with pytest.raises(NotAllowed):
        services.start_import(
            people.system(company), object_name=CENTERS, name="", content=b"codigo;nome\n1;a\n"
        )
    assert not DataImport.objects.exists()


def test_another_company_has_neither_the_import_nor_its_rows(bench: Bench) -> None:
    made = bench.check("codigo;nome\n200;Vendas\n")
    foreign = people.make_company()
    stranger = identity.make_user(foreign, "owner")
    with pytest.raises(NotFound):
        services.apply_import(identity.acting_as(stranger, foreign), data_import_id=made.pk)
    client = identity.browser(stranger, foreign)
    assert client.get(f"/imports/{made.pk}/rows/").status_code == 404
    assert client.get(f"/api/v1/imports/{made.pk}/rows/").status_code == 404


def test_a_right_that_is_lost_stops_the_import_and_it_goes_on_later(bench: Bench) -> None:
    made = bench.check("codigo;nome\n200;Vendas\n")
    services.apply_import(bench.ctx, data_import_id=made.pk)
    RoleGrant.objects.filter(user=bench.user).update(ended_at=people.AT)
    job = work(Job.objects.latest("pk"))
    made.refresh_from_db()
    assert (job.state, made.state) == ("failed", "checked")
    assert not CostCenter.objects.filter(code="200").exists()
    identity.grant(bench.company, bench.user, "owner", valid_from=people.AT.date())
    assert bench.apply(made).state == "done"
    assert CostCenter.objects.filter(code="200").exists()


def test_rows_are_forgotten_after_their_time_and_what_they_did_stays(bench: Bench) -> None:
    made = bench.done("codigo;nome\n200;Vendas\n")
    assert forget_rows(at=people.AT) == 0
    DataImport.objects.update(created_at=people.AT.replace(year=2025))
    assert forget_rows(at=people.AT) == 1
    assert not ImportRow.objects.exists()
    assert DataImport.objects.filter(pk=made.pk).exists()
    assert CostCenter.objects.filter(code="200").exists()


def test_the_pages_lead_from_a_paste_to_records_and_back(bench: Bench) -> None:
    client = identity.browser(bench.user, bench.company)
    assert (
        f'href="/imports/new/{CENTERS}/"'
        in client.get("/backoffice/cost-centers/").content.decode()
    )
    assert client.get(f"/imports/new/{CENTERS}/").status_code == 200
    assert client.post(f"/imports/new/{CENTERS}/", {"pasted": " "}).status_code == 422
    assert client.post(f"/imports/new/{CENTERS}/", {"pasted": "só uma linha"}).status_code == 422
    pasted = "codigo\tnome\n200\tVendas\n300\t\n"
    answer = client.post(f"/imports/new/{CENTERS}/", {"pasted": pasted})
    made = DataImport.objects.get()
    assert answer["Location"] == f"/imports/{made.pk}/columns/"
    page = client.get(answer["Location"]).content.decode()
    assert "200, 300" in page
    wrong = client.post(answer["Location"], {"column_1": "name"})
    assert wrong.status_code == 422
    answer = client.post(answer["Location"], {"column_0": "code", "column_1": "name"})
    assert answer["Location"] == f"/backoffice/imports/{made.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    rows = f"/imports/{made.pk}/rows/"
    assert 'name="cell_name"' in client.get(rows).content.decode()
    file = client.get(f"/imports/{made.pk}/wrong-rows/").content.decode("utf-8-sig")
    assert file.splitlines()[:2] == [
        "codigo;nome;O que está errado",
        "300;;Este campo é obrigatório.",
    ]
    client.post(f"{rows}3/?verdict=wrong", {"cell_name": "Compras"})
    assert verdicts(made) == ["new", "new"]
    client.post(f"{rows}3/", {"skip": "1"})
    assert client.get(f"{rows}?verdict=skipped").status_code == 200
    client.post(f"{rows}3/", {"skip": "0"})
    assert verdicts(made) == ["new", "new"]
    client.post(f"/backoffice/imports/{made.pk}/do/apply/")
    work(Job.objects.latest("pk"))
    assert CostCenter.objects.filter(company=bench.company).count() == 3
    before = Event.objects.count()
    assert "Tudo pode voltar" in client.get(f"/imports/{made.pk}/undo/").content.decode()
    assert CostCenter.objects.filter(company=bench.company).count() == 3
    assert Event.objects.count() == before
    client.post(f"/backoffice/imports/{made.pk}/do/undo/")
    work(Job.objects.latest("pk"))
    assert CostCenter.objects.filter(company=bench.company).count() == 1


def test_the_api_has_the_same_rules(bench: Bench) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    scopes = ["backoffice.data_import.create", "backoffice.data_import.view"]
    scopes += ["backoffice.cost_center.create", "backoffice.cost_center.change"]
    scopes += ["backoffice.cost_center.view"]
    token = identity.make_token(bench.user, bench.company, scopes)
    client = Client(headers={"authorization": f"Bearer {token.secret.value}"})

    def send(text: bytes, **more: str) -> Any:
        body = {"object": CENTERS, "file": SimpleUploadedFile("a.csv", text), **more}
        return client.post("/api/v1/imports/", body)

    answer = send(b"codigo;nome\n200;Vendas\n;Sem\n")
    assert answer.status_code == 202
    pk = answer.json()["id"]
    work(Job.objects.get(pk=answer.json()["job"]))
    rows = client.get(f"/api/v1/imports/{pk}/rows/?verdict=wrong").json()["results"]
    assert [row["line"] for row in rows] == [3]
    fixed = client.patch(
        f"/api/v1/imports/{pk}/rows/3/", {"texts": {"code": "300"}}, "application/json"
    )
    assert fixed.json()["verdict"] == "new"
    assert (
        client.post(f"/api/v1/backoffice/imports/{pk}/apply/", {}, "application/json").status_code
        == 200
    )
    work(Job.objects.latest("pk"))
    assert client.get(f"/api/v1/backoffice/imports/{pk}/").json()["state"] == "applied"
    assert send(b"a;b\n1;2\n").status_code == 422
    assert send(b"a;b\n1;2\n", mapping='["x"]').status_code == 422
    assert send(b"\x00").status_code == 422
    assert client.get("/api/v1/imports/999999/rows/").status_code == 404
