"""Links are no object of their own: they stand on the pages of the records that they tie together."""

from backoffice.linking.objects import RegisteredObjects
from backoffice.links import services
from backoffice.links.models import Link
from backoffice.links.objects import OBJECTS
from backoffice.resources import registry

__all__ = ["services"]  # imported for its commands

OBJECTS.provide(RegisteredObjects())
registry.internal("Shown on both records that it ties together, with doors of its own.", Link)
