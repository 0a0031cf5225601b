"""Which series of numbers exist: each subject registers its own."""

from dataclasses import dataclass

from django.utils.functional import Promise

from backoffice.numbering.rules import check_pattern


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One series of numbers.

    Attributes:
        name: ``area.object``; stable, it stands in the database.
        label: What people call what is numbered.
        pattern: How a number is written where the company says nothing else.
        gapless: Every number is used: for what a law or an accountant counts. Others are fast.
        yearly: Begins again with 1 each year.
        by_branch: Each branch counts by itself.
    """

    name: str
    label: str | Promise
    pattern: str
    gapless: bool = True
    yearly: bool = True
    by_branch: bool = False


SERIES: dict[str, Series] = {}


def register(series: Series) -> Series:
    """Make a series known.

    Raises:
        ValueError: Another series has the name, or its pattern cannot be used.
    """
    check_pattern(series.pattern, yearly=series.yearly, by_branch=series.by_branch)
    if SERIES.setdefault(series.name, series) != series:
        msg = f"two series are named {series.name}"
        raise ValueError(msg)
    return series
