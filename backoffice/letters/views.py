"""Pages of letters that the generic ones cannot be: editor, issue, preview, comparison, PDF."""

from difflib import SequenceMatcher
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from rest_framework.request import Request as ApiRequest
from typing_extensions import override

from backoffice.audit.services import NewReading, record_reading
from backoffice.files import serving
from backoffice.identity.requests import Request, context_of
from backoffice.identity.rules import Access
from backoffice.jobs.models import Job
from backoffice.letters import forms, selectors
from backoffice.letters.catalogue import SUBJECTS, LetterField, Subject, fields_of
from backoffice.letters.models import Letter, LetterTemplate
from backoffice.letters.problems import read
from backoffice.letters.services.letters import PRINT
from backoffice.letters.writing import as_html, formats_of, read_answer
from backoffice.links.fields import read as read_ref
from backoffice.links.objects import OBJECTS
from backoffice.organization.models import Company
from backoffice.resources.views import CommandPage, DetailPage


class TemplateEditor(CommandPage):
    """The text of a template, with the fields that there are and a preview beside it."""

    template_name = "letters/editor.html"

    @override
    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The form with the palette of the subject."""
        record = context["record"]
        form = context["form"]
        name = record.subject if record else (form["subject"].value() or next(iter(SUBJECTS)))
        subject = SUBJECTS.get(name) or next(iter(SUBJECTS.values()))
        code = self.request.GET.get("starter", "")
        starter = next((each for each in subject.starters if each.code == code), None)
        if starter and record is None and not form.is_bound:
            form.initial.update(
                name=str(starter.name),
                subject=subject.name,
                heading=starter.heading,
                body=starter.body,
            )
        palette = [offered(each) for each in fields_of(subject)]
        chooser = selectors.preview_chooser(self.access)
        question = f"{{{{?{_('What happened')}}}}}"
        more = {"palette": palette, "subject": subject, "chooser": chooser, "question": question}
        return super().page({**context, **more}, status)


def offered(each: LetterField) -> dict[str, Any]:
    """A field of the palette, with what its buttons put into the text."""
    return {
        "label": each.label,
        "insert": f"{{{{{each.key}}}}}",
        "formats": [(name, f"{{{{{each.key}|{name}}}}}") for name in formats_of(each.kind)[1:]],
        "part": f"{{{{#{each.key}}}}} {{{{/}}}}",
    }


class IssuePage(CommandPage):
    """A letter for somebody: template, record, and the questions of the template."""

    template_name = "letters/issue.html"

    @override
    def page(self, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The form with the questions of the template that is chosen."""
        form = context["form"]
        if not form.is_bound:
            given = self.request.GET
            form.initial.update({key: given[key] for key in ("template", "record") if key in given})
        return super().page({**context, "questions": forms.asked(form)}, status)


class LetterPage(DetailPage):
    """A letter with its text; that it was read is written down."""

    @override
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The letter as it was issued."""
        answer = super().get(request, pk)
        log_letters(request, [pk])
        return answer


@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """What the text in the editor, or a letter that is about to be issued, would say."""
    access = cast("Request", request).access
    if not access.can(selectors.ISSUE):
        raise PermissionDenied
    given = request.POST
    template = given.get("template", "")
    chosen = None
    if template.isascii() and template.isdigit():
        chosen = selectors.usable_templates(access).filter(pk=template).first()
    subject = SUBJECTS.get(chosen.subject if chosen else given.get("subject", ""))
    if subject is None:
        return render(request, "letters/preview.html", {"waiting": True})
    version = selectors.version_in_use(chosen) if chosen else None
    heading = version.heading if version else given.get("heading", "")
    body = version.body if version else given.get("body", "")
    draft = _draft(request, subject, body.replace("\r\n", "\n").strip(), access)
    shown = {"draft": draft, "heading": heading, "html": mark_safe(as_html(draft.text))}  # noqa: S308  cleaned by nh3
    return render(request, "letters/preview.html", shown)


def _draft(request: HttpRequest, subject: Subject, body: str, access: Access) -> selectors.Draft:
    """The text for the record that was chosen, if the person may write about it; else with names."""
    ref = read_ref(request.POST.get("record", ""))
    known = ref is not None and ref.kind == subject.name
    title = selectors.subject_title(access, subject, ref.pk) if known and ref else None
    about = selectors.About(
        company=Company.objects.get(pk=access.company_id),
        pk=ref.pk if ref and title else 0,
        on=timezone.localdate(),
        author=cast("Request", request).user.name,
    )
    answers = _typed(request, subject, body)
    draft = selectors.draft_of(subject, body, about, access, answers, sample=title is None)
    if ref and title and draft.permissions:
        _log(request, subject.name, [ref.pk])
    return draft


def _typed(request: HttpRequest, subject: Subject, body: str) -> dict[str, Any]:
    """The answers that can be read already."""
    found: dict[str, Any] = {}
    for place, question in enumerate(read(subject, body).questions):
        form = forms.AnswerForm({"answer": request.POST.get(f"answer-{place}", "")}, question)
        if form.is_valid():
            found[question.label] = read_answer(question, form.cleaned_data["answer"])
    return found


@require_safe
def subjects(request: HttpRequest) -> JsonResponse:
    """Records about which this person may issue letters, for what was typed (``?q=``)."""
    access = cast("Request", request).access
    if not access.can(selectors.ISSUE):
        raise PermissionDenied
    typed = request.GET.get("q", "")
    found = OBJECTS.answer.find(access, selectors.ISSUE, typed, frozenset(SUBJECTS))
    results = [{"value": each.value, "text": each.text, "hint": each.hint} for each in found]
    return JsonResponse({"results": results})


@require_safe
def questions(request: HttpRequest) -> HttpResponse:
    """The questions of a template as inputs."""
    access = cast("Request", request).access
    if not access.can(selectors.ISSUE):
        raise PermissionDenied
    form = forms.IssueForm(request.GET, access=access, record=None)
    return render(request, "letters/questions.html", {"questions": forms.asked(form)})


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """What one version says otherwise than another one."""
    access = cast("Request", request).access
    if not access.can(selectors.TEMPLATES):
        raise PermissionDenied
    template = get_object_or_404(selectors.visible_templates(access), pk=pk)
    numbers = [request.GET.get(name, "") for name in ("from", "to")]
    defaults = (str(max(1, template.latest - 1)), str(template.latest))
    rows = []
    for typed, default in zip(numbers, defaults, strict=True):
        number = typed or default
        if not (number.isascii() and number.isdigit() and len(number) < 9):
            raise Http404
        rows.append(get_object_or_404(template.versions.select_related("by"), number=number))
    old, new = rows
    context = {
        "template": template,
        "old": old,
        "new": new,
        "heading": differences(old.heading, new.heading),
        "lines": differences(old.body, new.body),
        "versions": template.versions.order_by("-number").values_list("number", flat=True),
    }
    return render(request, "letters/compare.html", context)


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """Pieces of two texts, word by word: ``same``, ``gone`` or ``come``."""
    one, other = (text.replace("\n", " \n ").split(" ") for text in (old, new))
    pieces: list[tuple[str, str]] = []
    for what, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(("same", " ".join(one[a:b])))
            continue
        pieces += [("gone", " ".join(one[a:b]))] if b > a else []
        pieces += [("come", " ".join(other[c:d]))] if d > c else []
    return pieces


@require_safe
def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A letter as it was printed."""
    return send(request, pk)


