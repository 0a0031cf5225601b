"""Comments over REST: what is said about a record, said, corrected and taken back."""

from typing import Any, cast

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backoffice.collaboration import follow_ups, services
from backoffice.collaboration.models import (
    LONGEST_NOTE,
    MOST_CHARACTERS,
    Comment,
    FollowUp,
    WatchLevel,
)
from backoffice.collaboration.registry import KINDS, RecordKind
from backoffice.collaboration.selectors import (
    VIEW,
    WRITE,
    comments_on,
    rows_for,
    visible_comment,
    watch_of,
)
from backoffice.identity.requests import Request as Prepared
from backoffice.identity.requests import context_of
from backoffice.identity.rules import Access

KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Repeating a request under the same key gives the first answer again.",
)


class CommentSerializer(serializers.Serializer[Comment]):
    """A comment on a record; a deleted one has no text."""

    id = serializers.IntegerField(read_only=True)
    author = serializers.CharField(source="author.name", read_only=True)
    author_id = serializers.IntegerField(read_only=True)
    text = serializers.CharField(read_only=True)
    mentioned = serializers.SerializerMethodField()
    at = serializers.DateTimeField(read_only=True)
    edited_at = serializers.DateTimeField(read_only=True, allow_null=True)
    deleted_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_mentioned(self, comment: Comment) -> list[int]:
        """Accounts of the people whom it names."""
        return sorted(each.user_id for each in comment.mentions.all())


class CommentsSerializer(serializers.Serializer[Any]):
    """What is said about a record, oldest first, and what the caller hears of it."""

    results = CommentSerializer(many=True, read_only=True)
    watch = serializers.CharField(read_only=True)


class CommentInput(serializers.Serializer[Any]):
    """The words of a comment, in a small part of Markdown; ``@Name`` tells somebody."""

    text = serializers.CharField(max_length=MOST_CHARACTERS)


class WatchInput(serializers.Serializer[Any]):
    """What the caller wants to hear of the record; empty for mentions only."""

    level = serializers.ChoiceField(choices=WatchLevel.choices, allow_blank=True)


class CommentEndpoint(APIView):
    """What all endpoints of comments share."""

    permission: str = WRITE

    @property
    def access(self) -> Access:
        """Who asks."""
        return cast("Prepared", self.request).access

    def kind(self, name: str, pk: int, permission: str) -> RecordKind:
        """The kind of a record about which the caller may read or write; 404 for everybody else."""
        kind = KINDS.get(name)
        if kind is None or not rows_for(kind, self.access, permission).filter(pk=pk).exists():
            raise Http404
        return kind

    def text(self) -> str:
        """The words that came in."""
        given = CommentInput(data=self.request.data)
        given.is_valid(raise_exception=True)
        return str(given.validated_data["text"])

    def answer(self, comment: Comment, status: int = 200) -> Response:
        """The comment as it now is."""
        rows = comments_on(comment.company_id, comment.record_type, comment.record_id)
        return Response(CommentSerializer(rows.get(pk=comment.pk)).data, status=status)


class Comments(CommentEndpoint):
    """What is said about one record."""

    permission = VIEW

    @extend_schema(
        operation_id="backoffice_comment_list",
        tags=["backoffice.comment"],
        responses=CommentsSerializer,
    )
    def get(self, request: Request, name: str, pk: int) -> Response:
        """All of it, oldest first."""
        self.kind(name, pk, VIEW)
        rows: Any = comments_on(self.access.company_id, name, pk)
        watch = watch_of(self.access, name, pk)
        return Response({"results": CommentSerializer(rows, many=True).data, "watch": watch})

    @extend_schema(
        operation_id="backoffice_comment_add",
        tags=["backoffice.comment"],
        request=CommentInput,
        responses={201: CommentSerializer},
        parameters=[KEY],
    )
    def post(self, request: Request, name: str, pk: int) -> Response:
        """Say something."""
        self.kind(name, pk, WRITE)
        ctx = context_of(request)
        made = services.add_comment(ctx, record=name, record_id=pk, text=self.text())
        return self.answer(made, 201)


