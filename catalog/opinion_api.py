"""What a listener hears in a song, over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from catalog import services
from catalog.judgements import opinion_of
from catalog.models import Mood, Song
from catalog.selectors import songs_audible
from moodmusic.api import problem_responses


class OpinionSerializer(serializers.Serializer[Any]):
    """The listener's word on a song, and what the song is held to be."""

    moods = serializers.SlugRelatedField(
        many=True,
        slug_field="slug",
        queryset=Mood.objects.all(),
        help_text="Slugs of all moods the listener hears in the song.",
    )
    lacks = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Slugs of moods that the listener says it lacks: those it had, and not in moods.",
    )
    song_moods = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Slugs of the moods that the song has, by everybody's judgements.",
    )


class SongOpinion(PersonalView):
    """One listener's opinion of one song's moods."""

    @extend_schema(operation_id="songs_opinion", responses=OpinionSerializer)
    def get(self, request: Request, song_id: UUID) -> Response:
        """What the listener said of the song's moods; both lists are empty before that."""
        return self._answer(request, self._song(request, song_id))

    @extend_schema(
        operation_id="songs_opinion_set",
        request=OpinionSerializer,
        responses={200: OpinionSerializer, **problem_responses((429, "throttled"))},
    )
    def put(self, request: Request, song_id: UUID) -> Response:
        """Say which moods the song has. Three listeners of one mind change what lists follow."""
        song = self._song(request, song_id)
        given = OpinionSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        services.opinion_set(
            user=listener_of(request), song=song, moods=given.validated_data["moods"]
        )
        return self._answer(request, song)

    @extend_schema(
        operation_id="songs_opinion_clear",
        responses={204: None, **problem_responses((429, "throttled"))},
    )
    def delete(self, request: Request, song_id: UUID) -> Response:
        """Take the opinion back."""
        services.opinion_clear(user=listener_of(request), song=self._song(request, song_id))
        return Response(status=204)

    def _song(self, request: Request, song_id: UUID) -> Song:
        return get_object_or_404(songs_audible(user=request.user).defer("features"), pk=song_id)

    def _answer(self, request: Request, song: Song) -> Response:
        opinion = opinion_of(user=listener_of(request), song=song)
        held = sorted(song.moods.values_list("slug", flat=True))
        return Response({"moods": opinion.moods, "lacks": opinion.lacks, "song_moods": held})