def send(request: HttpRequest | ApiRequest, pk: int) -> HttpResponseBase:
    """The file of a letter, logged as a reading; 404 for everybody else and until it is printed."""
    access = cast("Request", request).access
    letter = selectors.visible_letters(access).filter(pk=pk, file__isnull=False).first()
    if letter is None or letter.file is None:
        raise Http404
    log_letters(request, [pk])
    name = f"{letter.number} {letter.subject_name}".replace("/", "-")
    try:
        return serving.as_attachment(letter.file, f"{name}.pdf")
    except FileNotFoundError as error:
        raise Http404 from error


def log_letters(request: HttpRequest | ApiRequest, ids: list[int]) -> None:
    """Write down who is about to read which letters."""
    _log(request, "backoffice.letter", ids)


def _log(request: HttpRequest | ApiRequest, kind: str, ids: list[int]) -> None:
    ctx = context_of(request, keyed=False)
    record_reading(
        NewReading(
            at=ctx.at,
            kind=kind,
            ids=ids,
            company_id=ctx.company_id,
            user_id=ctx.actor_id,
            channel=ctx.channel.value,
            token_id=ctx.token_id,
            request_id=ctx.request_id,
        )
    )


# --- panels ---------------------------------------------------------------------------------------


def letter_panel(letter: Letter, _access: Access) -> dict[str, Any]:
    """The text as it was issued, its file, and the job that prints it."""
    job = None
    if letter.file_id is None:
        rows = Job.objects.filter(company_id=letter.company_id, kind=PRINT, target_id=letter.pk)
        job = rows.order_by("-pk").first()
    return {"letter": letter, "html": _html(letter.text), "job": job}


def template_panel(template: LetterTemplate, _access: Access) -> dict[str, Any]:
    """The newest text as it is written."""
    newest = template.versions.get(number=template.latest)
    return {"version": newest, "in_use": template.active == template.latest}


def versions_panel(template: LetterTemplate, _access: Access) -> dict[str, Any]:
    """Every version with who wrote it, when and why."""
    rows = template.versions.select_related("by").order_by("-number")
    return {"template": template, "versions": rows}


def why_not_activate(template: LetterTemplate, _access: Access) -> str | None:
    """Why the newest version cannot be put into use."""
    if template.active == template.latest:
        return _("The newest version is in use already.")
    return None


def why_not_restore(template: LetterTemplate, _access: Access) -> str | None:
    """Why no earlier version can be brought back."""
    if template.retired_at is not None:
        return _("This template is no longer used.")
    return _("There is only one version.") if template.latest == 1 else None


def letters_of(name: str) -> Any:  # noqa: ANN401  a panel's context function
    """What the page of a record shows of its letters, for the object with this name."""

    def panel(record: Any, access: Access) -> dict[str, Any] | None:  # noqa: ANN401
        found = list(selectors.letters_about(access, record._meta.label_lower, record.pk)[:5])
        may = access.can(selectors.ISSUE) and selectors.usable_templates(access).exists()
        if not (found or may):
            return None
        return {"letters": found, "issue": f"{name}:{record.pk}" if may else ""}

    return panel


def _html(text: str) -> SafeString:
    return mark_safe(as_html(text))  # noqa: S308  cleaned by nh3
