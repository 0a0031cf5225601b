"""Shapes in which the API shows people and their roles."""

from typing import ClassVar

from rest_framework import serializers

from backoffice.identity.models import Delegation, Role, RoleGrant, User


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


class ProgramSerializer(serializers.ModelSerializer[User]):
    """An account of a program; its tokens are never shown."""

    state = serializers.ChoiceField(choices=["active", "inactive"], read_only=True)

    class Meta:
        model = User
        fields: ClassVar = ["id", "name", "owner", "expires_on", "state", "created_at"]
        read_only_fields = fields


class RoleSerializer(serializers.ModelSerializer[Role]):
    """A role and what it allows."""

    state = serializers.ChoiceField(choices=["standard", "own", "retired"], read_only=True)
    holders = serializers.IntegerField(read_only=True)

    class Meta:
        model = Role
        fields: ClassVar = ["id", "code", "name", "description", "state", "holders", "permissions"]
        read_only_fields = fields


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """Who stands in for whom."""

    situation = serializers.ChoiceField(choices=["current", "planned", "ended"], read_only=True)

    class Meta:
        model = Delegation
        fields: ClassVar = [
            "id",
            "giver",
            "taker",
            "permissions",
            "valid_from",
            "valid_to",
            "reason",
            "created_at",
            "ended_at",
            "situation",
        ]
        read_only_fields = fields
