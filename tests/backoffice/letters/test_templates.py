"""Templates: every text a version, compared and brought back; a draft until it is put into use."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from backoffice.audit.models import ReadLog
from backoffice.errors import InvalidInput, NotAllowed, WrongState
from backoffice.letters import services
from backoffice.letters.models import LetterTemplate, LetterTemplateVersion
from backoffice.letters.views import differences
from backoffice.organization.models import Company
from tests.factories import identity, people
from tests.factories.letters import BODY, make_template
from tests.harness.threads import race

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return people.make_company()


def change(company: Company, template: LetterTemplate, body: str, **over: Any) -> LetterTemplate:
    given = {"name": template.name, "heading": "Declaração", "body": body} | over
    return services.change_template(people.system(company), letter_template_id=template.pk, **given)


def test_a_text_is_a_draft_until_it_is_put_into_use(company: Company) -> None:
    template = make_template(company, active=False)
    assert (template.latest, template.active) == (1, None)
    ctx = people.system(company)
    services.activate_template(ctx, letter_template_id=template.pk)
    changed = change(company, template, "Outro", note="Mais curto")
    assert (changed.latest, changed.active) == (2, 1)
    assert changed.versions.get(number=2).note == "Mais curto"
    assert services.activate_template(ctx, letter_template_id=template.pk).active == 2
    with pytest.raises(WrongState) as refused:
        services.activate_template(ctx, letter_template_id=template.pk)
    assert refused.value.code == "already_active"


def test_a_name_alone_makes_no_version(company: Company) -> None:
    template = make_template(company)
    assert change(company, template, BODY, name="Novo nome").latest == 1
    other = make_template(company)
    with pytest.raises(InvalidInput) as refused:
        change(company, other, BODY, name="Novo nome")
    assert refused.value.code == "name_in_use"


def test_mistakes_are_refused_with_their_place_and_what_was_meant(company: Company) -> None:
    with pytest.raises(InvalidInput) as refused:
        make_template(company, "Olá\n{{employee.nome}} e {{", active=False)
    assert refused.value.code == "template_faults"
    text = str(refused.value.fields["body"])
    assert "Linha 2, coluna 1: Não existe o campo “employee.nome”." in text
    assert "Você quis dizer “employee.name”?" in text
    assert "Linha 2, coluna 21:" in text
    with pytest.raises(InvalidInput) as refused:
        make_template(company, subject="hr.contract", active=False)
    assert refused.value.code == "unknown_subject"
    assert LetterTemplate.objects.count() == 0


def test_an_earlier_version_comes_back_as_the_newest(company: Company) -> None:
    template = make_template(company)
    change(company, template, "Outro")
    ctx = people.system(company)
    restored = services.restore_version(ctx, letter_template_id=template.pk, number=1, note="Ok")
    newest = restored.versions.get(number=3)
    assert (newest.body, newest.restored_from, newest.note) == (BODY, 1, "Ok")
    assert restored.active == 1
    for number, code in ((3, "same_version"), (9, "unknown_version")):
        with pytest.raises((WrongState, InvalidInput)) as refused:
            services.restore_version(ctx, letter_template_id=template.pk, number=number)
        assert refused.value.code == code
    services.retire_template(ctx, letter_template_id=template.pk)
    with pytest.raises(WrongState) as gone:
        change(company, template, "x")
    assert gone.value.code == "retired"


def test_who_writes_does_not_put_into_use(company: Company) -> None:
    analyst = identity.acting_as(identity.make_user(company, "hr_analyst"), company)
    manager = identity.acting_as(identity.make_user(company, "hr_manager"), company)
    template = make_template(company, active=False)
    with pytest.raises(NotAllowed):
        services.activate_template(analyst, letter_template_id=template.pk)
    assert services.activate_template(manager, letter_template_id=template.pk).active == 1


def test_the_database_knows_only_versions_of_the_template(company: Company) -> None:
    template = make_template(company)
    with pytest.raises(IntegrityError), transaction.atomic():
        point_to_nothing(template)


def point_to_nothing(template: LetterTemplate) -> None:
    LetterTemplate.objects.filter(pk=template.pk).update(latest=7)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.clone
def test_sixteen_who_write_at_once_make_sixteen_versions() -> None:
    company = people.make_company()
    template = make_template(company)
    answers = race([lambda n=n: change(company, template, f"Texto {n}") for n in range(16)])  # type: ignore[misc]
    assert all(isinstance(each, LetterTemplate) for each in answers)
    numbers = LetterTemplateVersion.objects.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 18))


def test_versions_are_compared_word_by_word() -> None:
    assert differences("a b c", "a x c d") == [
        ("same", "a"),
        ("gone", "b"),
        ("come", "x"),
        ("same", "c"),
        ("come", "d"),
    ]


# --- pages ------------------------------------------------------------------------------------------


def browser(company: Company, role: str = "hr_analyst") -> Client:
    return identity.browser(identity.make_user(company, role), company)


def test_the_editor_offers_fields_and_texts_to_begin_with(company: Company) -> None:
    client = browser(company)
    page = client.get("/backoffice/letter-templates/new/").content.decode()
    assert 'data-insert="{{employee.salary|in_words}}"' in page
    assert "Declaração de rendimentos" in page
    begun = client.get("/backoffice/letter-templates/new/?starter=warning").content.decode()
    assert "Carta de advertência" in begun
    assert "{{?O que aconteceu}}" in begun
    assert client.get("/backoffice/letter-templates/new/?starter=nothing").status_code == 200


def test_the_preview_shows_values_faults_and_what_is_hidden(company: Company) -> None:
    ana = people.hire(company, name="Ana Prado", salary="3210.50")
    client = browser(company)
    body = {
        "subject": "hr.employee",
        "heading": "Carta",
        "body": "{{employee.name}} {{employee.salary}}",
    }
    named = client.post("/letters/preview/", body).content.decode()
    assert "Nome completo" in named
    with_values = {**body, "record": f"hr.employee:{ana.pk}"}
    shown = client.post("/letters/preview/", with_values).content.decode()
    assert "Ana Prado R$&nbsp;3.210,50" in shown
    assert ReadLog.objects.filter(kind="hr.employee", ids=[ana.pk]).count() == 1
    wrong = client.post("/letters/preview/", {**body, "body": "{{x.y}}"}).content.decode()
    assert "Linha 1, coluna 1:" in wrong
    elsewhere = people.hire(people.make_company(), name="De Fora")
    other = client.post("/letters/preview/", {**body, "record": f"hr.employee:{elsewhere.pk}"})
    assert "De Fora" not in other.content.decode()
    assert "Escolha um modelo" in client.post("/letters/preview/", {}).content.decode()
    assert browser(company, "auditor").post("/letters/preview/", body).status_code == 403


def test_versions_are_shown_and_compared(company: Company) -> None:
    template = make_template(company)
    change(company, template, "Texto novo", note="Tudo diferente")
    client = browser(company)
    page = client.get(f"/backoffice/letter-templates/{template.pk}/").content.decode()
    assert "Tudo diferente" in page
    compared = client.get(f"/letters/templates/{template.pk}/compare/?from=1&to=2").content.decode()
    assert "<ins>Texto novo</ins>" in compared
    assert "<del>" in compared
    for wrong in ("from=x", "from=9"):
        assert client.get(f"/letters/templates/{template.pk}/compare/?{wrong}").status_code == 404


def test_a_letter_is_issued_on_its_page_with_typed_answers(company: Company) -> None:
    ana = people.hire(company, name="Ana Prado")
    template = make_template(company, "{{?Dia|date}}: {{?Valor|money}} {{?Fato}}")
    client = browser(company)
    found = client.get("/letters/subjects/", {"q": "ana pr"}).json()["results"]
    assert found == [{"value": f"hr.employee:{ana.pk}", "text": "Ana Prado", "hint": "Colaborador"}]
    asked = client.get("/letters/questions/", {"template": template.pk}).content.decode()
    assert 'name="answer-0"' in asked
    assert 'data-mask="money"' in asked
    typed = {"template": template.pk, "record": found[0]["value"], "answer-0": "03/11/2026"}
    wrong = client.post("/backoffice/letters/new/", {**typed, "answer-1": "abc", "answer-2": "x"})
    assert wrong.status_code == 422
    assert "Valor:" in wrong.content.decode()
    typed |= {"answer-1": "1.234,50", "answer-2": "Atraso"}
    answer = client.post("/backoffice/letters/new/", typed)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).content.decode()
    assert "03/11/2026: R$&nbsp;1.234,50 Atraso" in page
    assert "O PDF está sendo gerado" in page
    employee = client.get(f"/hr/employees/{ana.pk}/").content.decode()
    assert answer.headers["Location"] in employee
