"""Commands about personal data: reports, requests of data subjects, legal holds."""

from backoffice.privacy.services.holds import place_hold, release_hold
from backoffice.privacy.services.reports import (
    OWN_REPORT,
    REPORT,
    ReportFormat,
    create_own_report,
    create_report,
    report_chunk,
)
from backoffice.privacy.services.requests import (
    answer_request,
    receive_request,
    refuse_request,
    report_for_request,
)

__all__ = [
    "OWN_REPORT",
    "REPORT",
    "ReportFormat",
    "answer_request",
    "create_own_report",
    "create_report",
    "place_hold",
    "receive_request",
    "refuse_request",
    "release_hold",
    "report_chunk",
    "report_for_request",
]
