"""Issue a letter, issue it again, declare one void."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.identity.models import User
from backoffice.identity.rules import Access
from backoffice.jobs.services import create_job
from backoffice.letters.catalogue import SUBJECTS, Subject
from backoffice.letters.models import Letter, LetterState, LetterTemplate, LetterTemplateVersion
from backoffice.letters.problems import refuse_faults
from backoffice.letters.rules import Parsed
from backoffice.letters.selectors import (
    About,
    Draft,
    draft_of,
    subject_title,
    version_in_use,
    visible_letters,
)
from backoffice.letters.writing import read_answer
from backoffice.links.kinds import REPLACES, LinkKind
from backoffice.links.kinds import register as register_link
from backoffice.links.objects import OBJECTS
from backoffice.links.services import link_records
from backoffice.numbering.registry import Series
from backoffice.numbering.registry import register as register_series
from backoffice.numbering.services import number_at_the_end
from backoffice.organization.models import Company

VOID = "backoffice.letter.void"
PRINT = "backoffice.letter.print"
LONGEST_ANSWER = 3000

LETTERS = register_series(
    Series(name="backoffice.letter", label=gettext_lazy("Letter"), pattern="CT-{year}/{number:4}")
)
ABOUT = LinkKind(
    name="backoffice.letter_about",
    forward=gettext_lazy("Is about"),
    backward=gettext_lazy("Letters"),
    sources=frozenset({"backoffice.letter"}),
    own_panel=True,
)
register_link(ABOUT)


@command("backoffice.letter.issue")
def issue_letter(
    ctx: Context,
    *,
    template_id: int,
    subject_id: int,
    answers: Mapping[str, str] | None = None,
    issued_on: dt.date | None = None,
) -> Letter:
    """Issue a letter about a record from the version of a template that is in use.

    It gets its number as the last act; a worker prints it.

    Args:
        ctx: Who issues it.
        template_id: The template.
        subject_id: Key of the record that it is about.
        answers: Question -> answer: texts, dates as ISO 8601, amounts with a point.
        issued_on: Date of the letter, by default today; also the day whose values count.

    Raises:
        NotFound: There is no such template in use, or no such record within reach.
        InvalidInput: ``answer_needed``, ``bad_answer``, ``fields_hidden``, ``fields_empty``,
            ``date_in_future``, ``template_faults``.
    """
    rows = LetterTemplate.objects.filter(company_id=ctx.company, retired_at__isnull=True)
    template = rows.filter(pk=template_id, active__isnull=False).first()
    if template is None:
        raise _no_record()
    letter = _issue(ctx, template, subject_id, answers or {}, issued_on)
    ctx.record("backoffice.letter.issued", target=letter, data=_facts(letter))
    return letter


@command("backoffice.letter.reissue", permission=VOID)
def reissue_letter(
    ctx: Context, *, letter_id: int, why: str, answers: Mapping[str, str] | None = None
) -> Letter:
    """Issue a letter again, with the text and values of today; the earlier one becomes void.

    Answers that are not given are those of the earlier letter.

    Raises:
        NotFound: There is no such letter within reach.
        WrongState: ``letter_void``, ``no_version_in_use``.
        InvalidInput: ``reason_needed``, and all refusals of issuing a letter.
    """
    old = _locked(ctx, letter_id)
    template = old.version.template
    if template.active is None or template.retired_at is not None:
        raise WrongState("no_version_in_use", _("No version of this template is in use."))
    given = {**old.answers, **(answers or {})}
    _void(ctx, old, why)
    letter = _issue(ctx, template, old.subject_id, given, None)
    link_records(ctx, kind=REPLACES, source=letter, target=old)
    ctx.record("backoffice.letter.voided", target=old, data=_facts(old))
    ctx.record("backoffice.letter.issued", target=letter, data=_facts(letter))
    return letter


@command("backoffice.letter.void", permission=VOID)
def void_letter(ctx: Context, *, letter_id: int, why: str) -> Letter:
    """Declare a letter void; whoever checks its code is told so.

    Raises:
        NotFound: There is no such letter within reach.
        WrongState: ``letter_void``.
        InvalidInput: ``reason_needed``.
    """
    letter = _locked(ctx, letter_id)
    _void(ctx, letter, why)
    ctx.record("backoffice.letter.voided", target=letter, data=_facts(letter))
    return letter


def _issue(
    ctx: Context,
    template: LetterTemplate,
    pk: int,
    given: Mapping[str, str],
    issued_on: dt.date | None,
) -> Letter:
    subject = SUBJECTS[template.subject]
    version = version_in_use(template)
    title, model = _subject(ctx, subject, pk)
    today = timezone.localdate(ctx.at)
    on = issued_on or today
    if on > today:
        raise _refusal("date_in_future", _("This day is still to come."), "issued_on")
    company = Company.objects.get(pk=ctx.company)
    about = About(company=company, pk=pk, on=on, author=_author(ctx))
    draft, kept = _text(ctx, subject, version, about, given)
    letter = Letter.objects.create(
        company_id=ctx.company,
        version=version,
        subject_type=model,
        subject_id=pk,
        subject_name=title[:200],
        person_id=subject.person(ctx.company, pk),
        heading=version.heading,
        text=draft.text,
        answers=kept,
        permissions=sorted(draft.permissions),
        issued_on=on,
        issued_at=ctx.at,
        issued_by_id=ctx.actor_id,
    )
    _link(ctx, letter, model)
    number_at_the_end(ctx, record=letter, series=LETTERS.name, year=on.year)
    create_job(
        ctx,
        kind=PRINT,
        title=_("Print the letter: %(heading)s") % {"heading": letter.heading},
        params={"letter": letter.pk},
        chunks=[{}],
        total=1,
        target=letter,
    )
    return letter


def _link(ctx: Context, letter: Letter, model: str) -> None:
    """Tie a letter to the record that it is about."""
    target = apps.get_model(model)(pk=letter.subject_id)
    link_records(ctx, kind=ABOUT, source=letter, target=target)


def _text(
    ctx: Context,
    subject: Subject,
    version: LetterTemplateVersion,
    about: About,
    given: Mapping[str, str],
) -> tuple[Draft, dict[str, str]]:
    """What the letter says, or the refusal; and the answers as they are kept."""
    access = ctx.actor if isinstance(ctx.actor, Access) else None
    first = draft_of(subject, version.body, about, access, {})
    refuse_faults(subject, first.parsed)
    if first.hidden:
        names = ", ".join(str(each.label) for each in first.hidden)
        message = _("You may not see what this letter would say: %(names)s.") % {"names": names}
        raise _refusal("fields_hidden", message, "template")
    answers = _answers(first.parsed, given)
    draft = draft_of(subject, version.body, about, access, answers)
    if draft.empty:
        names = ", ".join(str(each.label) for each in draft.empty)
        message = _("These fields have no value for this record: %(names)s.") % {"names": names}
        raise _refusal("fields_empty", message, "subject_id")
    kept = {
        question.label: str(given[question.label]).strip() for question in draft.parsed.questions
    }
    return draft, kept


def _answers(parsed: Parsed, given: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for question in parsed.questions:
        typed = str(given.get(question.label, ""))
        if not typed.strip():
            message = _("Answer: %(question)s") % {"question": question.label}
            raise _refusal("answer_needed", message, "answers")
        try:
            found[question.label] = read_answer(question, typed[: LONGEST_ANSWER + 1])
        except ValueError as error:
            message = _("This answer cannot be read: %(question)s") % {"question": question.label}
            raise _refusal("bad_answer", message, "answers") from error
        if len(typed) > LONGEST_ANSWER:
            message = _("An answer has at most %(most)s characters.") % {"most": LONGEST_ANSWER}
            raise _refusal("bad_answer", message, "answers")
    return found


def _subject(ctx: Context, subject: Subject, pk: int) -> tuple[str, str]:
    """Title and model of the record, if the person may write about it."""
    kind = OBJECTS.answer.kind(subject.name)
    if kind is None:
        raise _no_record()
    if isinstance(ctx.actor, Access):
        title = subject_title(ctx.actor, subject, pk)
    else:
        rows = apps.get_model(kind.model)._meta.base_manager.filter(company_id=ctx.company, pk=pk)
        record = rows.first()
        title = None if record is None else str(record)
    if title is None:
        raise _no_record()
    return title, kind.model


def _locked(ctx: Context, pk: int) -> Letter:
    """A letter that counts, held by this transaction, if the person sees it."""
    rows = Letter.objects.select_for_update(of=("self",)).select_related("version__template")
    if isinstance(ctx.actor, Access):
        rows = rows.filter(
            pk__in=visible_letters(ctx.actor.narrowed("backoffice.letter.view", VOID))
        )
    letter = rows.filter(company_id=ctx.company, pk=pk).first()
    if letter is None:
        raise _no_record()
    if letter.state == LetterState.VOID:
        raise WrongState("letter_void", _("This letter is void."))
    return letter


def _void(ctx: Context, letter: Letter, why: str) -> None:
    if not why.strip():
        raise _refusal("reason_needed", _("Say why."), "why")
    letter.state, letter.void_reason = LetterState.VOID, why.strip()
    letter.voided_at, letter.voided_by_id = ctx.at, ctx.actor_id
    letter.save(update_fields=["state", "void_reason", "voided_at", "voided_by"])


def _author(ctx: Context) -> str:
    user = User.objects.filter(pk=ctx.actor_id).first() if ctx.actor_id else None
    return user.name if user else str(_("The system"))


def _facts(letter: Letter) -> dict[str, object]:
    return {
        "template": letter.version.template_id,
        "version": letter.version.number,
        "subject": letter.subject_type,
        "subject_id": letter.subject_id,
        "permissions": letter.permissions,
    }


def _refusal(code: str, message: str, field: str) -> InvalidInput:
    return InvalidInput(code, message, fields={field: message})


def _no_record() -> NotFound:
    return NotFound("not_found", gettext_lazy("There is no such record."))
