"""Choosing from long official lists (occupations, municipalities, banks) by typing.

A list is registered once under a name; a form names it; the browser looks entries up while typing.
What the lists hold is public, so whoever is logged in may look it up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Case, IntegerField, Model, Q, QuerySet, Value, When
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from typing_extensions import override

FOUND = 25  # a longer list is narrowed by typing on


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry: what is stored, what people read, and a word beside it."""

    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A long list that people choose from.

    Attributes:
        name: Its name in the address.
        rows: All entries that may be chosen.
        code: The field of the stored value.
        wording: The field that people read.
        read: What is stored, from what somebody typed as a code.
        show: An entry of the list, from its row.
    """

    name: str
    rows: Callable[[], QuerySet[Any]]
    code: str
    wording: str
    read: Callable[[str], str]
    show: Callable[[Any], Choice]


def digits(typed: str) -> str:
    """The digits of a code that was typed with dots and dashes; empty if there are letters."""
    bare = "".join(char for char in typed if char.isdecimal())
    return "" if any(char.isalpha() for char in typed) else bare


_LISTS: dict[str, OfficialList] = {}


def register(*lists: OfficialList) -> None:
    """Make lists known; a second one of the same name is a mistake of the programmer."""
    for each in lists:
        if each.name in _LISTS:
            message = f"There are two lists {each.name}."
            raise ValueError(message)
        _LISTS[each.name] = each


def find(source: OfficialList, typed: str) -> list[Choice]:
    """Entries whose title holds every word, accents and case aside, or whose code begins so.

    The code that was typed comes first, then titles that begin with the text, then shorter titles.
    """
    rows = source.rows()
    words = typed.split()
    if not words:
        return [source.show(row) for row in rows.order_by(source.wording)[:FOUND]]
    wanted = Q()
    for word in words:
        wanted &= Q((f"{source.wording}__unaccent__icontains", word))
    code = source.read(typed)
    best = [When(Q((f"{source.wording}__unaccent__istartswith", typed.strip())), then=Value(1))]
    if code:
        wanted |= Q((f"{source.code}__startswith", code))
        best.insert(0, When(Q((f"{source.code}__startswith", code)), then=Value(0)))
    ranked = rows.filter(wanted).annotate(
        rank=Case(*best, default=Value(2), output_field=IntegerField())
    )
    return [source.show(row) for row in ranked.order_by("rank", source.wording)[:FOUND]]


def get(source: OfficialList, value: str) -> Choice | None:
    """The entry with this code, however the code is written."""
    code = source.read(value)
    row: Model | None = source.rows().filter(**{source.code: code}).first() if code else None
    return None if row is None else source.show(row)


def named(source: str, typed: str) -> str:
    """The code of the entry that is called exactly so, case and accents aside, or has this code.

    Empty when there is none, or more than one.
    """
    known = _LISTS[source]
    if (found := get(known, typed)) is not None:
        return found.value
    rows = known.rows().filter(Q((f"{known.wording}__unaccent__iexact", typed.strip())))
    codes = list(rows.values_list(known.code, flat=True)[:2])
    return str(codes[0]) if len(codes) == 1 else ""


@require_safe
def look_up(request: HttpRequest, name: str) -> JsonResponse:
    """Entries of a list for what was typed (``?q=``)."""
    source = _LISTS.get(name)
    if source is None:
        raise Http404
    results = [
        {"value": each.value, "text": each.text, "hint": each.hint}
        for each in find(source, request.GET.get("q", "")[:100])
    ]
    return JsonResponse({"results": results})


class OfficialSelect(forms.Select):
    """A select that holds only the chosen entry; the others are looked up while typing."""

    def __init__(self, source: str) -> None:
        self.source = source
        url = reverse_lazy("web:choices", args=[source])
        super().__init__(attrs={"data-autocomplete": "", "data-url": url})

    @override
    def optgroups(
        self, name: str, value: Sequence[Any], attrs: dict[str, Any] | None = None
    ) -> list[Any]:
        chosen = (get(_LISTS[self.source], str(each)) for each in value if each)
        self.choices = [("", _("Choose")), *((each.value, each.text) for each in chosen if each)]
        return super().optgroups(name, [str(each) for each in value], attrs)


class OfficialField(forms.CharField):
    """An entry of an official list; cleaned to its code."""

    default_error_messages = {"unknown": _("Choose one of the list.")}

    def __init__(
        self,
        *,
        source: str,
        **options: Any,  # noqa: ANN401  options of forms.CharField
    ) -> None:
        self.source = source
        super().__init__(widget=OfficialSelect(source), **options)

    @override
    def clean(self, value: Any) -> str:
        typed = str(super().clean(value))
        if not typed:
            return ""
        found = get(_LISTS[self.source], typed)
        if found is None:
            raise ValidationError(self.error_messages["unknown"], code="unknown")
        return found.value

    @override
    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another entry was chosen; dots and dashes of its code are no change."""
        read = _LISTS[self.source].read
        return read(str(initial or "")) != read(str(data or ""))