class EditComment(CommentEndpoint):
    """Correct an own comment."""

    @extend_schema(
        operation_id="backoffice_comment_edit",
        tags=["backoffice.comment"],
        request=CommentInput,
        responses=CommentSerializer,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Within an hour."""
        if visible_comment(self.access, pk, WRITE) is None:
            raise Http404
        ctx = context_of(request)
        return self.answer(services.edit_comment(ctx, comment_id=pk, text=self.text()))


class DeleteComment(CommentEndpoint):
    """Take back an own comment."""

    @extend_schema(
        operation_id="backoffice_comment_delete",
        tags=["backoffice.comment"],
        request=None,
        responses=CommentSerializer,
        parameters=[KEY],
    )
    def post(self, request: Request, pk: int) -> Response:
        """Its words go, its trace stays."""
        if visible_comment(self.access, pk, WRITE) is None:
            raise Http404
        return self.answer(services.delete_comment(context_of(request), comment_id=pk))


class WatchEndpoint(CommentEndpoint):
    """What the caller hears of a record."""

    permission = VIEW

    @extend_schema(
        operation_id="backoffice_watch_choose",
        tags=["backoffice.comment"],
        request=WatchInput,
        responses=WatchInput,
    )
    def post(self, request: Request, name: str, pk: int) -> Response:
        """Watch it, mute it, or neither."""
        kind = KINDS.get(name)
        if kind is None or not kind.rows(self.access, "").filter(pk=pk).exists():
            raise Http404
        given = WatchInput(data=request.data)
        given.is_valid(raise_exception=True)
        level = services.choose_watch(
            context_of(request), record=name, record_id=pk, level=given.validated_data["level"]
        )
        return Response({"level": level})


class FollowUpInput(serializers.Serializer[Any]):
    """When the caller wants to be reminded of the record, and of what."""

    due = serializers.DateField()
    note = serializers.CharField(max_length=LONGEST_NOTE, required=False, allow_blank=True)


class FollowUpSerializer(serializers.Serializer[FollowUp]):
    """A reminder of the caller's own."""

    id = serializers.IntegerField(read_only=True)
    record_type = serializers.CharField(read_only=True)
    record_id = serializers.IntegerField(read_only=True)
    due = serializers.DateField(read_only=True)
    note = serializers.CharField(read_only=True)
    done_at = serializers.DateTimeField(read_only=True, allow_null=True)


class RemindEndpoint(APIView):
    """The caller's reminder of a record."""

    permission = follow_ups.OWN

    @extend_schema(
        operation_id="backoffice_follow_up_set",
        tags=["backoffice.follow_up"],
        request=FollowUpInput,
        responses=FollowUpSerializer,
    )
    def post(self, request: Request, name: str, pk: int) -> Response:
        """Set it; the open one moves."""
        given = FollowUpInput(data=request.data)
        given.is_valid(raise_exception=True)
        ctx = context_of(request)
        made = follow_ups.set_follow_up(ctx, record=name, record_id=pk, **given.validated_data)
        return Response(FollowUpSerializer(made).data)


class FollowUps(APIView):
    """The caller's open reminders."""

    permission = follow_ups.OWN

    @extend_schema(
        operation_id="backoffice_follow_up_list",
        tags=["backoffice.follow_up"],
        responses=FollowUpSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """The nearest first."""
        rows = [each.row for each in follow_ups.reminders(cast("Prepared", request).access)]
        found: Any = rows
        return Response(FollowUpSerializer(found, many=True).data)


class FinishFollowUp(APIView):
    """Tick an own reminder off."""

    permission = follow_ups.OWN

    @extend_schema(
        operation_id="backoffice_follow_up_finish",
        tags=["backoffice.follow_up"],
        request=None,
        responses=FollowUpSerializer,
    )
    def post(self, request: Request, pk: int) -> Response:
        """Ticking it off again changes nothing."""
        done = follow_ups.finish_follow_up(context_of(request), follow_up_id=pk)
        return Response(FollowUpSerializer(done).data)
