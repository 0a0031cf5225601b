"""What is done with letters in the background."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backoffice.jobs.registry import JobKind, register
from backoffice.letters.printing import print_letter_chunk
from backoffice.letters.services.letters import PRINT

register(
    JobKind(
        name=PRINT,
        title=_("Print letters"),
        queue="reports",
        run=print_letter_chunk,
        target_url=lambda pk: reverse("backoffice.letter.detail", args=[pk]),
    )
)
