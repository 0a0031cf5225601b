"""Everything about one person as a file, made by a worker."""

import tempfile
from collections import defaultdict
from enum import StrEnum
from io import BytesIO
from typing import IO, Any, cast

from django.utils import timezone, translation
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backoffice.audit.services import NewReading, record_reading
from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotAllowed, NotFound
from backoffice.identity.rules import Access, Scope
from backoffice.jobs.models import Job
from backoffice.jobs.registry import ChunkResult, ChunkWork
from backoffice.jobs.services import create_job, keep_result
from backoffice.parties.models import Party
from backoffice.privacy.selectors import Section, Told, head_of, known_person, sections_of
from backoffice.privacy.ways import Person
from backoffice.privacy.writing import pdf_of, write_json
from backoffice.resources import registry

REPORT = "backoffice.person_report.create"
OWN_REPORT = "backoffice.person_report.create_own"
IDS_IN_A_READING = 10_000


class ReportFormat(StrEnum):
    """As what the report is made."""

    PDF = "pdf"
    JSON = "json"

    @property
    def content_type(self) -> str:
        """What such a file is."""
        return f"application/{self.value}"


@command("backoffice.person_report.create")
def create_report(ctx: Context, *, person_id: int, format: str) -> Job:  # noqa: A002
    """Make a file with everything that the company keeps about a person, for answering them.

    Args:
        ctx: Who asks; the file is only for them.
        person_id: The party.
        format: ``pdf`` or ``json``.

    Raises:
        NotAllowed: ``whole_company``: the permission does not reach everybody.
        NotFound: The company keeps nothing about such a person.
        InvalidInput: ``unknown_format``.
    """
    return start_report(ctx, person_id=person_id, form=format)


@step
def start_report(ctx: Context, *, person_id: int, form: str) -> Job:
    """Start the job for who answers for the company; refuses as ``create_report``."""
    _whole_company(ctx)
    return _start(ctx, REPORT, person_id, form)


@command("backoffice.person_report.create_own")
def create_own_report(ctx: Context, *, format: str) -> Job:  # noqa: A002
    """Make a file with everything that the company keeps about the person who asks.

    What colleagues said about them among one another is not in it; who answers requests decides on that.

    Raises:
        NotAllowed: ``for_oneself``: they act for somebody else, or it is a program.
        NotFound: Nobody stands behind the account, or the company keeps nothing about them.
        InvalidInput: ``unknown_format``.
    """
    return _start(ctx, OWN_REPORT, _oneself(ctx), format)


def report_chunk(ctx: Context, work: ChunkWork) -> ChunkResult:
    """Write the file and keep it as the job's result; who is named in it can see that it was read."""
    own = bool(work.params["own"])
    if own:
        party_id = _oneself(ctx)
    else:
        _whole_company(ctx)
        party_id = int(work.params["person"])
    person = _known(ctx, party_id, own=own)
    form = ReportFormat(work.params["format"])
    readings = Readings()
    with tempfile.TemporaryFile() as file, translation.override("pt-br"):
        out = cast("IO[bytes]", file)
        count = _write(ctx, person, form, out, readings)
        readings.log(ctx, party_id)
        day = timezone.localdate(ctx.at)
        name = slugify(_("Personal data")) or "personal-data"
        keep_result(
            ctx,
            job_id=work.job_id,
            stream=out,
            name=f"{name}-{party_id}-{day:%Y-%m-%d}.{form.value}",
            content_type=form.content_type,
        )
    return ChunkResult(min(count, 1))


class Readings:
    """Which records went into a file, by the names of their objects."""

    def __init__(self) -> None:
        self._seen: dict[str, set[int]] = defaultdict(set)
        self._names = {
            resource.model._meta.label: resource.name
            for resource in registry.RESOURCES.values()
            if resource.person
        }

    def note(self, section: Section, row: Told) -> None:
        """Take note of a row that is about the person."""
        name = self._names.get(section.declared.model)
        if name and row.how == "about":
            self._seen[name].add(row.id)

    def log(self, ctx: Context, party_id: int) -> None:
        """Write down that they are read; it commits with the file itself."""
        self._seen["backoffice.party"].add(party_id)
        for kind, ids in sorted(self._seen.items()):
            found = sorted(ids)
            for start in range(0, len(found), IDS_IN_A_READING):
                record_reading(
                    NewReading(
                        at=ctx.at,
                        kind=kind,
                        ids=found[start : start + IDS_IN_A_READING],
                        company_id=ctx.company_id,
                        user_id=ctx.actor_id,
                        channel=ctx.channel.value,
                        token_id=ctx.token_id,
                        request_id=ctx.request_id,
                    )
                )


def _write(
    ctx: Context, person: Person, form: ReportFormat, out: IO[bytes], readings: Readings
) -> int:
    head: dict[str, Any] = head_of(person, ctx.at)
    sections = sections_of(person)
    if form is ReportFormat.JSON:
        return write_json(head, sections, out, readings.note)
    out.write(BytesIO(pdf_of(head, sections, readings.note)).getvalue())
    return 1


def _start(ctx: Context, kind: str, party_id: int, form: str) -> Job:
    if form not in set(ReportFormat):
        message = _("Choose one of: %(formats)s.") % {"formats": ", ".join(ReportFormat)}
        raise InvalidInput("unknown_format", message, fields={"format": message})
    _known(ctx, party_id, own=kind == OWN_REPORT)
    party = Party.objects.get(pk=party_id)
    ctx.record("backoffice.person_report.created", target=party, data={"format": form})
    return create_job(
        ctx,
        kind=kind,
        title=_("Everything about one person (%(format)s)") % {"format": form.upper()},
        params={"person": party_id, "format": form, "own": kind == OWN_REPORT},
        chunks=[{}],
        total=1,
        target=party,
    )


def _known(ctx: Context, party_id: int, *, own: bool) -> Person:
    person = known_person(ctx.company, party_id, own=own)
    if person is None:
        raise NotFound("not_found", _("The company keeps nothing about such a person."))
    return person


def _whole_company(ctx: Context) -> None:
    if not isinstance(ctx.actor, Access) or ctx.actor.scope(REPORT) is not Scope.COMPANY:
        message = _("Only who answers for the whole company collects everything about a person.")
        raise NotAllowed("whole_company", message)


def _oneself(ctx: Context) -> int:
    """The person behind the account, who asks in their own name."""
    access = ctx.actor
    if not isinstance(access, Access) or access.stand_in is not None:
        raise NotAllowed("for_oneself", _("Everybody asks for their own data in their own name."))
    if access.person_id is None:
        raise NotFound("not_found", _("This account belongs to nobody whose data are kept here"))
    return access.person_id
