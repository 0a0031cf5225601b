"""Which of the search's own models are no objects."""

from backoffice.resources import registry
from backoffice.search import services
from backoffice.search.models import Favourite, RecentRecord, SearchEntry, SearchMark

registry.internal("Made from the records; the search shows the records.", SearchEntry)
registry.internal("Waits for a moment until entries are made anew.", SearchMark)
registry.internal("Shown in the palette and on the page of recent records.", RecentRecord)
registry.internal("Shown at the top of the menu and on the page of favourites.", Favourite)

__all__ = ["services"]
