"""Named reads: which documents a person sees, and what lies behind a key."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Case, CharField, Model, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Cast

from backoffice.files.models import Attachment, AttachmentVersion, FileAccount, StoredFile
from backoffice.files.registry import OWNERS, OwnerKind
from backoffice.identity.rules import Access

VIEW = "backoffice.attachment.view"
MANAGE = "backoffice.attachment.manage"


def visible_attachments(
    access: Access, kinds: Iterable[OwnerKind] | None = None
) -> QuerySet[Attachment]:
    """The documents of records whose documents this person may see, with the owners' names.

    A document has no access of its own: it goes where its record goes, within the reach of the
    permission that the record's kind names. A removed one stays to be told of, without its bytes.

    Args:
        access: Who asks.
        kinds: Of which kinds of record; by default all of which the company keeps documents.
    """
    kinds = _present(access) if kinds is None else list(kinds)
    wanted = Q(owner_id__lt=0)  # none, in words that a query without kinds can still be made of
    for kind in kinds:
        rows = owners_in_reach(kind, access, kind.view)
        wanted |= Q(owner_type=kind.model, owner_id__in=rows.values("pk"))
    found = (
        with_owner_names(Attachment.objects.filter(wanted, company_id=access.company_id), kinds)
        .select_related("file", "changed_by")
        .annotate(
            state=Case(
                When(removed_at__isnull=False, then=Value("removed")),
                When(valid_until__lt=access.on, then=Value("expired")),
                default=Value("kept"),
                output_field=CharField(),
            ),
        )
    )
    return found if access.can(VIEW) else found.none()


def _present(access: Access) -> list[OwnerKind]:
    """The kinds of which the company keeps documents: one walk through an index."""
    if not access.company_id:
        return []
    there = Attachment.objects.filter(company_id=access.company_id)
    names = set(there.values_list("owner_type", flat=True).distinct())
    return [kind for kind in OWNERS.values() if kind.model in names]


def with_owner_names(
    rows: QuerySet[Attachment], kinds: Iterable[OwnerKind] | None = None
) -> QuerySet[Attachment]:
    """Documents with ``owner_name``: what the record that carries them is called."""
    names = []
    for kind in OWNERS.values() if kinds is None else kinds:
        model: type[Model] = apps.get_model(kind.model)
        name = model._meta.base_manager.filter(pk=OuterRef("owner_id")).values(kind.name_path)[:1]
        names.append(
            When(owner_type=kind.model, then=Cast(Subquery(name), CharField(max_length=200)))
        )
    return rows.annotate(owner_name=Case(*names, default=Value(""), output_field=CharField()))


def owners_in_reach(kind: OwnerKind, access: Access, permission: str) -> QuerySet[Any]:
    """Records of a kind for which this access holds both the permission and that for documents."""
    return kind.rows(access.narrowed(permission, VIEW), permission)


def attachments_of(owner_type: str, owner_id: int, access: Access) -> QuerySet[Attachment]:
    """The documents of one record, by category and title."""
    rows = visible_attachments(access, [OWNERS[owner_type]]).filter(
        owner_type=owner_type, owner_id=owner_id, removed_at__isnull=True
    )
    return rows.order_by("category", "title", "pk")


def documents_panel(kind: OwnerKind, pk: int, access: Access) -> dict[str, Any] | None:
    """What the page of a record shows of its documents; None for who may not see them."""
    if not (access.can(VIEW) and owners_in_reach(kind, access, kind.view).filter(pk=pk).exists()):
        return None
    words = kind.categories
    return {
        "documents": [
            (each, words.get(each.category, each.category))
            for each in attachments_of(kind.model, pk, access)
        ],
        "kind": kind,
        "pk": pk,
        "changes": access.can(MANAGE) and access.can(kind.change),
    }


def versions_of(attachment: Attachment) -> QuerySet[AttachmentVersion]:
    """All versions of a document, newest first."""
    return (
        AttachmentVersion.objects.filter(attachment=attachment)
        .select_related("file", "by")
        .order_by("-number")
    )


def visible_version(access: Access, key: UUID) -> AttachmentVersion | None:
    """The version of a document behind a key, if this person may see the document."""
    return (
        AttachmentVersion.objects.select_related("file", "attachment")
        .filter(
            file__key=key,
            file__removed_at__isnull=True,
            attachment__removed_at__isnull=True,
            attachment__in=visible_attachments(access),
        )
        .first()
    )


def account_of(company_id: int) -> FileAccount:
    """How much a company keeps and may keep."""
    found = FileAccount.objects.filter(company_id=company_id).first()
    return found or FileAccount(company_id=company_id, used_bytes=0)


def due_for_removal(at: object) -> QuerySet[StoredFile]:
    """Files whose bytes may go at that moment."""
    return StoredFile.objects.filter(discard_at__lte=at, removed_at__isnull=True).order_by("pk")
