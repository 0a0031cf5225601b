"""What is wrong with a template, in words."""

from difflib import get_close_matches
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backoffice.errors import InvalidInput
from backoffice.letters.catalogue import Subject, kinds_of
from backoffice.letters.rules import Parsed, Problem, parse

WORDS = {
    "too_long": gettext_lazy("A text has at most %(what)s characters."),
    "unclosed": gettext_lazy("This “{{” is never closed with “}}” on the same line."),
    "unopened": gettext_lazy("This “}}” closes nothing."),
    "empty": gettext_lazy("There is nothing between the braces."),
    "unknown_field": gettext_lazy("There is no field “%(what)s”."),
    "unknown_format": gettext_lazy("There is no format “%(what)s”."),
    "format_does_not_fit": gettext_lazy("The format “%(what)s” does not fit this field."),
    "section_open": gettext_lazy("This part (“%(what)s”) is never closed with {{/}}."),
    "nothing_open": gettext_lazy("No part is open here that could be closed."),
    "closes_other": gettext_lazy("The part that is open here is “%(what)s”."),
    "too_deep": gettext_lazy("At most %(what)s parts can stand inside one another."),
    "bad_question": gettext_lazy("A question has from 1 to 80 characters."),
    "question_twice": gettext_lazy("“%(what)s” is asked as two kinds of answer."),
}


class Fault(NamedTuple):
    """One mistake: its place and its words."""

    line: int
    column: int
    text: str


def read(subject: Subject, body: str) -> Parsed:
    """The template read with the fields of its subject."""
    return parse(body, kinds_of(subject))


def faults_of(subject: Subject, parsed: Parsed) -> list[Fault]:
    """Every mistake in words, with what was probably meant."""
    return [Fault(each.line, each.column, _say(subject, each)) for each in parsed.problems]


def refuse_faults(subject: Subject, parsed: Parsed) -> None:
    """Refuse a template with mistakes.

    Raises:
        InvalidInput: ``template_faults``, all of them beside the text.
    """
    if not parsed.problems:
        return
    message = " ".join(
        _("Line %(line)s, column %(column)s: %(text)s")
        % {"line": each.line, "column": each.column, "text": each.text}
        for each in faults_of(subject, parsed)
    )
    raise InvalidInput("template_faults", message, fields={"body": message})


def _say(subject: Subject, problem: Problem) -> str:
    text = str(WORDS[problem.code]) % {"what": problem.what}
    if problem.code == "unknown_field":
        meant = get_close_matches(problem.what, kinds_of(subject), n=1)
        if meant:
            text = f"{text} " + _("Did you mean “%(meant)s”?") % {"meant": meant[0]}
    return text
