"""Named reads: templates, letters, and what a letter would say."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from backoffice.identity.rules import Access, Scope
from backoffice.identity.selectors import in_scope, reached
from backoffice.letters.catalogue import (
    SUBJECTS,
    LetterField,
    Subject,
    all_permissions,
    common_values,
    fields_of,
    permissions_of,
)
from backoffice.letters.models import Letter, LetterTemplate, LetterTemplateVersion
from backoffice.letters.problems import Fault, faults_of, read
from backoffice.letters.rules import Parsed, Slot, has_value, merge, missing
from backoffice.letters.writing import write
from backoffice.links.objects import OBJECTS
from backoffice.organization.models import Company

TEMPLATES = "backoffice.letter_template.view"
VIEW = "backoffice.letter.view"
ISSUE = "backoffice.letter.issue"


def visible_templates(access: Access) -> QuerySet[LetterTemplate]:
    """Templates of the company, with where they stand."""
    rows = LetterTemplate.objects.filter(company_id=access.company_id).annotate(
        state=Case(
            When(retired_at__isnull=False, then=Value("retired")),
            When(active__isnull=True, then=Value("draft")),
            When(active__lt=F("latest"), then=Value("changed")),
            default=Value("active"),
            output_field=CharField(),
        )
    )
    return rows if access.scope(TEMPLATES) is Scope.COMPANY else rows.none()


def usable_templates(access: Access) -> QuerySet[LetterTemplate]:
    """Templates from which this person may issue letters."""
    rows = LetterTemplate.objects.filter(
        company_id=access.company_id, active__isnull=False, retired_at__isnull=True
    )
    return rows.order_by("name") if access.can(ISSUE) else rows.none()


def version_in_use(template: LetterTemplate) -> LetterTemplateVersion:
    """The version from which letters are issued."""
    return template.versions.get(number=template.active or 0)


def visible_letters(access: Access) -> QuerySet[Letter]:
    """Letters within reach, without those that tell what the person may not see of their subject."""
    rows = in_scope(Letter.objects.all(), access, VIEW, person="person_id")
    for permission in sorted(all_permissions()):
        seen = reached(access, permission, person="person_id")
        if seen is not True:
            tells = Q(permissions__contains=[permission])
            rows = rows.filter(~tells | seen) if isinstance(seen, Q) else rows.exclude(tells)
    return rows.select_related("version__template", "company", "issued_by", "voided_by", "file")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a letter would say, or why it cannot be said.

    Attributes:
        text: Markdown with all values; where a value lacks, its name stands in brackets.
        faults: Mistakes of the template.
        hidden: Fields that this person may not see of the record.
        empty: Fields that have no value.
        permissions: What the fields ask for.
    """

    parsed: Parsed
    text: str = ""
    faults: list[Fault] = field(default_factory=list)
    hidden: list[LetterField] = field(default_factory=list)
    empty: list[LetterField] = field(default_factory=list)
    permissions: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """Of which record a letter tells, on which day, and who signs for issuing it."""

    company: Company
    pk: int
    on: dt.date
    author: str


def draft_of(
    subject: Subject,
    body: str,
    about: About,
    access: Access | None,
    answers: Mapping[str, Any],
    *,
    sample: bool = False,
) -> Draft:
    """Merge a template with the values of a record that the person is known to reach.

    Fields that ask for a permission which the person does not hold for this record are not read:
    the draft says which, and holds no text. For the system everything is read. A sample is of no
    record: every field stands with its name.
    """
    parsed = read(subject, body)
    if parsed.problems:
        return Draft(parsed, faults=faults_of(subject, parsed))
    asked = permissions_of(subject, parsed.fields)
    lacking = {
        each for each in asked if access and not (sample or _holds(access, subject, each, about.pk))
    }
    fields = {each.key: each for each in fields_of(subject)}
    hidden = [
        each for key, each in fields.items() if key in parsed.fields and each.permission in lacking
    ]
    if hidden:
        return Draft(parsed, hidden=hidden)
    values = {
        **common_values(about.company, about.on, about.author),
        **({} if sample else subject.values(about.company.pk, about.pk, about.on)),
    }

    def shown(slot: Slot, value: object) -> str:
        if has_value(value):
            return write(slot, value)
        return f"[{slot.name if slot.asked else fields[slot.name].label}]"

    return Draft(
        parsed,
        text=merge(parsed.parts, values, answers, shown),
        empty=[] if sample else [fields[key] for key in missing(parsed.parts, values)],
        permissions=frozenset() if sample else frozenset(asked),
    )


def _holds(access: Access, subject: Subject, permission: str, pk: int) -> bool:
    kind = OBJECTS.answer.kind(subject.name)
    if kind is None or not access.can(permission):
        return False
    return OBJECTS.answer.rows(kind, access, permission).filter(pk=pk).exists()


def subject_title(access: Access, subject: Subject, pk: int) -> str | None:
    """What the record of a letter is called, if this person may issue letters about it."""
    kind = OBJECTS.answer.kind(subject.name)
    if kind is None or not access.can(ISSUE):
        return None
    record = OBJECTS.answer.rows(kind, access, ISSUE).filter(pk=pk).first()
    return None if record is None else OBJECTS.answer.title(kind, record)


def subject_of_model(model: str) -> Subject | None:
    """The kind of record behind the label of a model."""
    kind = OBJECTS.answer.kind(model)
    return SUBJECTS.get(kind.name) if kind else None


def preview_chooser(access: Access) -> bool:
    """Whether a preview can be asked for with somebody's values."""
    return access.can(ISSUE)


def letters_about(access: Access, model: str, pk: int) -> QuerySet[Letter]:
    """The letters about one record, newest first."""
    rows = visible_letters(access).filter(subject_type=model, subject_id=pk)
    return rows.order_by("-issued_at", "-pk")
