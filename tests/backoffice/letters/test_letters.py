"""Letters: from a version in use, numbered, word by word; void with a reason; nobody sees more than they may."""

import datetime as dt
import io
from typing import Any

import pypdf
import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client, override_settings

from backoffice.audit.models import Event, ReadLog
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.files import storage
from backoffice.identity.rules import Scope
from backoffice.jobs.models import Job, JobChunk
from backoffice.jobs.services import run_chunk
from backoffice.letters import services
from backoffice.letters.catalogue import SUBJECTS
from backoffice.letters.models import Letter, LetterState
from backoffice.letters.printing import code_of, issued_letter
from backoffice.letters.selectors import visible_letters
from backoffice.links.models import Link
from backoffice.numbering.selectors import counts_of
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.backoffice.pdf.reading import catalog, squeezed
from tests.factories import identity, people
from tests.factories.letters import BODY, make_letter, make_template
from tests.harness.threads import race

pytestmark = pytest.mark.django_db
SALARY = "Recebe {{employee.salary}} ({{employee.salary|in_words}})."
WARNING = "Em {{?Data do fato|date}}: {{?O que aconteceu}}. Multa: {{?Valor|money}}."


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def ana(company: Company) -> Employee:
    return people.hire(company, name="Ana *Prado*", salary="3210.50")


def issue(company: Company, employee: Employee, body: str = BODY, **over: Any) -> Letter:
    return make_letter(company, body, subject_id=employee.pk, **over)


def printed(letter: Letter) -> pypdf.PdfReader:
    chunk = JobChunk.objects.get(job__target_id=letter.pk, job__kind="backoffice.letter.print")
    with override_settings(SITE_URL="https://rh.ipe.example"):
        run_chunk(chunk.pk, worker="test", at=people.AT)
    letter.refresh_from_db()
    assert letter.file is not None
    return pypdf.PdfReader(io.BytesIO(storage.read(letter.company_id, letter.file.key).read()))


def test_a_letter_says_what_the_template_says_of_the_person_on_that_day(
    company: Company, ana: Employee
) -> None:
    letter = issue(company, ana)
    assert letter.text == (
        "Declaramos que Ana \\*Prado\\* trabalha aqui.\n\nSão Paulo, 20 de novembro de 2026."
    )
    assert (letter.number, letter.state) == ("CT-2026/0001", LetterState.ISSUED)
    assert (letter.subject_name, letter.person_id) == ("Ana *Prado*", ana.party_id)
    assert issue(company, ana).number == "CT-2026/0002"
    (count,) = counts_of(company.pk)
    assert (count.series, count.last, count.without_gaps) == ("backoffice.letter", 2, True)
    link = Link.objects.filter(source_id=letter.pk, source_type="backoffice.letter").get()
    assert (link.target_type, link.target_id) == ("hr.employee", ana.pk)


def test_every_text_that_comes_with_the_product_can_be_issued(
    company: Company, ana: Employee
) -> None:
    answers = {
        "Data do fato": "2026-11-10",
        "O que aconteceu": "Faltou sem aviso",
        "Norma ou dever descumprido": "o regulamento interno",
        "Qualidades e resultados": "É pontual e atenciosa.",
    }
    for starter in SUBJECTS["hr.employee"].starters:
        letter = issue(company, ana, starter.body, answers=answers)
        assert "{{" not in letter.text
        assert "[" not in letter.text
        assert "São Paulo, 20 de novembro de 2026." in letter.text


@pytest.mark.clone
def test_a_worker_prints_it_once_with_number_frame_and_code() -> None:
    company = people.make_company()
    letter = issue(company, people.hire(company, name="Ana *Prado*"))
    reader = printed(letter)
    text = squeezed(reader.pages[0].extract_text())
    for said in (
        "CT-2026/0001",
        "Ana*Prado*trabalhaaqui.",
        squeezed(company.legal_name),
        code_of(letter),
        "rh.ipe.example/verify",
    ):
        assert said in text
    file = letter.file_id
    job = Job.objects.get(target_id=letter.pk, kind="backoffice.letter.print")
    assert (job.state, job.title) == ("done", "Imprimir a carta: Declaração")
    content = storage.read(company.pk, letter.file.key).read()  # type: ignore[union-attr]
    assert str(catalog(content)["/Lang"]).lower() == "pt-br"
    assert letter.file_id == file


def test_whoever_holds_the_paper_learns_whether_it_counts(company: Company, ana: Employee) -> None:
    letter = issue(company, ana)
    page = Client().get("/verify/", {"code": code_of(letter)}).content.decode()
    assert "foi emitido aqui" in page
    assert "CT-2026/0001" in page
    assert "Prado" not in page
    services.void_letter(people.system(company), letter_id=letter.pk, why="Nome errado")
    page = Client().get("/verify/", {"code": code_of(letter)}).content.decode()
    assert "Anulada em 20/11/2026" in page
    assert issued_letter(999_999_999) is None


