"""Shapes in which the API shows people and their roles."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.identity.models import RoleGrant, User


class UserSerializer(serializers.ModelSerializer[User]):
    """An account; never its password or anything that opens it."""

    state = serializers.ChoiceField(choices=["active", "inactive"], read_only=True)

    class Meta:
        model = User
        fields: ClassVar = ["id", "email", "name", "language", "state", "created_at", "last_login"]
        read_only_fields = fields


class RoleGrantSerializer(serializers.ModelSerializer[RoleGrant]):
    """A role that somebody holds, held or will hold."""

    role = serializers.CharField(source="role.code", read_only=True)
    situation = serializers.ChoiceField(choices=["current", "planned", "ended"], read_only=True)

    class Meta:
        model = RoleGrant
        fields: ClassVar = [
            "id",
            "user",
            "role",
            "scope",
            "branch",
            "valid_from",
            "valid_to",
            "ended_at",
            "situation",
        ]
        read_only_fields = fields
