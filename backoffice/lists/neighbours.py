"""The record before and the record after, in the list from which somebody came."""

from django.http import HttpRequest, HttpResponse

from backoffice.database import keyset
from backoffice.resources import listing, registry
from backoffice.resources.views import ResourcePage


class NeighboursPage(ResourcePage):
    """Links to the neighbours of a record under the question in the address; for the record's page."""

    template_name = "lists/neighbours.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Both links; none for a record that the question no longer finds."""
        record = self.record(pk)
        asked = listing.read(request, self.resource, self.access)
        cursor = keyset.cursor_of(asked.rows, asked.sort, record.pk)
        found = {"previous_url": "", "next_url": ""}
        if cursor:
            for name, side in (("previous_url", "before"), ("next_url", "after")):
                page = keyset.page(asked.rows, ["pk"], asked.sort, limit=1, **{side: cursor})
                if page.rows:
                    found[name] = registry.url(self.resource, "detail", page.rows[0][0])
        return self.page(found)
