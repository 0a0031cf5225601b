"""All payslips of a run in one PDF: a job, and a file for who started it."""

import datetime as dt
from io import BytesIO
from typing import Any

import pypdf
import pytest
import time_machine
from django.core.files.storage import storages
from django.test import Client

from backoffice.audit.models import Event, ReadLog
from backoffice.errors import NotAllowed, NotFound, WrongState
from backoffice.files.models import StoredFile
from backoffice.files.sweeping import sweep_files
from backoffice.identity.models import RoleGrant, User
from backoffice.identity.rules import Scope
from backoffice.jobs.models import Job, JobResult
from backoffice.jobs.services import retry_failed, run_pending
from backoffice.organization.models import Company
from hr.payroll import services
from hr.payroll.models import PayrollRun
from tests.factories import identity, payroll, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    company = people.make_company()
    for _ in range(3):
        people.hire(company)
    return company


@pytest.fixture
def run(company: Company) -> PayrollRun:
    return payroll.computed_run(company)


@pytest.fixture
def analyst(company: Company) -> User:
    return identity.make_user(company, "hr_analyst")


def printed(company: Company, run: PayrollRun, user: User) -> Job:
    job = services.print_run(identity.acting_as(user, company), payroll_run_id=run.pk)
    run_pending(worker="test", clock=lambda: people.AT)
    job.refresh_from_db()
    return job


def saved(client: Client, job: Job) -> bytes:
    answer: Any = client.get(f"/jobs/{job.pk}/result/")
    assert answer.status_code == 200
    assert answer["Content-Disposition"] == "attachment; filename*=UTF-8''holerites-2026-10.pdf"
    assert "sandbox" in answer["Content-Security-Policy"]
    return b"".join(answer.streaming_content)


def test_a_run_is_printed_by_a_worker_and_its_starter_saves_the_file(
    company: Company, run: PayrollRun, analyst: User
) -> None:
    client = identity.browser(analyst, company)
    answer = client.post(f"/hr/payroll-runs/{run.pk}/do/print/")
    job = Job.objects.get(kind="hr.payroll.print")
    assert answer["Location"] == f"/jobs/{job.pk}/"
    assert (job.state, job.total) == ("pending", 3)
    assert client.get(f"/jobs/{job.pk}/result/").status_code == 404
    run_pending(worker="test", clock=lambda: people.AT)
    job.refresh_from_db()
    assert job.state == "done"
    page = client.get(f"/jobs/{job.pk}/").content.decode()
    assert f"/jobs/{job.pk}/result/" in page


def test_the_file_holds_every_payslip_in_order_and_says_what_it_is(
    company: Company, run: PayrollRun, analyst: User
) -> None:
    job = printed(company, run, analyst)
    with time_machine.travel(people.AT):
        document = pypdf.PdfReader(BytesIO(saved(identity.browser(analyst, company), job)))
    assert len(document.pages) == 3
    assert "SEM VALOR DE RECIBO" in document.pages[0].extract_text()
    names = [str(mark.title) for mark in document.outline]  # type: ignore[union-attr]
    assert len(names) == 3
    assert ReadLog.objects.filter(kind="backoffice.job_result", ids=[job.pk]).count() == 1
    assert Event.objects.filter(action="hr.payroll_run.printed").count() == 1


