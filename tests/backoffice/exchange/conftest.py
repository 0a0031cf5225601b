"""What tests of files and rows share."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from backoffice.jobs.models import Job
from backoffice.jobs.services import run_pending
from backoffice.organization.models import Company
from tests.backoffice.files.conftest import folder
from tests.factories import people

__all__ = ["folder"]


@pytest.fixture
def company() -> Company:
    return people.make_company()


@pytest.fixture(autouse=True)
def _own_folder(folder: Any) -> None:
    """Nothing is written beside the test's own files."""


def work(job: Job) -> Job:
    """Let a worker do the job."""
    run_pending(worker="test", clock=lambda: people.AT)
    job.refresh_from_db()
    return job


def saved(client: Client, job: Job) -> bytes:
    """The file of a job, as a browser gets it."""
    answer: Any = client.get(f"/jobs/{job.pk}/result/")
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def rows_of(workbook: bytes) -> list[list[Any]]:
    """The cells of the first sheet."""
    return CalamineWorkbook.from_filelike(BytesIO(workbook)).get_sheet_by_index(0).to_python()
