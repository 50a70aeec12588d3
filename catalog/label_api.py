"""A curator's label of a song, over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import permissions, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.personal import PersonalView, listener_of
from catalog import services
from catalog.desk.access import PERMISSION, songs_of_all
from catalog.judgements import seen_of
from catalog.models import Mood, Song
from moodmusic.api import problem_responses


class IsCurator(permissions.IsAuthenticated):
    """Whoever may sit at the desk."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and request.user.has_perm(PERMISSION)


class PointSerializer(serializers.Serializer[Any]):
    """A place on the plane."""

    valence = serializers.FloatField(min_value=-1, max_value=1)
    arousal = serializers.FloatField(min_value=-1, max_value=1)


class LabelSerializer(serializers.Serializer[Any]):
    """What a song is held to be, and what a label says that it is."""

    moods = serializers.SlugRelatedField(
        many=True,
        slug_field="slug",
        queryset=Mood.objects.all(),
        help_text="Slugs of all moods of the song; none only where it is `ambiguous`.",
    )
    point = PointSerializer(
        required=False, allow_null=True, help_text="Where the song lies; null to leave it."
    )
    ambiguous = serializers.BooleanField(
        default=False, help_text="Whether its mood cannot be told."
    )
    seen = serializers.CharField(
        allow_blank=True,
        max_length=40,
        help_text="What curators had said of the song when it was read, in a code to send back.",
    )


class SongLabel(PersonalView):
    """One song's label."""

    permission_classes = [IsCurator]

    @extend_schema(
        operation_id="songs_label",
        responses={200: LabelSerializer, **problem_responses((403, "forbidden"))},
    )
    def get(self, request: Request, song_id: UUID) -> Response:
        """What the song is held to be. For curators."""
        return Response(_held(self._song(song_id)))

    @extend_schema(
        operation_id="songs_label_set",
        request=LabelSerializer,
        responses={
            200: LabelSerializer,
            **problem_responses((403, "forbidden"), (409, "label_conflict")),
        },
    )
    def put(self, request: Request, song_id: UUID) -> Response:
        """Judge that the song has exactly these moods. For curators, above whom nobody judges.

        Where another curator has judged the song since it was read, nothing is saved: 409
        `label_conflict` carries both judgements, `theirs` and `mine`, and the `seen` with which
        the one that holds is sent again.
        """
        song = self._song(song_id)
        given = LabelSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        said = given.validated_data
        point = said.get("point")
        services.label_save(
            song=song,
            by=listener_of(request),
            moods=said["moods"],
            seen=said["seen"],
            point=(point["valence"], point["arousal"]) if point else None,
            ambiguous=said["ambiguous"],
        )
        return Response(_held(song))

    def _song(self, song_id: UUID) -> Song:
        return get_object_or_404(songs_of_all(), pk=song_id)


def _held(song: Song) -> dict[str, Any]:
    # First of all: who reads what somebody says meanwhile is then told when sending it back.
    seen = seen_of(song.pk)
    song.refresh_from_db()
    return {
        "moods": sorted(song.moods.values_list("slug", flat=True)),
        "point": {"valence": song.valence, "arousal": song.arousal} if song.placed else None,
        "ambiguous": song.ambiguous,
        "seen": seen,
    }
