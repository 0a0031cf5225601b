"""Write templates, put a version into use, bring an earlier one back."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from backoffice.commands import Context, command
from backoffice.errors import InvalidInput, NotFound, WrongState
from backoffice.letters.catalogue import SUBJECTS, Subject
from backoffice.letters.models import LetterTemplate, LetterTemplateVersion
from backoffice.letters.problems import read, refuse_faults

CHANGE = "backoffice.letter_template.change"
ACTIVATE = "backoffice.letter_template.activate"
ONCE = "letter_template_once"


@command("backoffice.letter_template.create")
def create_template(
    ctx: Context, *, name: str, subject: str, heading: str, body: str
) -> LetterTemplate:
    """Write a new template; its first version is a draft until somebody puts it into use.

    Raises:
        InvalidInput: ``template_faults`` with line and column, ``name_in_use``, ``unknown_subject``.
    """
    known = SUBJECTS.get(subject)
    if known is None:
        message = _("There are no letters about this.")
        raise InvalidInput("unknown_subject", message, fields={"subject": message})
    text = _checked(known, body)
    template = LetterTemplate(company_id=ctx.company, subject=subject)
    _rename(template, name)
    _add(ctx, template, heading=heading.strip(), body=text)
    ctx.record("backoffice.letter_template.created", target=template)
    return template


@command("backoffice.letter_template.change", permission=CHANGE)
def change_template(
    ctx: Context, *, letter_template_id: int, name: str, heading: str, body: str, note: str = ""
) -> LetterTemplate:
    """Write a new version, a draft until it is put into use; a name alone makes no version.

    Raises:
        NotFound: There is no such template.
        WrongState: ``retired``.
        InvalidInput: ``template_faults`` with line and column, ``name_in_use``.
    """
    template = _locked(ctx, letter_template_id)
    text = _checked(SUBJECTS[template.subject], body)
    now = template.versions.get(number=template.latest)
    _rename(template, name)
    if (now.heading, now.body) != (heading.strip(), text):
        template.latest += 1
        template.save(update_fields=["latest"])
        _add(ctx, template, heading=heading.strip(), body=text, note=note.strip())
    ctx.record(
        "backoffice.letter_template.changed", target=template, data={"version": template.latest}
    )
    return template


@command("backoffice.letter_template.activate", permission=ACTIVATE)
def activate_template(ctx: Context, *, letter_template_id: int) -> LetterTemplate:
    """Put the newest version into use: letters are issued from it from now on.

    Raises:
        NotFound: There is no such template.
        WrongState: ``retired``, ``already_active``.
        InvalidInput: ``template_faults``: a field that it uses is there no longer.
    """
    template = _locked(ctx, letter_template_id)
    if template.active == template.latest:
        raise WrongState("already_active", _("The newest version is in use already."))
    _checked(SUBJECTS[template.subject], template.versions.get(number=template.latest).body)
    template.active = template.latest
    template.save(update_fields=["active"])
    ctx.record(
        "backoffice.letter_template.activated", target=template, data={"version": template.active}
    )
    return template


@command("backoffice.letter_template.restore", permission=CHANGE)
def restore_version(
    ctx: Context, *, letter_template_id: int, number: int, note: str = ""
) -> LetterTemplate:
    """Make an earlier text the newest version again; what came between stays.

    Raises:
        NotFound: There is no such template.
        WrongState: ``retired``, ``same_version``.
        InvalidInput: ``unknown_version``, ``template_faults``.
    """
    template = _locked(ctx, letter_template_id)
    wanted = template.versions.filter(number__in=[number, template.latest])
    rows = {each.number: each for each in wanted}
    if number not in rows:
        message = _("There is no such version.")
        raise InvalidInput("unknown_version", message, fields={"number": message})
    old, now = rows[number], rows[template.latest]
    if (old.heading, old.body) == (now.heading, now.body):
        raise WrongState("same_version", _("This is what the newest version says."))
    _checked(SUBJECTS[template.subject], old.body)
    template.latest += 1
    template.save(update_fields=["latest"])
    said = {"heading": old.heading, "body": old.body, "note": note.strip()}
    _add(ctx, template, **said, restored_from=number)
    ctx.record("backoffice.letter_template.restored", target=template, data={"version": number})
    return template


@command("backoffice.letter_template.retire", permission=ACTIVATE)
def retire_template(ctx: Context, *, letter_template_id: int) -> LetterTemplate:
    """Let no more letters be issued from a template; those that were stay.

    Raises:
        NotFound: There is no such template.
        WrongState: ``retired``.
    """
    template = _locked(ctx, letter_template_id)
    template.retired_at = ctx.at
    template.save(update_fields=["retired_at"])
    ctx.record("backoffice.letter_template.retired", target=template)
    return template


def _locked(ctx: Context, pk: int) -> LetterTemplate:
    """The template of the company, held by this transaction."""
    rows = LetterTemplate.objects.select_for_update().filter(company_id=ctx.company)
    template = rows.filter(pk=pk).first()
    if template is None:
        raise NotFound("not_found", _("There is no such record."))
    if template.retired_at is not None:
        raise WrongState("retired", _("This template is no longer used."))
    return template


def _checked(subject: Subject, body: str) -> str:
    text = body.replace("\r\n", "\n").strip()
    refuse_faults(subject, read(subject, text))
    return text


def _rename(template: LetterTemplate, name: str) -> None:
    template.name = name.strip()
    try:
        with transaction.atomic():
            if template.pk is None:
                template.save()
            else:
                template.save(update_fields=["name"])
    except IntegrityError as error:
        if ONCE not in str(error):
            raise
        message = _("There is already a template with this name.")
        raise InvalidInput("name_in_use", message, fields={"name": message}) from error


def _add(ctx: Context, template: LetterTemplate, **said: object) -> None:
    LetterTemplateVersion.objects.create(
        company_id=ctx.company,
        template=template,
        number=template.latest,
        at=ctx.at,
        by_id=ctx.actor_id,
        **said,
    )
