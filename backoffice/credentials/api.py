"""Shapes in which the API shows certificates; keys and passwords are in none."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.secrets.models import Certificate


class CertificateSerializer(serializers.ModelSerializer[Certificate]):
    """What a certificate says of itself."""

    state = serializers.CharField(read_only=True)

    class Meta:
        model = Certificate
        fields: ClassVar = [
            "id",
            "subject",
            "cnpj",
            "issuer",
            "serial",
            "fingerprint",
            "valid_from",
            "valid_to",
            "state",
            "installed_at",
            "removed_at",
        ]
        read_only_fields = fields
