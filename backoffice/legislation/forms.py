"""Inputs of the commands on legal tables, the same for pages and the API."""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.forms.fields import InvalidJSONInput
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.identity.rules import Access
from backoffice.law.models import CHOICE_TITLES, Certainty, describe
from backoffice.law.rules import (
    DUTY_PREFIX,
    KINDS,
    Figure,
    Unit,
    check_payload,
    is_duty,
    kind_of,
)
from backoffice.legislation.figures import label_of, read, typed
from backoffice.legislation.selectors import Gap
from backoffice.resources.forms import CommandForm
from backoffice.web.fields import DateField

BLANK_ROWS = 3
KEYBOARDS = {
    Unit.MONEY: "decimal",
    Unit.RATE: "decimal",
    Unit.FACTOR: "decimal",
    Unit.COUNT: "numeric",
}
NEW_DUTY = DUTY_PREFIX.rstrip(".")


class FiguresWidget(forms.Widget):
    """A control for each figure of a table, and a table of controls for its slices.

    Takes the payload as JSON text as well, which is how the API fills in the form.
    """

    template_name = "legislation/figures_input.html"
    use_fieldset = True
    kind = ""

    @override
    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Any:
        """JSON text, from JSON text or from what was typed into the single controls."""
        kind = data.get(f"{name}-kind")
        if name in data or not kind:
            return data.get(name)
        return json.dumps(read(_spec(kind), data, name), ensure_ascii=False)

    @override
    def id_for_label(self, id_: str) -> str:
        """None: each control has its own label."""
        return ""

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The controls with what they hold."""
        context = super().get_context(name, value, attrs)
        payload = _payload(value)
        if not self.kind:
            return {**context, "text": value or ""}
        spec = _spec(self.kind)
        context.update(kind=self.kind, columns=[_label(column) for column in spec.columns])
        if spec.columns:
            found = payload.get("slices")
            rows = (
                [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []
            )
            rows += [{}] * BLANK_ROWS
            context["rows"] = [
                [_control(column, row, f"{name}-{number}") for column in spec.columns]
                for number, row in enumerate(rows)
            ]
        else:
            context["controls"] = [_control(each, payload, name) for each in spec.figures]
        return context


def _spec(kind: str) -> Any:  # noqa: ANN401
    return kind_of(f"{DUTY_PREFIX}new" if kind == NEW_DUTY else kind)


def _payload(value: object) -> dict[str, Any]:
    try:
        found = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _label(figure: Figure) -> str:
    """Name of a figure with the unit in which it is typed."""
    unit = {Unit.MONEY: " (R$)", Unit.RATE: " (%)"}.get(figure.unit, "")
    return f"{label_of(figure)}{unit}"


def _control(figure: Figure, values: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """What the template needs to draw one control."""
    value = values.get(figure.name)
    return {
        "name": f"{prefix}-{figure.name}",
        "label": _label(figure),
        "unit": figure.unit.value,
        "keyboard": KEYBOARDS.get(figure.unit, "text"),
        "value": typed(figure, value),
        "checked": value is True,
        "choices": [(code, CHOICE_TITLES[code], code == value) for code in figure.choices],
    }


class FiguresField(forms.JSONField):
    """The figures of a table: an object of JSON, or the controls of its kind."""

    widget = FiguresWidget

    @override
    def prepare_value(self, value: Any) -> Any:
        """JSON text; text is that already."""
        if isinstance(value, str | InvalidJSONInput):
            return value
        return super().prepare_value(value)


class TableForm(CommandForm):
    """What can be said of a version of a table whose kind and first day are fixed."""

    act = forms.CharField(
        label=_("Act"),
        max_length=200,
        help_text=_("The law, decree or ordinance with its number and date."),
    )
    source = forms.CharField(
        label=_("Source"), max_length=300, help_text=_("Where you read the figures.")
    )
    certainty = forms.ChoiceField(label=_("Certainty"), choices=Certainty.choices)
    known_from = DateField(
        label=_("Known from"), help_text=_("The day on which we came to know of it.")
    )
    valid_to = DateField(
        label=_("Valid to"), required=False, help_text=_("Empty while no act has ended it.")
    )
    confirmed_through = DateField(
        label=_("Confirmed through"),
        required=False,
        help_text=_(
            "Last day for which you looked whether it still holds; later days are refused until it"
            " is confirmed again. Empty for figures that no act renews."
        ),
    )
    payload = FiguresField(label=_("Figures"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        widget = cast("FiguresWidget", self.fields["payload"].widget)
        widget.kind = self.table_kind()

    def table_kind(self) -> str:
        """The kind of table that the form is for; empty while nobody said."""
        if self.record is not None:
            return str(self.record.kind)
        given = (self.data or {}).get("payload-kind") or (self.data or {}).get("kind")
        kind = str(given or self.initial.get("kind", ""))
        return kind if kind in {*KINDS, NEW_DUTY} or is_duty(kind) else ""

    def clean_payload(self) -> dict[str, Any]:
        """Refuse figures that no rule could read, with a sentence for each."""
        payload: dict[str, Any] = self.cleaned_data["payload"]
        if not isinstance(payload, dict):
            raise ValidationError(_("The figures must be an object with names."))
        kind = self.table_kind()
        if kind:
            checked = f"{DUTY_PREFIX}new" if kind == NEW_DUTY else kind
            problems = check_payload(checked, payload)
            if problems:
                raise ValidationError([describe(problem) for problem in problems])
        return payload


class NewTableForm(TableForm):
    """A new version of a table, or the first one of a new duty."""

    field_order = ("kind", "valid_from")

    kind = forms.CharField(
        label=_("Code"),
        max_length=40,
        help_text=_("Of the table, such as “inss”; of a duty, “duty.” and a short name."),
    )
    valid_from = DateField(
        label=_("Valid from"),
        help_text=_("First competence or payment date, as the table is chosen by."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        super().__init__(*args, **kwargs)
        if self.table_kind() == NEW_DUTY:
            self.initial["kind"] = ""
        elif self.table_kind():
            self.fields["kind"].widget = forms.HiddenInput()

    def clean_kind(self) -> str:
        """The code; a new duty gets its prefix."""
        kind: str = self.cleaned_data["kind"]
        if self.table_kind() == NEW_DUTY and not is_duty(kind):
            short = re.sub(r"\W+", "_", slugify(kind.removeprefix(DUTY_PREFIX))).strip("_")
            kind = f"{DUTY_PREFIX}{short}"[: self.fields["kind"].max_length]  # type: ignore[attr-defined]
        if kind not in KINDS and not is_duty(kind):
            raise ValidationError(_("The product knows no such table."))
        return kind


class ConfirmForm(CommandForm):
    """That tables still hold."""

    through = DateField(
        label=_("Still holds through"), help_text=_("The last day for which you looked.")
    )
    source = forms.CharField(
        label=_("Where you looked"),
        max_length=300,
        help_text=_("The official gazette or the page of the authority, with its date."),
    )


class MissingForm(ConfirmForm):
    """Which of the tables that a month lacks still hold, and through which day."""

    tables = forms.MultipleChoiceField(
        label=_("Tables that still hold"), widget=forms.CheckboxSelectMultiple
    )
    field_order = ("tables", "through", "source")

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        access: Access,
        gaps: Sequence[Gap],
        through: dt.date,
    ) -> None:
        super().__init__(data, access=access, record=None)
        self.gaps = gaps
        rows = [gap.row for gap in gaps if gap.row is not None]
        tables = cast("forms.MultipleChoiceField", self.fields["tables"])
        tables.choices = [(str(row.pk), row.title) for row in rows]
        self.initial = {"tables": [str(row.pk) for row in rows], "through": through}
