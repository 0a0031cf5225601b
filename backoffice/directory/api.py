"""Shapes in which the API shows parties; nested rows are those of the company alone."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.parties.models import (
    Party,
    PartyAddress,
    PartyContact,
    PartyRole,
    PayoutAccount,
)


class PartyRoleSerializer(serializers.ModelSerializer[PartyRole]):
    """What a party is to the company."""

    class Meta:
        model = PartyRole
        fields: ClassVar = ["id", "kind", "valid_from", "valid_to"]
        read_only_fields = fields


class PartyAddressSerializer(serializers.ModelSerializer[PartyAddress]):
    """An address; ``place`` is the code of its municipality at IBGE."""

    class Meta:
        model = PartyAddress
        fields: ClassVar = [
            "id",
            "kind",
            "postal_code",
            "street",
            "street_number",
            "address_extra",
            "district",
            "place",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields


class PartyContactSerializer(serializers.ModelSerializer[PartyContact]):
    """A way to reach a party."""

    class Meta:
        model = PartyContact
        fields: ClassVar = ["id", "kind", "value", "person", "purpose", "valid_from", "valid_to"]
        read_only_fields = fields


class PartyAccountSerializer(serializers.ModelSerializer[PayoutAccount]):
    """Where a party is paid."""

    class Meta:
        model = PayoutAccount
        fields: ClassVar = [
            "id",
            "kind",
            "bank_code",
            "agency",
            "account",
            "pix_key",
            "valid_from",
            "valid_to",
        ]
        read_only_fields = fields


class PartySerializer(serializers.ModelSerializer[Party]):
    """A party that is, or was, something to the company."""

    state = serializers.CharField(read_only=True)
    merged_into = serializers.CharField(read_only=True, allow_null=True)

    class Meta:
        model = Party
        fields: ClassVar = ["id", "kind", "tax_id", "name", "social_name", "state", "merged_into"]
        read_only_fields = fields


class PartyDetailSerializer(PartySerializer):
    """A party with all that the company keeps of it."""

    roles = PartyRoleSerializer(many=True, read_only=True)
    addresses = PartyAddressSerializer(many=True, read_only=True)
    contacts = PartyContactSerializer(many=True, read_only=True)
    payout_accounts = PartyAccountSerializer(many=True, read_only=True)

    class Meta(PartySerializer.Meta):
        fields: ClassVar = [
            *PartySerializer.Meta.fields,
            "roles",
            "addresses",
            "contacts",
            "payout_accounts",
        ]
        read_only_fields = fields
