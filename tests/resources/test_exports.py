"""Every list can be saved, and the file holds exactly the rows of the list."""

from io import BytesIO
from typing import Any

from python_calamine import CalamineWorkbook

from backoffice.exchange import asking
from backoffice.exchange.services import export_list
from backoffice.files import storage
from backoffice.jobs.models import JobResult
from backoffice.jobs.services import run_pending
from backoffice.resources import listing
from tests.backoffice.files.conftest import folder
from tests.factories import identity, people
from tests.resources.scene import Scene

__all__ = ["folder"]


def test_the_export_opens_again_and_holds_the_rows_of_the_list_in_its_order(
    scene: Scene, folder: Any
) -> None:
    for _ in range(3):
        scene.record()
    user = identity.make_user(scene.company, "owner")
    ctx = identity.acting_as(user, scene.company)
    asked = asking.ask(scene.resource, asking.question(""), ctx.actor)  # type: ignore[arg-type]
    job = export_list(ctx, resource=scene.resource.name, query="", format="xlsx")
    run_pending(worker="test", clock=lambda: people.AT)
    result = JobResult.objects.select_related("file").get(job=job)
    with storage.read(scene.company.pk, result.file.key) as stream:
        book = CalamineWorkbook.from_filelike(BytesIO(stream.read()))
    listed = asked.page(["pk"], 200)
    head, *rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    assert head == [str(column.label) for column in asked.columns]
    later = len(listed.rows) - len(rows)  # the job wrote into the log of events as well
    assert later == 0 or scene.resource.name == "backoffice.event"
    link = next(n for n, column in enumerate(asked.columns) if column.kind == "link")
    chosen, (path,) = listing.annotated(scene.resource.queryset(ctx.actor), [asked.columns[link]])  # type: ignore[arg-type]
    names = dict(chosen.values_list("pk", path))
    labels = listing.labels_of(scene.resource.model, asked.columns[link])
    shown = [str(labels.get(names[pk], names[pk])) for (pk,) in listed.rows[later:]]
    assert [str(row[link]) for row in rows] == shown
