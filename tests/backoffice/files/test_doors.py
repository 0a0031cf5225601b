"""Documents over pages and API: how bytes are sent, and who gets none."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from backoffice.audit.models import ReadLog
from backoffice.files import storage
from backoffice.files.models import Attachment, StoredFile
from backoffice.identity.models import User
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.factories import files, identity, people

pytestmark = pytest.mark.django_db
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def employee(company: Company) -> Employee:
    return people.hire(company)


def visitor(company: Company, code: str, **over: object) -> Client:
    user = identity.make_user(company, code, **over)  # type: ignore[arg-type]
    User.objects.filter(pk=user.pk).update(language="en")
    return identity.browser(user, company)


@pytest.fixture
def analyst(company: Company) -> Client:
    return visitor(company, "hr_analyst")


def upload(name: str, content: bytes, kind: str = "application/pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, kind)


def add(client: Client, employee: Employee, file: SimpleUploadedFile, **over: object) -> object:
    data = {"file": file, "category": "identity", **over}
    return client.post(f"/files/to/hr.employee/{employee.pk}/", data)


def body(answer: object) -> bytes:
    return b"".join(answer.streaming_content)  # type: ignore[attr-defined]


def test_a_document_comes_in_through_the_form_and_stands_on_the_record(
    analyst: Client, employee: Employee
) -> None:
    answer = add(analyst, employee, upload("RG.pdf", files.pdf(2)), valid_until="31/01/2020")
    made = Attachment.objects.get()
    assert (answer.status_code, answer["Location"]) == (  # type: ignore[attr-defined,index]
        302,
        f"/backoffice/attachments/{made.pk}/",
    )
    page = analyst.get(f"/hr/employees/{employee.pk}/").content.decode()
    assert "RG</a>" in page
    assert "Identity document" in page
    assert "Expired" in page
    assert f"/files/{made.file.key}/1/240/" in page
    record = analyst.get(f"/backoffice/attachments/{made.pk}/").content.decode()
    assert made.file.sha256 in record
    assert f"/files/{made.file.key}/2/1200/" in record
    assert employee.party.name in record


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("atestado.svg", SVG, "image/svg+xml"),
        ("atestado.pdf", SVG, "application/pdf"),
        ("atestado.pdf", b"<html><script>alert(1)</script>", "application/pdf"),
        ("atestado.png", files.huge_png(50_000, 50_000), "image/png"),
    ],
)
def test_a_script_in_disguise_is_refused_beside_the_field_and_nothing_is_kept(
    analyst: Client, employee: Employee, name: str, content: bytes, kind: str
) -> None:
    answer = add(analyst, employee, upload(name, content, kind))
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert 'id="id_file_error"' in answer.content.decode()  # type: ignore[attr-defined]
    assert not StoredFile.objects.exists()


def test_a_request_that_announces_too_much_is_ended_before_it_is_read(
    analyst: Client, employee: Employee, settings: object
) -> None:
    settings.FILES_REQUEST_BYTES = 1000  # type: ignore[attr-defined]
    assert add(analyst, employee, upload("a.pdf", files.pdf() * 3)).status_code == 400  # type: ignore[attr-defined]
    assert not StoredFile.objects.exists()


def test_bytes_are_sent_to_be_saved_in_a_sandbox_of_their_own_type(
    company: Company, analyst: Client, employee: Employee
) -> None:
    content = files.pdf()
    made = files.attach(company, employee.pk, file=files.checked(content, 'ação";x.pdf'))
    answer = analyst.get(f"/files/{made.file.key}/")
    assert body(answer) == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''a%C3%A7%C3%A3o%3Bx.pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert ReadLog.objects.filter(kind="backoffice.attachment", ids=[made.pk]).count() == 1


@pytest.mark.parametrize("content", [files.pdf(2), files.picture("PNG", (900, 600))])
def test_a_preview_is_a_picture_whatever_the_document_is(
    company: Company, analyst: Client, employee: Employee, content: bytes
) -> None:
    made = files.attach(company, employee.pk, file=files.checked(content))
    answer = analyst.get(f"/files/{made.file.key}/1/240/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer.content.startswith(b"\xff\xd8\xff")
    assert "sandbox" in answer["Content-Security-Policy"]
    for page, width in ((3, 240), (0, 240), (1, 999), (1, 50_000)):
        assert analyst.get(f"/files/{made.file.key}/{page}/{width}/").status_code == 404


def test_an_office_document_has_no_preview(
    company: Company, analyst: Client, employee: Employee
) -> None:
    made = files.attach(company, employee.pk, file=files.checked(files.word(), "c.docx"))
    assert analyst.get(f"/files/{made.file.key}/1/240/").status_code == 404
    page = analyst.get(f"/backoffice/attachments/{made.pk}/").content.decode()
    assert "This kind of file is not shown here." in page


def test_the_key_of_a_file_opens_nothing_for_who_does_not_see_the_record(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    other = people.hire(company)
    foreign = people.make_company()
    strangers = [
        visitor(company, "employee", scope=Scope.OWN, person=other.party),
        visitor(company, "manager"),
        visitor(company, "finance"),
        visitor(company, "it_agent"),
        visitor(foreign, "hr_manager"),
        visitor(foreign, "owner"),
    ]
    for client in strangers:
        for tail in ("", "1/240/"):
            assert client.get(f"/files/{made.file.key}/{tail}").status_code == 404
        assert client.get(f"/backoffice/attachments/{made.pk}/").status_code in {403, 404}
        for address in (f"/files/{made.pk}/version/", f"/files/to/hr.employee/{employee.pk}/"):
            assert client.post(address, {}).status_code in {403, 404}
    assert Client().get(f"/files/{made.file.key}/").status_code == 302
    assert not ReadLog.objects.filter(kind="backoffice.attachment").exists()


def test_a_person_reads_their_own_documents_and_changes_none(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    me = visitor(company, "employee", scope=Scope.OWN, person=employee.party)
    assert me.get(f"/files/{made.file.key}/").status_code == 200
    page = me.get(f"/hr/employees/{employee.pk}/").content.decode()
    assert str(made.file.key) in page
    assert "/files/to/" not in page
    assert me.get(f"/files/to/hr.employee/{employee.pk}/").status_code == 404
    assert me.get(f"/files/{made.pk}/version/").status_code == 404


def test_a_removed_document_and_lost_bytes_answer_404(
    company: Company, analyst: Client, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    address = f"/files/{made.file.key}/"
    storage.remove(company.pk, made.file.key)
    assert analyst.get(address).status_code == 404
    assert analyst.get(f"{address}1/240/").status_code == 404
    again = files.attach(company, employee.pk)
    answer = analyst.post(f"/backoffice/attachments/{again.pk}/do/remove/", {"why": "Errado"})
    assert (answer.status_code, answer["Location"]) == (302, f"/hr/employees/{employee.pk}/")
    assert analyst.get(f"/files/{again.file.key}/").status_code == 404


def test_a_new_version_over_the_page_and_the_old_one_can_still_be_saved(
    company: Company, analyst: Client, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    old = made.file.key
    given = {"file": upload("b.pdf", files.pdf()), "note": "assinado"}
    assert analyst.post(f"/files/{made.pk}/version/", given).status_code == 302
    made.refresh_from_db()
    assert (made.version, made.file.key == old) == (2, False)
    assert analyst.get(f"/files/{old}/").status_code == 200


def test_the_list_finds_a_document_by_the_hash_of_any_version_and_by_its_person(
    company: Company, analyst: Client, employee: Employee
) -> None:
    made = files.attach(company, employee.pk, title="Documento certo")
    files.attach(company, employee.pk, title="Outro")
    page = analyst.get(f"/backoffice/attachments/?sha256={made.file.received_sha256}")
    text = page.content.decode()
    assert "Documento certo" in text
    assert "Outro" not in text
    assert employee.party.name in text


def test_documents_come_and_go_over_the_api(company: Company, employee: Employee) -> None:
    user = identity.make_user(company, "hr_analyst")
    scopes = ["backoffice.attachment.view", "backoffice.attachment.manage"]
    scopes += ["hr.employee.view", "hr.employee.view_documents", "hr.employee.update"]
    token = identity.make_token(user, company, scopes).secret.value
    client = Client(headers={"Authorization": f"Bearer {token}"})
    content = files.pdf()
    given = {"owner": "hr.employee", "owner_id": employee.pk, "category": "identity"}
    answer = client.post("/api/v1/files/", {**given, "file": upload("a.pdf", content)})
    assert answer.status_code == 201
    row = answer.json()
    assert (row["title"], row["size"], row["owner_name"]) == (
        *("a", len(content)),
        employee.party.name,
    )
    assert body(client.get(f"/api/v1/files/{row['file_key']}/")) == content
    bad = client.post("/api/v1/files/", {**given, "file": upload("a.pdf", SVG)})
    assert (bad.status_code, bad["Content-Type"]) == (422, "application/problem+json")
    assert "file" in str(bad.json())
    version = client.post(
        f"/api/v1/files/{row['id']}/version/", {"file": upload("b.png", files.picture("PNG"))}
    )
    assert (version.status_code, version.json()["version"]) == (200, 2)
    foreign = people.hire(people.make_company())
    for owner, pk, status in (
        ("hr.employee", foreign.pk, 404),
        ("backoffice.mail", 1, 422),
        ("hr.employee", "x", 422),
    ):
        wrong = {"owner": owner, "owner_id": pk, "category": "identity"}
        answer = client.post("/api/v1/files/", {**wrong, "file": upload("a.pdf", content)})
        assert answer.status_code == status
    assert client.get(f"/api/v1/files/{uuid.uuid4()}/").status_code == 404
    assert Attachment.objects.count() == 1
