"""Playlists over the API; others' are not found."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalFileView, PersonalView, listener_of
from catalog.selectors import songs_browsable
from moodmusic.api import problem_responses
from recommendations.api.bodies import given_in, named_list
from recommendations.library import playlists as services
from recommendations.library.exports import playlist_file
from recommendations.library.selectors import playlists_of
from recommendations.library.serializers import (
    PlaylistAddSerializer,
    PlaylistDescribeSerializer,
    PlaylistLinkSerializer,
    PlaylistMakeSerializer,
    PlaylistOrderSerializer,
    PlaylistSerializer,
    PlaylistSummarySerializer,
)
from recommendations.list_export import FILE_RESPONSES, FORMATS
from recommendations.models import ListItem, Playlist


def _mine(request: Request, playlist_id: UUID) -> Playlist:
    return get_object_or_404(playlists_of(listener_of(request)), pk=playlist_id)


def _answer(request: Request, playlist_id: UUID, status: int = 200) -> Response:
    """The playlist as it is now."""
    body = PlaylistSerializer(_mine(request, playlist_id), context={"request": request}).data
    return Response(body, status=status)


@extend_schema(tags=["playlists"])
class Playlists(PersonalView, generics.ListAPIView[Playlist]):
    serializer_class = PlaylistSummarySerializer
    queryset = Playlist.objects.none()  # for the schema; playlists come from the selector

    def get_queryset(self) -> QuerySet[Playlist]:
        return playlists_of(listener_of(self.request))

    @extend_schema(operation_id="playlists", summary="My playlists, lately changed first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="playlist_make",
        summary="Make a playlist, empty or of a whole list",
        request=PlaylistMakeSerializer,
        responses={201: PlaylistSerializer, **problem_responses((409, "too_many"))},
    )
    def post(self, request: Request) -> Response:
        given = given_in(PlaylistMakeSerializer(data=request.data))
        user = listener_of(request)
        song_list = named_list(user, given)
        items = song_list.items.order_by("position") if song_list else ListItem.objects.none()
        made = services.playlist_make(
            user=user,
            name=given["name"],
            description=given["description"],
            songs=items.values_list("song", flat=True),
        )
        return _answer(request, made.pk, 201)


@extend_schema(tags=["playlists"])
class PlaylistDetail(PersonalView):
    @extend_schema(
        operation_id="playlist", summary="One of my playlists", responses=PlaylistSerializer
    )
    def get(self, request: Request, playlist_id: UUID) -> Response:
        return _answer(request, playlist_id)

    @extend_schema(
        operation_id="playlist_describe",
        summary="Give it another name or description",
        request=PlaylistDescribeSerializer,
        responses=PlaylistSerializer,
    )
    def patch(self, request: Request, playlist_id: UUID) -> Response:
        given = given_in(PlaylistDescribeSerializer(data=request.data))
        mine = _mine(request, playlist_id)
        services.playlist_describe(
            playlist=mine,
            name=given.get("name", mine.name),
            description=given.get("description", mine.description),
        )
        return _answer(request, playlist_id)

    @extend_schema(
        operation_id="playlist_delete",
        summary="Delete it, and its link",
        responses={204: None},
    )
    def delete(self, request: Request, playlist_id: UUID) -> Response:
        services.playlist_delete(playlist=_mine(request, playlist_id))
        return Response(status=204)


@extend_schema(tags=["playlists"])
class PlaylistSongs(PersonalView):
    @extend_schema(
        operation_id="playlist_add",
        summary="Add a song at the end",
        description="Idempotent: a song that is in it already stays where it is.",
        request=PlaylistAddSerializer,
        responses={200: PlaylistSerializer, **problem_responses((409, "too_many"))},
    )
    def post(self, request: Request, playlist_id: UUID) -> Response:
        given = given_in(PlaylistAddSerializer(data=request.data))
        mine = _mine(request, playlist_id)
        songs = songs_browsable(user=listener_of(request))
        services.playlist_add(playlist=mine, song=get_object_or_404(songs, pk=given["song"]))
        return _answer(request, playlist_id)

    @extend_schema(
        operation_id="playlist_order",
        summary="Put its songs in an order",
        description=(
            "For the `version` that was looked at: when the songs were changed since, as on "
            "another device, nothing changes and the answer is `playlist_changed`."
        ),
        request=PlaylistOrderSerializer,
        responses={200: PlaylistSerializer, **problem_responses((409, "playlist_changed"))},
    )
    def put(self, request: Request, playlist_id: UUID) -> Response:
        given = given_in(PlaylistOrderSerializer(data=request.data))
        services.playlist_order(
            playlist=_mine(request, playlist_id), songs=given["songs"], version=given["version"]
        )
        return _answer(request, playlist_id)


@extend_schema(tags=["playlists"])
class PlaylistSong(PersonalView):
    @extend_schema(
        operation_id="playlist_remove",
        summary="Take a song out",
        description="Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, playlist_id: UUID, song_id: UUID) -> Response:
        services.playlist_remove(playlist=_mine(request, playlist_id), song_id=song_id)
        return Response(status=204)


@extend_schema(tags=["playlists"])
class PlaylistLink(PersonalView):
    @extend_schema(
        operation_id="playlist_share",
        summary="Share it by a link",
        description=(
            "Whoever has the link sees titles, artists, covers and licences, signed in or not; "
            "songs of the owner's own are left out. Repeating it gives the same link."
        ),
        request=None,
        responses=PlaylistLinkSerializer,
    )
    def put(self, request: Request, playlist_id: UUID) -> Response:
        token = services.playlist_share(playlist=_mine(request, playlist_id))
        path = reverse("shared_playlist", args=[token])
        return Response({"link": request.build_absolute_uri(path)})

    @extend_schema(
        operation_id="playlist_unshare",
        summary="Take the link back",
        description="It leads nowhere from then on; the next one is another. Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, playlist_id: UUID) -> Response:
        services.playlist_unshare(playlist=_mine(request, playlist_id))
        return Response(status=204)


@extend_schema(tags=["playlists"])
class PlaylistExport(PersonalFileView):
    @extend_schema(
        operation_id="playlist_export",
        summary="One of my playlists as a file for other players",
        parameters=[OpenApiParameter("format", str, enum=FORMATS, default=FORMATS[0])],
        responses=FILE_RESPONSES,
    )
    def get(self, request: Request, playlist_id: UUID) -> HttpResponse:
        asked = request.query_params.get("format", FORMATS[0])
        return playlist_file(playlist=_mine(request, playlist_id), format=asked)
