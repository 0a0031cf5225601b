"""The words of the help panel: what an object is for and how its work goes, declared by its area."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True, kw_only=True)
class Help:
    """What the help of an object says besides what its record in the registry says already.

    Attributes:
        of: Name of the object: ``hr.employee``.
        purpose: What it is for, in one or two sentences.
        steps: How the work goes, one sentence for each step, in their order.
        guide: Name of a page of ``docs/guides`` that says more: ``legal-tables``.
    """

    of: str
    purpose: Text
    steps: tuple[Text, ...] = ()
    guide: str = ""


HELP: dict[str, Help] = {}


def register(*helps: Help) -> None:
    """Add the help of objects.

    Raises:
        ValueError: An object has help already.
    """
    for each in helps:
        if each.of in HELP:
            msg = f"{each.of} has help already"
            raise ValueError(msg)
        HELP[each.of] = each