def test_answers_are_written_as_their_questions_say(company: Company, ana: Employee) -> None:
    given = {"Data do fato": "2026-11-03", "O que aconteceu": "# Atraso", "Valor": "12.5"}
    letter = issue(company, ana, WARNING, answers=given)
    assert letter.text == "Em 03/11/2026: \\# Atraso. Multa: R$\N{NBSP}12,50."
    assert letter.answers == given


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ({}, "answer_needed"),
        ({"Data do fato": "2026-11-03", "O que aconteceu": " ", "Valor": "1"}, "answer_needed"),
        ({"Data do fato": "03/11/2026", "O que aconteceu": "x", "Valor": "1"}, "bad_answer"),
        ({"Data do fato": "2026-11-03", "O que aconteceu": "x" * 3001, "Valor": "1"}, "bad_answer"),
    ],
)
def test_without_good_answers_nothing_is_issued(
    company: Company, ana: Employee, answers: dict[str, str], code: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        issue(company, ana, WARNING, answers=answers)
    assert refused.value.code == code
    assert Letter.objects.count() == 0
    assert Job.objects.filter(kind="backoffice.letter.print").count() == 0


def test_a_letter_has_no_holes_and_no_future(company: Company, ana: Employee) -> None:
    with pytest.raises(InvalidInput) as refused:
        issue(company, ana, "Saiu em {{employee.ended_on}}")
    assert refused.value.code == "fields_empty"
    assert (
        "Desligamento" in str(refused.value)
        or "Término" in str(refused.value)
        or refused.value.fields
    )
    with pytest.raises(InvalidInput) as refused:
        issue(company, ana, issued_on=people.AT.date() + dt.timedelta(1))
    assert refused.value.code == "date_in_future"


def test_letters_come_from_what_is_in_use(company: Company, ana: Employee) -> None:
    template = make_template(company, active=False)
    ctx = people.system(company)
    with pytest.raises(NotFound):
        services.issue_letter(ctx, template_id=template.pk, subject_id=ana.pk)
    services.activate_template(ctx, letter_template_id=template.pk)
    given = {"name": template.name, "heading": "Declaração"}
    services.change_template(ctx, letter_template_id=template.pk, body="Rascunho", **given)
    letter = services.issue_letter(ctx, template_id=template.pk, subject_id=ana.pk)
    assert (letter.version.number, "Rascunho" in letter.text) == (1, False)
    services.retire_template(ctx, letter_template_id=template.pk)
    with pytest.raises(NotFound):
        services.issue_letter(ctx, template_id=template.pk, subject_id=ana.pk)


def test_nobody_writes_about_whom_they_do_not_reach(company: Company, ana: Employee) -> None:
    template = make_template(company)
    elsewhere = people.hire(people.make_company())
    user = identity.make_user(company, "hr_analyst")
    for ctx in (people.system(company), identity.acting_as(user, company)):
        with pytest.raises(NotFound):
            services.issue_letter(ctx, template_id=template.pk, subject_id=elsewhere.pk)
    auditor = identity.acting_as(identity.make_user(company, "auditor"), company)
    with pytest.raises(NotAllowed):
        services.issue_letter(auditor, template_id=template.pk, subject_id=ana.pk)
    assert Letter.objects.count() == 0


def test_what_somebody_may_not_see_they_neither_issue_nor_read(
    company: Company, ana: Employee
) -> None:
    role = identity.make_role(
        company, "hr.employee.view", "backoffice.letter.view", "backoffice.letter.issue"
    )
    user = identity.make_user(company)
    services_ctx = people.system(company)
    from backoffice.identity.services import assign_role

    assign_role(
        services_ctx,
        user_id=user.pk,
        role_id=role.pk,
        scope=Scope.COMPANY,
        branch_id=None,
        valid_from=identity.LONG_AGO,
        valid_to=None,
    )
    template = make_template(company, SALARY)
    with pytest.raises(InvalidInput) as refused:
        services.issue_letter(
            identity.acting_as(user, company), template_id=template.pk, subject_id=ana.pk
        )
    assert refused.value.code == "fields_hidden"
    secret, plain = issue(company, ana, SALARY), issue(company, ana)
    assert secret.permissions == ["hr.employee.view_pay"]
    assert list(visible_letters(identity.access(user, company))) == [plain]
    analyst = identity.make_user(company, "hr_analyst")
    assert set(visible_letters(identity.access(analyst, company))) == {secret, plain}
    client = identity.browser(user, company)
    assert client.get(f"/backoffice/letters/{secret.pk}/").status_code == 404
    assert client.get(f"/letters/{secret.pk}/pdf/").status_code == 404
    assert client.get(f"/api/v1/letters/{secret.pk}/text/").status_code == 404
    assert secret.number not in client.get(f"/hr/employees/{ana.pk}/").content.decode()


def test_people_read_their_own_letters_and_each_reading_is_logged(
    company: Company, ana: Employee
) -> None:
    letter = issue(company, ana, SALARY)
    other = issue(company, people.hire(company), SALARY)
    user = identity.make_user(company, "employee", scope=Scope.OWN, person=ana.party)
    client = identity.browser(user, company)
    assert client.get(f"/backoffice/letters/{letter.pk}/").status_code == 200
    assert client.get(f"/backoffice/letters/{other.pk}/").status_code == 404
    answer = client.get(f"/api/v1/letters/{letter.pk}/text/")
    assert answer.json()["text"] == letter.text
    readings = ReadLog.objects.filter(kind="backoffice.letter", user_id=user.pk)
    assert [reading.ids for reading in readings] == [[letter.pk], [letter.pk]]


def test_a_void_letter_stays_and_says_why(company: Company, ana: Employee) -> None:
    letter = issue(company, ana)
    ctx = people.system(company)
    with pytest.raises(InvalidInput) as refused:
        services.void_letter(ctx, letter_id=letter.pk, why=" ")
    assert refused.value.code == "reason_needed"
    services.void_letter(ctx, letter_id=letter.pk, why="Nome errado")
    letter.refresh_from_db()
    assert (letter.state, letter.void_reason, letter.voided_at) == (
        "void",
        "Nome errado",
        people.AT,
    )
    for again in (services.void_letter, services.reissue_letter):
        with pytest.raises(WrongState) as state:
            again(ctx, letter_id=letter.pk, why="x")
        assert state.value.code == "letter_void"
    analyst = identity.acting_as(identity.make_user(company, "hr_analyst"), company)
    with pytest.raises(NotAllowed):
        services.void_letter(analyst, letter_id=issue(company, ana).pk, why="x")


def test_a_letter_issued_again_replaces_the_earlier_one(company: Company, ana: Employee) -> None:
    given = {"Data do fato": "2026-11-03", "O que aconteceu": "Atraso", "Valor": "1"}
    old = issue(company, ana, WARNING, answers=given)
    new = services.reissue_letter(
        people.system(company), letter_id=old.pk, why="Valor errado", answers={"Valor": "2"}
    )
    old.refresh_from_db()
    assert (old.state, old.void_reason) == ("void", "Valor errado")
    assert new.text == "Em 03/11/2026: Atraso. Multa: R$\N{NBSP}2,00."
    assert new.number == "CT-2026/0002"
    replaced = Link.objects.get(kind="backoffice.replaces")
    assert (replaced.source_id, replaced.target_id) == (new.pk, old.pk)


def test_the_database_keeps_every_word(company: Company, ana: Employee) -> None:
    letter = issue(company, ana)
    for statement in (
        "UPDATE backoffice_letter SET text = 'x'",
        "DELETE FROM backoffice_letter",
        "UPDATE backoffice_letter_template_version SET body = 'x'",
        "DELETE FROM backoffice_letter_template_version",
    ):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic():
            execute(statement)
    for statement in (
        "UPDATE backoffice_letter SET number = 'CT-9'",
        f"UPDATE backoffice_letter SET subject_id = {ana.pk + 1}",
    ):
        with pytest.raises(Exception, match=r"stays as it was|permission"), transaction.atomic():
            execute(statement)
    draft = make_template(company, active=False).versions.get()
    copy = Letter.objects.get(pk=letter.pk)
    copy.pk, copy.number, copy.version = None, "", draft
    with pytest.raises((IntegrityError, InternalError), match="not in use"), transaction.atomic():
        copy.save(force_insert=True)


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.clone
def test_of_sixteen_who_void_a_letter_at_once_one_does() -> None:
    company = people.make_company()
    letter = make_letter(company)

    def one() -> Letter:
        return services.void_letter(people.system(company), letter_id=letter.pk, why="Engano")

    answers = race([one] * 16)
    assert sum(isinstance(each, WrongState) for each in answers) == 15
    assert Event.objects.filter(action="backoffice.letter.voided").count() == 1


@pytest.mark.clone
def test_sixteen_letters_at_once_have_sixteen_numbers() -> None:
    company = people.make_company()
    template, employee = make_template(company), people.hire(company)

    def one() -> str:
        ctx = people.system(company)
        return services.issue_letter(ctx, template_id=template.pk, subject_id=employee.pk).number

    assert sorted(map(str, race([one] * 16))) == [f"CT-2026/{n:04d}" for n in range(1, 17)]
