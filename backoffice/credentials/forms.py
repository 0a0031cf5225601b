"""The file of a certificate and its password."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from typing_extensions import override

from backoffice.secrets.certificates import LARGEST, WHY


class CertificateField(forms.FileField):
    """A small file; its clean value is its bytes."""

    @override
    def clean(self, data: Any, initial: Any = None) -> bytes:
        """Refuse what no certificate is as large as."""
        found = super().clean(data, initial)
        if not isinstance(found, UploadedFile) or (found.size or 0) > LARGEST:
            raise ValidationError(str(WHY["not_pkcs12"][1]), code="not_pkcs12")
        return bytes(found.read())


class InstallForm(forms.Form):
    """A certificate for the company."""

    file = CertificateField(
        label=_("Certificate file"),
        help_text=_("The A1 certificate as .pfx or .p12, with its private key."),
        widget=forms.FileInput(attrs={"accept": ".pfx,.p12"}),
    )
    password = forms.CharField(
        label=_("Password of the file"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
