"""What is said about records: who reads and writes it, whom it names, how it is corrected and taken back."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.collaboration import services
from backoffice.collaboration.models import Comment, CommentVersion, Mention, Watch
from backoffice.collaboration.registry import KINDS
from backoffice.collaboration.selectors import to_mention
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.notifications.models import Notification
from backoffice.organization.models import Company
from hr.payroll import services as payroll_services
from hr.people.models import Employee
from tests.backoffice.notifications.test_notifications import collect
from tests.factories import identity, payroll, people
from tests.factories.people import AT

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def company(db: None) -> Company:
    return people.make_company()


@pytest.fixture
def employee(company: Company) -> Employee:
    return people.hire(company, name="Bruno Lima")


def named(company: Company, name: str, code: str = "hr_analyst", **over: Any) -> User:
    user = identity.make_user(company, code, **over)
    User.objects.filter(pk=user.pk).update(name=name)
    user.refresh_from_db()
    return user


def say(user: User, company: Company, record: Employee, text: str, **over: Any) -> Comment:
    ctx = identity.acting_as(user, company, **over)
    return services.add_comment(ctx, record="hr.employee", record_id=record.pk, text=text)


def page(user: User, company: Company, record: Employee) -> str:
    client = identity.browser(user, company)
    return client.get(f"/hr/employees/{record.pk}/history/").content.decode()


# --- who reads and writes ------------------------------------------------------------------------


def test_who_sees_the_record_and_may_read_comments_sees_them(
    company: Company, employee: Employee
) -> None:
    say(named(company, "Ana"), company, employee, "Falta o **atestado**.")
    assert "Falta o <strong>atestado</strong>." in page(
        named(company, "Rui", "auditor"), company, employee
    )


def test_who_does_not_see_the_record_neither_reads_nor_writes(
    company: Company, employee: Employee
) -> None:
    comment = say(named(company, "Ana"), company, employee, "Segredo")
    stranger = named(company, "Rui", "manager", scope=Scope.TEAM, person=identity.make_person())
    other = named(people.make_company(), "Eva", "owner")
    for user, place in ((stranger, company), (other, Company.objects.latest("pk"))):
        with pytest.raises(NotFound):
            say(user, place, employee, "Também")
        client = identity.browser(user, place)
        assert client.get(f"/api/v1/records/hr.employee/{employee.pk}/comments/").status_code == 404
        assert client.post(f"/api/v1/comments/{comment.pk}/delete/").status_code == 404
        assert client.post(f"/comments/{comment.pk}/delete/").status_code == 404
        assert client.get(f"/comments/{comment.pk}/edit/").status_code == 404
    assert Comment.objects.count() == 1


def test_an_auditor_reads_and_does_not_write(company: Company, employee: Employee) -> None:
    auditor = named(company, "Rui", "auditor")
    with pytest.raises(NotAllowed):
        say(auditor, company, employee, "Nota")
    assert 'id="compose"' not in page(auditor, company, employee)
    assert not Comment.objects.exists()


def test_nobody_reads_what_colleagues_say_about_them(company: Company, employee: Employee) -> None:
    say(named(company, "Ana"), company, employee, "Pensamos em promover.")
    himself = named(company, "Bruno", "hr_manager", person=employee.party)
    assert "promover" not in page(himself, company, employee)
    with pytest.raises(NotFound):
        say(himself, company, employee, "Olá")
    colleague = people.hire(company, name="Rita")
    say(himself, company, colleague, "Olá")  # others' records are as for everybody in the role


def test_an_employee_sees_no_conversation(company: Company, employee: Employee) -> None:
    say(named(company, "Ana"), company, employee, "Interno")
    person = named(company, "Bruno", "employee", scope=Scope.OWN, person=employee.party)
    shown = page(person, company, employee)
    assert "Interno" not in shown
    assert 'id="compose"' not in shown


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_object_has_a_conversation(company: Company, name: str) -> None:
    from backoffice.resources.registry import RESOURCES
    from tests.resources.scene import Scene

    scene = Scene(company, RESOURCES[name])
    record = scene.record()
    author = identity.make_user(company, "owner")
    client = identity.browser(author, company)
    url = f"/records/{name}/{record.pk}/comments/"
    assert client.post(url, {"text": "Conversa sobre isto"}).status_code == 302
    shown = client.get(scene.url("history", record.pk)).content.decode()
    assert "Conversa sobre isto" in shown
    outsider = Scene(people.make_company(), RESOURCES[name])
    try:
        there = outsider.owner.get(outsider.url("history", record.pk))
    finally:
        Watch.objects.all().delete()
    assert there.status_code in {200, 404}  # shared records are seen by all companies
    assert "Conversa sobre isto" not in there.content.decode()


def test_comments_ask_for_the_permission_to_read_the_record(company: Company) -> None:
    title = people.make_job_title(company)
    ctx = identity.acting_as(named(company, "Ana"), company)
    services.add_comment(ctx, record="hr.job_title", record_id=title.pk, text="Interno")
    blind = named(company, "Rui", "administrator")  # reads comments, and no job titles
    client = identity.browser(blind, company)
    assert client.get(f"/api/v1/records/hr.job_title/{title.pk}/comments/").status_code == 404
    with pytest.raises(NotFound):
        services.add_comment(
            identity.acting_as(blind, company), record="hr.job_title", record_id=title.pk, text="Eu"
        )


# --- correcting and taking back ------------------------------------------------------------------


def test_an_author_corrects_within_an_hour_and_the_earlier_text_stays(
    company: Company, employee: Employee
) -> None:
    ana = named(company, "Ana")
    comment = say(ana, company, employee, "Primeira", at=AT)
    later = identity.acting_as(ana, company, at=AT + HOUR - dt.timedelta(seconds=1))
    services.edit_comment(later, comment_id=comment.pk, text="Segunda")
    assert [each.text for each in CommentVersion.objects.all()] == ["Primeira"]
    with pytest.raises(WrongState, match=r"hour|hora"):
        services.edit_comment(
            identity.acting_as(ana, company, at=AT + HOUR), comment_id=comment.pk, text="Terceira"
        )
    shown = page(ana, company, employee)
    assert "Segunda" in shown
    assert "Primeira" in shown
    assert "Terceira" not in shown


def test_the_same_text_again_is_no_edit(company: Company, employee: Employee) -> None:
    ana = named(company, "Ana")
    comment = say(ana, company, employee, "Igual")
    services.edit_comment(identity.acting_as(ana, company), comment_id=comment.pk, text=" Igual ")
    comment.refresh_from_db()
    assert comment.edited_at is None
    assert not CommentVersion.objects.exists()


def test_only_the_author_changes_a_comment(company: Company, employee: Employee) -> None:
    comment = say(named(company, "Ana"), company, employee, "Meu")
    ctx = identity.acting_as(named(company, "Rui", "owner"), company)
    with pytest.raises(NotAllowed):
        services.edit_comment(ctx, comment_id=comment.pk, text="Seu")
    with pytest.raises(NotAllowed):
        services.delete_comment(ctx, comment_id=comment.pk)
    comment.refresh_from_db()
    assert (comment.text, comment.deleted_at) == ("Meu", None)


def test_a_deleted_comment_leaves_who_and_when_and_no_words(
    company: Company, employee: Employee
) -> None:
    ana = named(company, "Ana Prado")
    comment = say(ana, company, employee, "Palavras")
    ctx = identity.acting_as(ana, company)
    services.edit_comment(ctx, comment_id=comment.pk, text="Outras")
    services.delete_comment(ctx, comment_id=comment.pk)
    comment.refresh_from_db()
    assert (comment.text, comment.author_id, comment.deleted_at) == ("", ana.pk, AT)
    assert not CommentVersion.objects.exists()
    shown = page(ana, company, employee)
    assert "Apagado por quem escreveu" in shown
    assert "Ana Prado" in shown
    assert "Palavras" not in shown
    with pytest.raises(WrongState):
        services.delete_comment(ctx, comment_id=comment.pk)
    facts = list(Event.objects.filter(action__startswith="backoffice.comment").values_list("data"))
    assert "Palavras" not in str(facts)


@pytest.mark.parametrize(
    ("text", "code"), [("  \n", "empty_comment"), ("a" * 10_001, "long_comment")]
)
def test_a_comment_has_words_and_not_too_many(
    company: Company, employee: Employee, text: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        say(named(company, "Ana"), company, employee, text)
    assert refusal.value.code == code
    assert not Comment.objects.exists()
    assert not Watch.objects.exists()


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backoffice_comment SET author_id = (SELECT max(id) FROM backoffice_user)",
        "UPDATE backoffice_comment SET record_id = record_id + 1",
        "UPDATE backoffice_comment SET text = 'falso'",
        "DELETE FROM backoffice_comment",
        "UPDATE backoffice_comment_version SET text = 'falso'",
        "DELETE FROM backoffice_comment_version",
        "UPDATE backoffice_comment SET deleted_at = now()",
    ],
)
def test_the_database_keeps_what_was_said(
    company: Company, employee: Employee, change: str
) -> None:
    ana = named(company, "Ana")
    comment = say(ana, company, employee, "Dito")
    services.edit_comment(identity.acting_as(ana, company), comment_id=comment.pk, text="Dito!")
    named(company, "Rui")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change)
    comment.refresh_from_db()
    assert comment.text == "Dito!"


def test_a_mention_belongs_to_the_company_of_its_comment(
    company: Company, employee: Employee
) -> None:
    comment = say(named(company, "Ana"), company, employee, "Oi")
    other = people.make_company()
    with pytest.raises(IntegrityError), transaction.atomic():
        Mention.objects.create(company=other, comment=comment, user=comment.author, label="x")


# --- naming, watching, being told ----------------------------------------------------------------


def test_who_is_named_and_sees_the_record_is_told_once(
    company: Company, employee: Employee
) -> None:
    ana, rui = named(company, "Ana Prado"), named(company, "Rui Sá")
    blind = named(company, "Eva Luz", "manager", scope=Scope.TEAM, person=identity.make_person())
    comment = say(ana, company, employee, "@rui sa e @Eva Luz, vejam; @Ana Prado também.")
    assert list(Mention.objects.values_list("user_id", flat=True)) == [rui.pk]
    collect()
    told = Notification.objects.get(kind="mention")
    assert (told.user_id, told.url) == (rui.pk, f"/hr/employees/{employee.pk}/")
    assert told.text == "Ana Prado mencionou você: Bruno Lima"
    assert not Notification.objects.filter(user=blind).exists()
    ctx = identity.acting_as(ana, company)
    services.edit_comment(ctx, comment_id=comment.pk, text="@Rui Sá, veja.")
    collect()
    assert Notification.objects.filter(kind="mention").count() == 1
    assert '<span class="mention">@Rui Sá</span>' in page(rui, company, employee)


def test_who_lost_sight_before_being_told_hears_nothing(
    company: Company, employee: Employee
) -> None:
    rui = named(company, "Rui Sá")
    say(named(company, "Ana"), company, employee, "@Rui Sá, veja.")
    from backoffice.identity.models import RoleGrant

    RoleGrant.objects.filter(user=rui).update(valid_to=AT.date() - dt.timedelta(days=1))
    collect()
    assert not Notification.objects.filter(user=rui).exists()


def test_who_shares_a_name_is_named_by_number(company: Company, employee: Employee) -> None:
    first, second = named(company, "Rui Sá"), named(company, "Rui Sá")
    say(named(company, "Ana"), company, employee, f"@Rui Sá #{second.pk}, veja. @Rui Sá não.")
    assert list(Mention.objects.values_list("user_id", flat=True)) == [second.pk]
    assert first.pk not in Mention.objects.values_list("user_id", flat=True)


def test_watchers_are_told_of_comments_and_the_author_watches_from_then_on(
    company: Company, employee: Employee
) -> None:
    ana, rui, eva = named(company, "Ana"), named(company, "Rui"), named(company, "Eva")
    say(ana, company, employee, "Um", at=AT - HOUR)
    services.choose_watch(
        identity.acting_as(eva, company), record="hr.employee", record_id=employee.pk, level="muted"
    )
    say(rui, company, employee, "Dois")
    say(eva, company, employee, "Três")  # muted stays muted
    collect()
    told = Notification.objects.filter(kind="watched")
    assert sorted(told.values_list("user_id", flat=True)) == sorted([ana.pk, ana.pk, rui.pk])
    assert Watch.objects.get(user=eva).level == "muted"


def test_watchers_of_a_run_are_told_of_its_moves(company: Company) -> None:
    people.hire(company)
    run = payroll.open_run(company)
    ana = named(company, "Ana")
    ctx = identity.acting_as(ana, company)
    services.choose_watch(ctx, record="hr.payroll_run", record_id=run.pk, level="watching")
    payroll_services.compute_run(people.system(company), payroll_run_id=run.pk)
    payroll.work(run)
    collect()
    told = Notification.objects.filter(kind="moved", user=ana)
    assert told.count() > 0
    assert all(str(each.text).startswith("Folha ") for each in told)
    before = told.count()
    services.choose_watch(ctx, record="hr.payroll_run", record_id=run.pk, level="")
    assert not Watch.objects.exists()
    payroll_services.submit_run(people.system(company), payroll_run_id=run.pk)
    collect()
    assert Notification.objects.filter(kind="moved", user=ana).count() == before


def test_a_watch_needs_sight_of_the_record(company: Company, employee: Employee) -> None:
    ctx = identity.acting_as(named(people.make_company(), "Eva"), Company.objects.latest("pk"))
    with pytest.raises(NotFound):
        services.choose_watch(ctx, record="hr.employee", record_id=employee.pk, level="watching")
    with pytest.raises(InvalidInput):
        services.choose_watch(ctx, record="hr.employee", record_id=employee.pk, level="loud")
    assert not Watch.objects.exists()


def test_the_picker_offers_only_who_sees_the_record(company: Company, employee: Employee) -> None:
    ana = named(company, "Ana Prado")
    rui = named(company, "Ruí Prado")
    named(company, "Rute Prado", "manager", scope=Scope.TEAM, person=identity.make_person())
    named(people.make_company(), "Rubem Prado", "owner")
    named(company, "Rufino Prado", "hr_manager", person=employee.party)  # it is about him
    kind = KINDS["hr.employee"]
    access = identity.access(ana, company)
    assert to_mention(kind, employee.pk, access, "ru") == [{"id": rui.pk, "label": "Ruí Prado"}]
    assert to_mention(kind, employee.pk, access, "prado") == [{"id": rui.pk, "label": "Ruí Prado"}]
    client = identity.browser(ana, company)
    found = client.get(f"/records/hr.employee/{employee.pk}/people/?q=ru").json()["results"]
    assert found == [{"id": rui.pk, "label": "Ruí Prado"}]


# --- doors ---------------------------------------------------------------------------------------


def test_the_api_says_corrects_and_takes_back(company: Company, employee: Employee) -> None:
    ana = named(company, "Ana")
    scopes = ["backoffice.comment.view", "backoffice.comment.write", "hr.employee.view"]
    scopes.append("backoffice.watch.choose")
    token = identity.make_token(ana, company, scopes, at=timezone.now())
    client = Client(headers={"Authorization": f"Bearer {token.secret.value}"})
    address = f"/api/v1/records/hr.employee/{employee.pk}/comments/"

    def post(url: str, body: dict[str, Any], **headers: str) -> Any:
        return client.post(url, body, content_type="application/json", headers=headers)

    made = post(address, {"text": "Pela API"}, **{"Idempotency-Key": "k1"})
    assert (made.status_code, made.json()["text"]) == (201, "Pela API")
    again = post(address, {"text": "Pela API"}, **{"Idempotency-Key": "k1"})
    assert again.json() == made.json()
    assert post(address, {"text": ""}).status_code == 422
    pk = made.json()["id"]
    edited = post(f"/api/v1/comments/{pk}/edit/", {"text": "Pela API!"})
    assert (edited.status_code, edited.json()["text"]) == (200, "Pela API!")
    listed = client.get(address).json()
    assert [each["text"] for each in listed["results"]] == ["Pela API!"]
    assert listed["watch"] == "watching"
    gone = post(f"/api/v1/comments/{pk}/delete/", {})
    assert (gone.status_code, gone.json()["text"]) == (200, "")
    level = post(f"/api/v1/records/hr.employee/{employee.pk}/watch/", {"level": "muted"})
    assert level.json() == {"level": "muted"}
    assert Comment.objects.count() == 1


def test_a_page_without_scripts_comments_and_a_refusal_keeps_the_words(
    company: Company, employee: Employee
) -> None:
    client = identity.browser(named(company, "Ana"), company)
    url = f"/records/hr.employee/{employee.pk}/comments/"
    answer = client.post(url, {"text": "Olá"}, follow=True)
    assert "Olá" in answer.content.decode()
    refused = client.post(url, {"text": "b" * 10_001})
    assert refused.status_code == 422
    assert "b" * 10_001 in refused.content.decode()
    piece = client.post(url, {"text": " "}, headers={"HX-Request": "true"})
    assert (piece.status_code, piece.headers["HX-Retarget"]) == (422, "#compose")
    assert "<html" not in piece.content.decode()


def test_the_timeline_shows_one_kind_of_entries(company: Company, employee: Employee) -> None:
    ana = named(company, "Ana")
    say(ana, company, employee, "Só isto")
    client = identity.browser(ana, company)
    address = f"/hr/employees/{employee.pk}/history/"
    everything = client.get(address).context["entries"]
    said = client.get(f"{address}?only=comments").context["entries"]
    assert len(everything) > len(said) == 1
    assert "Só isto" in said[0].html
    assert client.get(f"{address}?only=<b>").status_code == 200


def test_the_record_page_asks_for_the_conversation_by_itself(
    company: Company, employee: Employee, django_assert_num_queries: Any
) -> None:
    ana = named(company, "Ana")
    client = identity.browser(ana, company)
    address = f"/hr/employees/{employee.pk}/"
    from django.test.utils import CaptureQueriesContext

    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    for text in ("Um", "Dois", "Três"):
        say(ana, company, employee, text)
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(few)
    with CaptureQueriesContext(connection) as first:
        client.get(f"{address}history/")
    for text in ("4", "5", "6"):
        say(ana, company, employee, text)
    with CaptureQueriesContext(connection) as second:
        client.get(f"{address}history/")
    assert len(second) == len(first)
