"""Documents of records: kept, versioned, limited, let go; and what the database refuses by itself."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from backoffice.audit.models import Event
from backoffice.commands import Context
from backoffice.errors import InvalidInput, NotAllowed, NotFound, WrongState
from backoffice.files import services, storage
from backoffice.files.models import Attachment, AttachmentVersion, FileAccount, StoredFile
from backoffice.files.selectors import account_of, visible_attachments
from backoffice.files.sweeping import sweep_files
from backoffice.identity.rules import Scope
from backoffice.organization.models import Company
from hr.people.models import Employee
from tests.factories import files, identity, people
from tests.harness.threads import race

AT_ONCE = "SET CONSTRAINTS ALL IMMEDIATE"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture
def employee(company: Company) -> Employee:
    return people.hire(company)


def content_of(file: StoredFile) -> bytes:
    with storage.read(file.company_id, file.key) as stream:
        return stream.read()


def test_a_document_is_kept_with_its_hash_and_its_bytes(
    company: Company, employee: Employee
) -> None:
    content = files.pdf(2)
    made = files.attach(
        company, employee.pk, file=files.checked(content, "RG frente.pdf"), note=" de 2019 "
    )
    assert (made.title, made.file_name, made.version, made.note) == (
        *("RG frente", "RG frente.pdf", 1),
        "de 2019",
    )
    assert made.file.sha256 == made.file.received_sha256 == hashlib.sha256(content).hexdigest()
    assert (made.file.size, made.file.pages) == (len(content), 2)
    assert content_of(made.file) == content
    assert account_of(company.pk).used_bytes == len(content)
    event = Event.objects.get(action="backoffice.attachment.added")
    assert event.data["sha256"] == made.file.sha256


def test_a_new_version_leaves_the_old_one_as_it_was(company: Company, employee: Employee) -> None:
    first, second = files.pdf(), files.picture("PNG")
    made = files.attach(company, employee.pk, file=files.checked(first))
    ctx = people.system(company)
    services.replace_attachment(
        ctx, attachment_id=made.pk, file=files.checked(second, "b.png"), note="legível"
    )
    made.refresh_from_db()
    assert (made.version, made.file_name, made.file.content_type) == (2, "b.png", "image/png")
    old, new = made.versions.order_by("number")
    assert (content_of(old.file), new.note) == (first, "legível")
    with pytest.raises(WrongState) as refusal:
        services.replace_attachment(ctx, attachment_id=made.pk, file=files.checked(second))
    assert refusal.value.code == "same_content"
    assert StoredFile.objects.filter(company=company).count() == 2


def test_what_is_said_can_be_corrected_and_the_file_stays(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    day = dt.date(2030, 1, 31)
    services.change_attachment(
        people.system(company),
        attachment_id=made.pk,
        title="CNH",
        category="other",
        valid_until=day,
    )
    made.refresh_from_db()
    assert (made.title, made.category, made.valid_until, made.version) == ("CNH", "other", day, 1)
    with pytest.raises(InvalidInput) as refusal:
        services.change_attachment(
            people.system(company), attachment_id=made.pk, title="CNH", category="poetry"
        )
    assert set(refusal.value.fields) == {"category"}


def test_a_removed_document_is_gone_and_its_bytes_follow_after_a_month(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    ctx = people.system(company)
    with pytest.raises(InvalidInput) as refusal:
        services.remove_attachment(ctx, attachment_id=made.pk, why="  ")
    assert refusal.value.code == "reason_needed"
    services.remove_attachment(ctx, attachment_id=made.pk, why="Trocado")
    with pytest.raises(NotFound):
        services.remove_attachment(ctx, attachment_id=made.pk, why="Trocado")
    early, late = (ctx.at + dt.timedelta(days=days) for days in (29, 31))
    assert sweep_files(at=early) == (0, 0)
    assert content_of(made.file)
    assert sweep_files(at=late)[0] == 1
    assert sweep_files(at=late)[0] == 0
    with pytest.raises(FileNotFoundError):
        content_of(made.file)
    file = StoredFile.objects.get(pk=made.file_id)
    assert file.removed_at == late
    assert file.sha256 == made.file.sha256
    assert account_of(company.pk).used_bytes == 0


def test_bytes_of_a_transaction_that_was_rolled_back_are_swept_the_next_day(
    company: Company, employee: Employee, folder: Path
) -> None:
    class Later(Exception):
        pass

    def write() -> None:
        with transaction.atomic():
            services.keep(people.system(company), files.checked())
            raise Later

    with pytest.raises(Later):
        write()
    assert not StoredFile.objects.exists()
    assert len([each for each in folder.rglob("*") if each.is_file()]) == 1
    now = timezone.now()
    assert sweep_files(at=now) == (0, 0)
    assert sweep_files(at=now + dt.timedelta(days=2)) == (0, 1)
    assert [each for each in folder.rglob("*") if each.is_file()] == []


def test_a_company_has_only_so_much_room(company: Company, employee: Employee) -> None:
    files.attach(company, employee.pk)
    FileAccount.objects.filter(company=company).update(
        limit_bytes=account_of(company.pk).used_bytes
    )
    with pytest.raises(InvalidInput) as refusal:
        files.attach(company, employee.pk)
    assert (refusal.value.code, set(refusal.value.fields)) == ("file_quota", {"file"})
    other = people.make_company()
    files.attach(other, people.hire(other).pk)
    assert Attachment.objects.filter(company=company).count() == 1


def test_a_record_carries_only_so_many_documents(
    company: Company, employee: Employee, settings: object
) -> None:
    settings.FILES_MOST_PER_RECORD = 1  # type: ignore[attr-defined]
    files.attach(company, employee.pk)
    with pytest.raises(InvalidInput) as refusal:
        files.attach(company, employee.pk)
    assert refusal.value.code == "too_many_documents"
    files.attach(company, people.hire(company).pk)


def test_who_may_not_change_the_record_changes_none_of_its_documents(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    calls: tuple[Callable[[Context], object], ...] = (
        lambda ctx: services.add_attachment(
            ctx, owner="hr.employee", owner_id=employee.pk, file=files.checked(), category="other"
        ),
        lambda ctx: services.remove_attachment(ctx, attachment_id=made.pk, why="x"),
        lambda ctx: services.replace_attachment(ctx, attachment_id=made.pk, file=files.checked()),
    )
    for code in ("employee", "manager", "finance", "auditor", "it_agent"):
        ctx = identity.acting_as(identity.make_user(company, code), company)
        for call in calls:
            with pytest.raises(NotAllowed):
                call(ctx)
    stranger = identity.make_user(people.make_company(), "hr_manager")
    foreign = identity.make_user(company, "hr_analyst", scope=Scope.OWN)
    for user in (foreign,):
        for call in calls:
            with pytest.raises(NotFound):
                call(identity.acting_as(user, company))
    with pytest.raises((NotFound, NotAllowed)):
        calls[0](identity.acting_as(stranger, company))
    assert AttachmentVersion.objects.count() == 1


def test_another_companys_record_and_a_record_without_documents_are_unknown(
    company: Company, employee: Employee
) -> None:
    foreign = people.hire(people.make_company())
    for owner, pk in (("hr.employee", foreign.pk), ("hr.payrollrun", 1), ("auth.user", 1)):
        with pytest.raises(NotFound):
            services.add_attachment(
                people.system(company),
                owner=owner,
                owner_id=pk,
                file=files.checked(),
                category="other",
            )
    assert not StoredFile.objects.exists()


def test_a_document_is_seen_where_its_person_is_seen(company: Company, employee: Employee) -> None:
    files.attach(company, employee.pk)
    other = people.hire(company)
    mine = files.attach(company, other.pk)
    user = identity.make_user(company, "employee", scope=Scope.OWN, person=other.party)
    seen = visible_attachments(identity.access(user, company))
    assert [(each.pk, vars(each)["owner_name"]) for each in seen] == [(mine.pk, other.party.name)]
    for code, count in (("hr_analyst", 2), ("auditor", 2), ("manager", 0), ("finance", 0)):
        access = identity.access(identity.make_user(company, code), company)
        assert visible_attachments(access).count() == count, code


def test_the_database_keeps_files_and_versions_as_they_are(
    company: Company, employee: Employee
) -> None:
    made = files.attach(company, employee.pk)
    foreign = files.attach(other := people.make_company(), people.hire(other).pk)
    for change, why in (
        ("UPDATE backoffice_stored_file SET sha256 = repeat('0', 64)", "permission denied"),
        ("DELETE FROM backoffice_stored_file", "permission denied"),
        ("UPDATE backoffice_attachment_version SET number = 2", "permission denied"),
        ("DELETE FROM backoffice_attachment_version", "permission denied"),
        ("DELETE FROM backoffice_attachment", "permission denied"),
        ("UPDATE backoffice_file_account SET used_bytes = 0", "permission denied"),
        ("INSERT INTO backoffice_file_account VALUES (99, 0, 1, 1)", "permission denied"),
        (
            f"UPDATE backoffice_attachment SET file_id = {foreign.file_id} WHERE id = {made.pk}",
            "same_company",
        ),
        (
            f"UPDATE backoffice_attachment SET version = 9 WHERE id = {made.pk}; {AT_ONCE}",
            "attachment_present_version",
        ),
        ("UPDATE backoffice_stored_file SET removed_at = now()", "removed_when_discarded"),
    ):
        with (
            pytest.raises(Exception, match=why),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(change)


def test_what_was_removed_never_comes_back(company: Company, employee: Employee) -> None:
    made = files.attach(company, employee.pk)
    rows = StoredFile.objects.filter(pk=made.file_id)
    rows.update(discard_at=people.AT, removed_at=people.AT)
    with pytest.raises(IntegrityError, match="kept as it is"), transaction.atomic():
        rows.update(removed_at=None)


def test_a_request_that_comes_twice_keeps_one_document(
    company: Company, employee: Employee
) -> None:
    user = identity.make_user(company, "hr_analyst")
    ctx = replace(identity.acting_as(user, company), key="k1")
    file = files.checked()
    given: dict[str, Any] = {
        "owner": "hr.employee",
        "owner_id": employee.pk,
        "category": "other",
    }
    first = services.add_attachment(ctx, file=file, **given)
    assert services.add_attachment(ctx, file=file, **given).pk == first.pk
    assert StoredFile.objects.count() == 1


@pytest.mark.clone
def test_sixteen_files_at_once_never_pass_the_limit() -> None:
    company = people.make_company()
    employee = people.hire(company)
    file = files.checked()
    files.attach(company, employee.pk, file=file)
    size = len(file.content)
    FileAccount.objects.filter(company=company).update(limit_bytes=size * 5)
    results = race([lambda: files.attach(company, employee.pk, file=file) for _ in range(16)])
    refused = [each for each in results if isinstance(each, InvalidInput)]
    assert {each.code for each in refused} == {"file_quota"}
    assert len(refused) == 12
    assert account_of(company.pk).used_bytes == size * 5


@pytest.mark.clone
def test_sixteen_new_versions_at_once_are_numbered_one_by_one() -> None:
    company = people.make_company()
    made = files.attach(company, people.hire(company).pk)
    given = [files.checked() for _ in range(16)]
    race(
        [
            partial(
                services.replace_attachment,
                people.system(company),
                attachment_id=made.pk,
                file=file,
            )
            for file in given
        ]
    )
    numbers = made.versions.order_by("number").values_list("number", flat=True)
    assert list(numbers) == list(range(1, 18))
    made.refresh_from_db()
    assert made.version == 17
