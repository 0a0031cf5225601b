"""The company, its parts and its calendars, as registered objects."""

from backoffice.structure.register import calendars, parts

__all__ = ["calendars", "parts"]
