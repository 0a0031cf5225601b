"""Keep files, attach them to records, let them go."""

import datetime as dt
import hashlib
from io import BytesIO
from typing import IO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command, step
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.files import storage
from backoffice.files.inspection import CheckedFile
from backoffice.files.models import Attachment, AttachmentVersion, StoredFile
from backoffice.files.registry import OWNERS, OwnerKind
from backoffice.files.selectors import MANAGE, owners_in_reach
from backoffice.identity.rules import Access

READ_AT_ONCE = 1 << 20


@step
def keep(ctx: Context, file: CheckedFile) -> StoredFile:
    """Keep a file that was looked into.

    Raises:
        InvalidInput: ``file_quota``: the company has no room left.
    """
    return _keep(
        ctx,
        BytesIO(file.content),
        content_type=file.content_type,
        pages=file.pages,
        received=file.received_sha256,
    )


@step
def keep_own(ctx: Context, stream: IO[bytes], *, content_type: str, pages: int = 0) -> StoredFile:
    """Keep a file that the product made itself; it is read from its beginning, piece by piece.

    Raises:
        InvalidInput: ``file_quota``: the company has no room left.
    """
    return _keep(ctx, stream, content_type=content_type, pages=pages, received="")


def _keep(
    ctx: Context, stream: IO[bytes], *, content_type: str, pages: int, received: str
) -> StoredFile:
    """The row first, for its key; then the bytes; the row counts when the transaction commits.

    Bytes without a row, after a transaction that was rolled back, are swept up the next day.
    """
    stream.seek(0)
    digest, size = hashlib.sha256(), 0
    while part := stream.read(READ_AT_ONCE):
        digest.update(part)
        size += len(part)
    stream.seek(0)
    try:
        with transaction.atomic():
            row = StoredFile.objects.create(
                company_id=ctx.company,
                content_type=content_type,
                size=size,
                pages=pages,
                sha256=digest.hexdigest(),
                received_sha256=received or digest.hexdigest(),
                created_at=ctx.at,
                created_by_id=ctx.actor_id,
            )
    except IntegrityError as error:
        if "file_account_within_limit" not in str(error):
            raise
        message = _("There is no room left for files. Remove some, or ask for more room.")
        raise InvalidInput("file_quota", message, fields={"file": message}) from error
    storage.write(ctx.company, row.key, stream)
    return row


@step
def discard(ctx: Context, file: StoredFile, *, at: dt.datetime | None = None) -> None:
    """Let a file go at a moment, by default now: its bytes are swept up, its hash stays known."""
    rows = StoredFile.objects.filter(company_id=ctx.company, pk=file.pk, removed_at__isnull=True)
    rows.update(discard_at=at or ctx.at)


@command("backoffice.attachment.add", permission=MANAGE)
def add_attachment(
    ctx: Context,
    *,
    owner: str,
    owner_id: int,
    file: CheckedFile,
    category: str,
    title: str = "",
    valid_until: dt.date | None = None,
    note: str = "",
) -> Attachment:
    """Attach a document to a record.

    Args:
        ctx: Who does it.
        owner: Label of the record's model, such as ``hr.employee``.
        owner_id: Its key.
        file: As ``inspect`` gave it.
        category: One of those of the record's kind.
        title: By default the name of the file.
        valid_until: Last day of what the document proves.
        note: What else there is to say.

    Raises:
        NotAllowed: The permission of the record's kind is missing.
        NotFound: There is no such record within reach.
        InvalidInput: ``unknown_category``, ``too_many_documents``, ``file_quota``.
    """
    kind = _kind(ctx, owner, owner_id)
    _check_category(kind, category)
    there = Attachment.objects.filter(
        company_id=ctx.company, owner_type=owner, owner_id=owner_id, removed_at__isnull=True
    )
    if there.count() >= settings.FILES_MOST_PER_RECORD:
        message = _("A record carries at most %(most)s documents.")
        text = message % {"most": settings.FILES_MOST_PER_RECORD}
        raise InvalidInput("too_many_documents", text, fields={"file": text})
    attachment = Attachment.objects.create(
        company_id=ctx.company,
        owner_type=owner,
        owner_id=owner_id,
        title=title.strip() or file.name.rpartition(".")[0],
        category=category,
        note=note.strip(),
        valid_until=valid_until,
        file=keep(ctx, file),
        file_name=file.name,
        created_at=ctx.at,
        changed_at=ctx.at,
        changed_by_id=ctx.actor_id,
    )
    _add_version(ctx, attachment, note)
    ctx.record("backoffice.attachment.added", target=attachment, data=_facts(attachment))
    return attachment


