"""Kinds of links, each with its words in both directions; areas add theirs."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkKind:
    """One kind of link.

    Attributes:
        name: ``area.kind``; stable, it stands in the database.
        forward: What the source is to the target: "replaces".
        backward: What the target is to the source: "replaced by".
        sources: Models of records that can be a source, in small letters; empty for any.
        targets: The same for targets.
        alike: Both records are of one model.
        by_people: People make and take away such links; others come from commands alone.
        own_panel: The pages of targets show the sources in a panel of their own.
    """

    name: str
    forward: str | Promise
    backward: str | Promise
    sources: frozenset[str] = frozenset()
    targets: frozenset[str] = frozenset()
    alike: bool = False
    by_people: bool = False
    own_panel: bool = False

    def fits(self, source: str, target: str) -> bool:
        """Whether it can lead from a record of one model to one of another."""
        return (
            (not self.sources or source in self.sources)
            and (not self.targets or target in self.targets)
            and (not self.alike or source == target)
        )


KINDS: dict[str, LinkKind] = {}


def register(*kinds: LinkKind) -> None:
    """Make kinds known.

    Raises:
        ValueError: Another kind has the name.
    """
    for kind in kinds:
        if KINDS.setdefault(kind.name, kind) != kind:
            msg = f"two kinds of link are named {kind.name}"
            raise ValueError(msg)


REFERS_TO = LinkKind(
    name="backoffice.refers_to",
    forward=_("Refers to"),
    backward=_("Referred to by"),
    by_people=True,
)
BELONGS_TO = LinkKind(
    name="backoffice.belongs_to",
    forward=_("Belongs to"),
    backward=_("Has"),
    by_people=True,
)
REPLACES = LinkKind(
    name="backoffice.replaces",
    forward=_("Replaces"),
    backward=_("Replaced by"),
    alike=True,
    by_people=True,
)
RELATED = LinkKind(
    name="backoffice.related",
    forward=_("Related to"),
    backward=_("Related to"),
    by_people=True,
)
register(REFERS_TO, BELONGS_TO, REPLACES, RELATED)
