"""What somebody says of a link."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backoffice.identity.rules import Access
from backoffice.links.fields import RecordField
from backoffice.links.kinds import KINDS
from backoffice.links.selectors import MANAGE
from backoffice.web.fields import DateField

BACKWARD = "<"


class LinkForm(forms.Form):
    """A link from the record at hand; its kinds are named in both directions."""

    kind = forms.ChoiceField(label=_("This record…"))
    other = RecordField(
        look_up="links:records",
        permission=MANAGE,
        label=_("Which record?"),
        help_text=_("Type a part of its name or number."),
    )
    since = DateField(label=_("Since"), required=False, help_text=_("Empty: today."))
    note = forms.CharField(label=_("Note"), required=False, max_length=200)

    def __init__(self, *args: Any, access: Access, model: str, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["kind"]
        offered.choices = directions(model)
        chosen: Any = self.fields["other"].widget
        chosen.access = access


def directions(model: str) -> list[tuple[str, Any]]:
    """The kinds that people may make from a record of a model, once for each way to read them."""
    found: list[tuple[str, Any]] = []
    for kind in KINDS.values():
        if not kind.by_people:
            continue
        if not kind.sources or model in kind.sources:
            found.append((kind.name, kind.forward))
        if kind.forward != kind.backward and (not kind.targets or model in kind.targets):
            found.append((f"{BACKWARD}{kind.name}", kind.backward))
    return found


class RemoveLinkForm(forms.Form):
    """Why a link is taken away."""

    why = forms.CharField(label=_("Reason"), max_length=300)