def test_nobody_else_gets_the_file_and_the_starter_not_without_the_right(
    company: Company, run: PayrollRun, analyst: User
) -> None:
    job = printed(company, run, analyst)
    JobResult.objects.update(expires_at=dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    address = f"/jobs/{job.pk}/result/"
    foreign = people.make_company()
    for user, where in (
        (identity.make_user(company, "hr_manager"), company),
        (identity.make_user(company, "administrator"), company),
        (identity.make_user(company, "owner"), company),
        (identity.make_user(foreign, "owner"), foreign),
    ):
        client = identity.browser(user, where)
        assert client.get(address).status_code == 404
        assert client.get(f"/api/v1{address}").status_code in {401, 403, 404}
        shown = client.get(f"/jobs/{job.pk}/")
        assert b'id="result"' not in shown.content
    assert identity.browser(analyst, company).get(address).status_code == 200
    RoleGrant.objects.filter(user=analyst).update(ended_at=people.AT)
    identity.grant(company, analyst, "finance")
    assert identity.browser(analyst, company).get(address).status_code == 404


def test_the_file_expires_and_its_bytes_go(
    company: Company, run: PayrollRun, analyst: User
) -> None:
    job = printed(company, run, analyst)
    file = JobResult.objects.get(job=job).file
    late = people.AT + dt.timedelta(days=7, seconds=1)
    with time_machine.travel(late):
        client = identity.browser(analyst, company)
        assert client.get(f"/jobs/{job.pk}/result/").status_code == 404
        assert b"download>" not in client.get(f"/jobs/{job.pk}/").content
    assert sweep_files(at=late)[0] == 1
    assert StoredFile.objects.get(pk=file.pk).removed_at == late
    name = f"{company.pk}/{file.key.hex[-2:]}/{file.key}"
    assert not storages["files"].exists(name)


def test_a_job_that_is_done_again_has_one_result(
    company: Company, run: PayrollRun, analyst: User
) -> None:
    job = printed(company, run, analyst)
    first = JobResult.objects.get(job=job)
    job.chunks.update(state="poisoned", code="x", message="x", done=0)
    Job.objects.filter(pk=job.pk).update(state="failed", stop_message="x")
    retry_failed(identity.acting_as(analyst, company), job_id=job.pk)
    run_pending(worker="test", clock=lambda: people.AT)
    second = JobResult.objects.get(job=job)
    assert second.pk == first.pk
    assert second.file_id != first.file_id
    assert StoredFile.objects.get(pk=first.file_id).discard_at == people.AT


def test_a_run_without_payslips_and_a_reader_of_few_print_nothing(company: Company) -> None:
    empty = payroll.open_run(company)
    with pytest.raises(WrongState) as refusal:
        services.print_run(people.system(company), payroll_run_id=empty.pk)
    assert refusal.value.code == "nothing_to_print"
    computed = payroll.computed_run(company, dt.date(2026, 9, 1))
    own = identity.make_user(company, "employee", scope=Scope.OWN)
    with pytest.raises(NotAllowed):
        services.print_run(identity.acting_as(own, company), payroll_run_id=computed.pk)
    with pytest.raises(NotFound):
        services.print_run(people.system(people.make_company()), payroll_run_id=computed.pk)
    assert not Job.objects.filter(kind="hr.payroll.print").exists()


def test_the_result_over_the_api(company: Company, run: PayrollRun) -> None:
    user = identity.make_user(company, "hr_analyst")
    scopes = [
        "hr.payslip.view",
        "hr.payroll_run.print",
        "hr.payroll_run.view",
        "backoffice.job.view",
    ]
    token = identity.make_token(user, company, scopes).secret.value
    client = Client(headers={"Authorization": f"Bearer {token}"})
    answer = client.post(
        f"/api/v1/hr/payroll-runs/{run.pk}/print/", content_type="application/json"
    )
    assert answer.status_code == 200
    job = Job.objects.get(kind="hr.payroll.print")
    run_pending(worker="test", clock=lambda: people.AT)
    JobResult.objects.update(expires_at=dt.datetime(2090, 1, 1, tzinfo=dt.UTC))
    shown = client.get(f"/api/v1/jobs/{job.pk}/").json()
    assert (shown["state"], shown["result"]["name"]) == ("done", "holerites-2026-10.pdf")
    sent: Any = client.get(f"/api/v1/jobs/{job.pk}/result/")
    content = b"".join(sent.streaming_content)
    assert (content[:5], len(content)) == (b"%PDF-", shown["result"]["size"])