@command("backoffice.attachment.replace", permission=MANAGE)
def replace_attachment(
    ctx: Context, *, attachment_id: int, file: CheckedFile, note: str = ""
) -> Attachment:
    """Bring a new version of a document; the earlier ones stay.

    Raises:
        NotFound: There is no such document within reach.
        WrongState: ``same_content``: it is what the document already holds.
        InvalidInput: ``file_quota``.
    """
    attachment = _locked(ctx, attachment_id)
    if attachment.file.received_sha256 == file.received_sha256:
        raise WrongState("same_content", _("This is the file that the document already holds."))
    attachment.file = keep(ctx, file)
    attachment.file_name = file.name
    attachment.version += 1
    _save(ctx, attachment)
    _add_version(ctx, attachment, note)
    ctx.record("backoffice.attachment.replaced", target=attachment, data=_facts(attachment))
    return attachment


@command("backoffice.attachment.change", permission=MANAGE)
def change_attachment(
    ctx: Context,
    *,
    attachment_id: int,
    title: str,
    category: str,
    valid_until: dt.date | None = None,
    note: str = "",
) -> Attachment:
    """Correct what is said about a document; the file stays as it is.

    Raises:
        NotFound: There is no such document within reach.
        InvalidInput: ``unknown_category``.
    """
    attachment = _locked(ctx, attachment_id)
    _check_category(OWNERS[attachment.owner_type], category)
    attachment.title, attachment.category = title.strip(), category
    attachment.valid_until, attachment.note = valid_until, note.strip()
    _save(ctx, attachment)
    ctx.record("backoffice.attachment.changed", target=attachment, data=_facts(attachment))
    return attachment


@command("backoffice.attachment.remove", permission=MANAGE)
def remove_attachment(ctx: Context, *, attachment_id: int, why: str) -> Attachment:
    """Take a document off its record; its bytes are kept for a month, its hashes for ever.

    Raises:
        NotFound: There is no such document within reach.
        InvalidInput: ``reason_needed``.
    """
    attachment = _locked(ctx, attachment_id)
    if not why.strip():
        message = _("Say why.")
        raise InvalidInput("reason_needed", message, fields={"why": message})
    attachment.removed_at = ctx.at
    _save(ctx, attachment)
    end = ctx.at + dt.timedelta(days=settings.FILES_REMOVED_DAYS)
    for version in attachment.versions.select_related("file"):
        discard(ctx, version.file, at=end)
    ctx.record(
        "backoffice.attachment.removed",
        target=attachment,
        data={**_facts(attachment), "why": why.strip()},
    )
    return attachment


def _kind(ctx: Context, owner: str, owner_id: int) -> OwnerKind:
    """The kind of the record, if this person may change the documents of exactly this one."""
    kind = OWNERS.get(owner)
    if kind is None:
        raise NotFound("not_found", _("There is no such record."))
    ctx.require(kind.change)
    if isinstance(ctx.actor, Access):
        rows = owners_in_reach(kind, ctx.actor, kind.change)
    else:
        rows = kind.all_rows(ctx.company)
    if not rows.filter(pk=owner_id).exists():
        raise NotFound("not_found", _("There is no such record."))
    return kind


def _locked(ctx: Context, pk: int) -> Attachment:
    """The document, held by this transaction; its file is read afterwards.

    A join here would lose the row when another transaction has just put another file in its place.
    """
    attachment = (
        Attachment.objects.select_for_update(no_key=True)
        .filter(company_id=ctx.company, pk=pk, removed_at__isnull=True)
        .first()
    )
    if attachment is None:
        raise NotFound("not_found", _("There is no such record."))
    _kind(ctx, attachment.owner_type, attachment.owner_id)
    return attachment


def _check_category(kind: OwnerKind, category: str) -> None:
    if category not in kind.categories:
        message = _("There is no such category.")
        raise InvalidInput("unknown_category", message, fields={"category": message})


def _save(ctx: Context, attachment: Attachment) -> None:
    attachment.changed_at, attachment.changed_by_id = ctx.at, ctx.actor_id
    attachment.save()


def _add_version(ctx: Context, attachment: Attachment, note: str) -> None:
    AttachmentVersion.objects.create(
        company_id=ctx.company,
        attachment=attachment,
        number=attachment.version,
        file=attachment.file,
        file_name=attachment.file_name,
        note=note.strip(),
        at=ctx.at,
        by_id=ctx.actor_id,
    )


def _facts(attachment: Attachment) -> dict[str, object]:
    """What the log of events keeps of a document."""
    return {
        "owner": attachment.owner_type,
        "owner_id": attachment.owner_id,
        "category": attachment.category,
        "version": attachment.version,
        "sha256": attachment.file.sha256,
    }
