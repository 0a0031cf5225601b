"""Columns, tables and privacy notes that several objects of people share."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backoffice.resources.records import Column, DataClass, Kind, Personal, Table

SITUATION_LABELS = {
    "active": pgettext_lazy("employee", "Active"),
    "expected": pgettext_lazy("employee", "Expected"),
    "left": pgettext_lazy("employee", "Left"),
}
SITUATION_TONES = {"active": "success", "expected": "info", "left": "neutral"}
OBLIGATION = _("LGPD art. 7, II (legal obligation: CLT, eSocial)")
FIVE_YEARS = _("5 years after the end of the contract (CF art. 7, XXIX). Check with your lawyer.")


def situation() -> Column:
    """Column or fact that says whether somebody works here."""
    return Column(
        key="situation",
        label=_("Situation"),
        kind=Kind.STATE,
        choices=SITUATION_LABELS,
        tones=SITUATION_TONES,
    )


IDENTIFY = Personal(
    data_class=DataClass.PERSONAL,
    purpose=_("Registration of the employee"),
    basis=OBLIGATION,
    retention=FIVE_YEARS,
)
ADDRESS = Personal(
    data_class=DataClass.PERSONAL,
    purpose=_("Contact and registration"),
    basis=OBLIGATION,
    retention=FIVE_YEARS,
)

DOCUMENTS = {
    "identity": _("Identity document"),
    "address": _("Proof of address"),
    "work_card": _("Work card (CTPS)"),
    "education": _("Diploma or certificate"),
    "health": _("Health certificate (ASO, medical note)"),
    "contract": _("Signed contract or amendment"),
    "dependent": _("Document of a dependant"),
    "other": _("Other document"),
}
"""What the documents of an employee can be."""

TERMS = Table(
    columns=(
        Column(key="valid_from", label=_("Valid from"), kind=Kind.DATE),
        Column(key="valid_to", label=_("Valid to"), kind=Kind.DATE),
        Column(key="job_title", label=_("Job title"), source="job_title__name"),
        Column(key="weekly_hours", label=_("Hours a week"), kind=Kind.QUANTITY),
        Column(key="salary", label=_("Salary"), kind=Kind.MONEY),
        Column(key="reason", label=_("Reason"), kind=Kind.CHOICE),
    ),
    order="-valid_from",
)
