"""The company, its parts, calendars and numbers, as registered objects."""

from backoffice.structure.register import calendars, numbering, parts, places

__all__ = ["calendars", "numbering", "parts", "places"]
