"""Inputs of the commands of letters, the same for pages and the API."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity.rules import Access
from backoffice.letters.catalogue import SUBJECTS
from backoffice.letters.models import LetterTemplate
from backoffice.letters.problems import read
from backoffice.letters.rules import LONGEST, FieldKind, Question
from backoffice.letters.selectors import ISSUE, usable_templates, version_in_use
from backoffice.links.fields import RecordField
from backoffice.money.fields import MoneyFormField
from backoffice.resources.forms import CommandForm
from backoffice.web.fields import DateField

HEADING = _("Heading")
TEXT = _("Text")


def subject_choices() -> list[tuple[str, Any]]:
    """What letters can be about."""
    return [(subject.name, subject.label) for subject in SUBJECTS.values()]


class EditorForm(CommandForm):
    """What every form of a template's text has."""

    name = forms.CharField(label=_("Name"), max_length=150)
    heading = forms.CharField(
        label=HEADING, max_length=150, help_text=_("Stands above the letter.")
    )
    body = forms.CharField(
        label=TEXT,
        max_length=LONGEST + 1,
        widget=forms.Textarea(attrs={"rows": 18, "data-editor": "", "spellcheck": "true"}),
    )


class TemplateForm(EditorForm):
    """A new template."""

    subject = forms.ChoiceField(label=_("About"), choices=subject_choices)
    field_order = ["name", "subject", "heading", "body"]


class TemplateChangeForm(EditorForm):
    """A new version of a template."""

    note = forms.CharField(label=_("What changed"), required=False, max_length=200)


def template_values(_access: Access, template: LetterTemplate | None) -> Mapping[str, Any]:
    """What the newest version says."""
    if template is None:
        return {}
    newest = template.versions.get(number=template.latest)
    return {"name": template.name, "heading": newest.heading, "body": newest.body}


class RestoreForm(CommandForm):
    """Which version to bring back."""

    number = forms.IntegerField(label=_("Version"), min_value=1)
    note = forms.CharField(label=_("Why?"), required=False, max_length=200)


class WhyForm(CommandForm):
    """Why a letter is void."""

    why = forms.CharField(label=_("Reason"), max_length=300)


class AnswersField(forms.JSONField):
    """Answers by question, beside the inputs in which a page asks for them."""

    def __init__(self) -> None:
        super().__init__(label=_("Answers"), required=False, widget=forms.HiddenInput)

    @override
    def prepare_value(self, value: Any) -> Any:
        """JSON; text is JSON already."""
        return value if isinstance(value, str) else super().prepare_value(value or {})


class ReissueForm(WhyForm):
    """Why a letter is issued again; answers that are not given stay as they were."""

    answers = AnswersField()


class IssueForm(CommandForm):
    """A letter from a template about a record.

    A page asks each question of the template in an input of its own (``answer-0``, ``answer-1``);
    the API gives all answers by question.
    """

    template = forms.ModelChoiceField(label=_("Template"), queryset=LetterTemplate.objects.none())
    record = RecordField(
        label=_("About whom?"),
        look_up="letters:subjects",
        permission=ISSUE,
        help_text=_("Type a part of its name or number."),
    )
    issued_on = DateField(label=_("Date"), required=False, help_text=_("Empty: today."))
    answers = AnswersField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        template: Any = self.fields["template"]
        template.queryset = usable_templates(self.access)
        chosen: Any = self.fields["record"].widget
        chosen.access = self.access

    @override
    def clean(self) -> dict[str, Any]:
        """Put the answers together, and see that the template is about this kind of record."""
        given = super().clean() or {}
        template, ref = given.get("template"), given.get("record")
        if template is not None and ref is not None and template.subject != ref.kind:
            self.add_error("record", _("This template is about something else."))
        answers = given.get("answers") or {}
        if not isinstance(answers, dict):
            self.add_error("answers", _("Give the answers by question."))
            answers = {}
        for place, question in enumerate(questions_of(template) if template else ()):
            typed = AnswerForm({"answer": self.data.get(f"answer-{place}", "")}, question)
            if question.label in answers or not typed["answer"].data:
                continue
            if typed.is_valid():
                answers[question.label] = typed.cleaned_data["answer"]
            else:
                why = " ".join(str(each) for each in typed.errors["answer"])
                self.add_error("answers", f"{question.label}: {why}")
        given["answers"] = answers
        return given


class AnswerForm(forms.Form):
    """One answer, typed as people type it; clean is the text that the command takes."""

    answer = forms.CharField(max_length=3000)

    def __init__(self, data: Mapping[str, Any], question: Question) -> None:
        self.question = question
        super().__init__(data)

    def clean_answer(self) -> str:
        """Dates as ISO 8601, amounts with a point."""
        typed = str(self.cleaned_data["answer"])
        if self.question.kind is FieldKind.DATE:
            return str(DateField().clean(typed).isoformat())
        if self.question.kind is FieldKind.MONEY:
            return str(MoneyFormField().clean(typed))
        return typed


def questions_of(template: LetterTemplate) -> tuple[Question, ...]:
    """What is asked when a letter is issued from the version in use."""
    return read(SUBJECTS[template.subject], version_in_use(template).body).questions


def asked(form: IssueForm) -> list[dict[str, Any]]:
    """The questions of the chosen template as inputs, with what was typed."""
    chosen = form["template"].value()
    rows = usable_templates(form.access)
    template = rows.filter(pk=chosen).first() if str(chosen or "").isdigit() else None
    return [] if template is None else inputs_of(template, form.data)


def inputs_of(template: LetterTemplate, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each question with the name of its input."""
    return [
        {
            "name": f"answer-{place}",
            "label": question.label,
            "kind": question.kind.value,
            "value": data.get(f"answer-{place}", ""),
        }
        for place, question in enumerate(questions_of(template))
    ]


def issue_payload(cleaned: Mapping[str, Any], _record: object) -> dict[str, Any]:
    """Arguments of the command that issues a letter."""
    return {
        "template_id": cleaned["template"].pk,
        "subject_id": cleaned["record"].pk,
        "answers": cleaned["answers"],
        "issued_on": cleaned["issued_on"],
    }


def reissue_payload(cleaned: Mapping[str, Any], letter: Any) -> dict[str, Any]:  # noqa: ANN401
    """Arguments of the command that issues a letter again."""
    return {
        "letter_id": letter.pk,
        "why": cleaned["why"],
        "answers": cleaned.get("answers") or {},
    }
