"""Rows in whose texts words stand, without regard to accents, case or punctuation."""

import re
from typing import Any

from django.db.models import Q, QuerySet

PUNCTUATION = re.compile(r"[./()\-\s]")


def matching(rows: QuerySet[Any], paths: list[str], words: str) -> QuerySet[Any]:
    """Rows in which every word stands in one of the texts."""
    for word in words.split():
        found = Q()
        for path in paths:
            found |= Q((f"{path}__unaccent__icontains", word))
            bare = PUNCTUATION.sub("", word)
            if bare != word and bare.isalnum():
                found |= Q((f"{path}__icontains", bare))
        rows = rows.filter(found)
    return rows
