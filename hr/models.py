"""All models of the area, for Django; code imports them from their own subjects."""
