"""The door through which bytes come in: limits before anything is read, inspection before anything is used."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.errors import InvalidInput
from backoffice.files.inspection import CheckedFile, inspect, refusal
from backoffice.files.rules import ACCEPTED


class RefuseTooLarge(FileUploadHandler):
    """Ends a request whose announced or real size is beyond what any file may have."""

    @override
    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,
        content_length: Any,
        boundary: Any,
        encoding: str | None = None,
    ) -> None:
        """Believe the announcement, when it is too large."""
        self.seen = 0
        if content_length > settings.FILES_REQUEST_BYTES:
            raise RequestDataTooBig

    @override
    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Count what really comes."""
        self.seen += len(raw_data)
        if self.seen > settings.FILES_REQUEST_BYTES:
            raise RequestDataTooBig
        return raw_data

    @override
    def file_complete(self, file_size: int) -> None:
        """The next handler keeps it."""


class CheckedFileField(forms.FileField):
    """A file of a form; its clean value is a ``CheckedFile``."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401  Django's own
        kwargs.setdefault("label", _("File"))
        kwargs.setdefault(
            "help_text",
            format_lazy(
                _("PDF, picture, Word, Excel or OpenDocument, up to {most} MB."),
                most=settings.FILES_MAX_BYTES // (1024 * 1024),
            ),
        )
        super().__init__(widget=forms.FileInput(attrs={"accept": ACCEPTED}), **kwargs)

    @override
    def clean(self, data: Any, initial: Any = None) -> CheckedFile | None:
        """Look into what came.

        Raises:
            ValidationError: It is not kept; the code says why.
        """
        found: Any = super().clean(data, initial)
        if not isinstance(found, UploadedFile):
            return None
        try:
            if (found.size or 0) > settings.FILES_MAX_BYTES:
                raise refusal("file_too_large")
            return inspect(found.name or "", found.read())
        except InvalidInput as error:
            raise ValidationError(str(error), code=error.code) from error
