"""How far people are with their guided tasks."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.organization.models import CompanyOwned


class GuidedProgress(CompanyOwned):
    """One row is how far one person is with one guided task since they last started it.

    ``seen`` names the steps that were only to be looked at; what was done is read from the log of events.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    task = models.CharField(max_length=60)
    started_at = models.DateTimeField()
    seen = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "backoffice_guided_progress"
        verbose_name = _("progress of a guided task")
        verbose_name_plural = _("progress of guided tasks")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["company", "user", "task"],
                name="guided_progress_once",
                violation_error_message=_("A person does a task once at a time."),
            ),
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(done_at__gte=F("started_at")),
                name="guided_progress_time_runs_forward",
                violation_error_message=_("A task ends after it began."),
            ),
        ]

    @override
    def __str__(self) -> str:
        return f"{self.user_id} {self.task}"
