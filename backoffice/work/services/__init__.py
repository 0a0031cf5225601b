"""The one way to move work: open an item, take a step; every function is the set form."""

from backoffice.work.services.events import Move
from backoffice.work.services.opening import open_item, open_items
from backoffice.work.services.transitions import transition

__all__ = ["Move", "open_item", "open_items", "transition"]
