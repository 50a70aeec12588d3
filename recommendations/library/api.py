"""Favourites, most played songs and the history over the API."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalView, listener_of
from recommendations.api.bodies import given_in
from recommendations.beliefs import edits
from recommendations.library.pages import PAGE
from recommendations.library.selectors import (
    favourite_songs,
    history_page,
    most_played,
    songs_of,
)
from recommendations.library.serializers import (
    FavouriteSongSerializer,
    HistoryQuerySerializer,
    HistorySerializer,
    MostPlayedQuerySerializer,
    MostPlayedSerializer,
)
from recommendations.models import Play, Rating


@extend_schema(tags=["library"])
class FavouriteSongs(PersonalView, generics.ListAPIView[Rating]):
    serializer_class = FavouriteSongSerializer
    queryset = Rating.objects.none()  # for the schema; songs come from the selector

    def get_queryset(self) -> QuerySet[Rating, Any]:
        return favourite_songs(listener_of(self.request))

    @extend_schema(
        operation_id="library_favourites",
        summary="Songs I gave four or five stars",
        description="Five stars first, then those rated last.",
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        rows = self.paginate_queryset(self.get_queryset()) or []
        songs = songs_of(listener_of(request), [row["song"] for row in rows])
        found = [
            {"song": songs[row["song"]], "stars": row["best"]}
            for row in rows
            if row["song"] in songs
        ]
        context = {"request": request}
        body = FavouriteSongSerializer(found, many=True, context=context).data
        return self.get_paginated_response(body)


@extend_schema(tags=["library"])
class MostPlayed(PersonalView):
    @extend_schema(
        operation_id="library_most_played",
        summary="Songs I played to the end most often",
        description="At most 50. Private listening and plays that are not used are left out.",
        parameters=[MostPlayedQuerySerializer],
        responses=MostPlayedSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        asked = given_in(MostPlayedQuerySerializer(data=request.query_params))
        rows = most_played(user=listener_of(request), period=asked["period"])
        context = {"request": request}
        return Response(MostPlayedSerializer(rows, many=True, context=context).data)


@extend_schema(tags=["library"])
class History(PersonalView):
    @extend_schema(
        operation_id="library_history",
        summary="What I played, newest first",
        parameters=[HistoryQuerySerializer],
        responses=HistorySerializer,
    )
    def get(self, request: Request) -> Response:
        asked = given_in(HistoryQuerySerializer(data=request.query_params))
        user = listener_of(request)
        after = None
        if asked.get("after"):
            after = get_object_or_404(Play.objects.filter(user=user), pk=asked["after"])
        plays, last = history_page(user=user, after=after, limit=PAGE)
        page = {"plays": plays, "after": last.pk if last else None}
        return Response(HistorySerializer(page, context={"request": request}).data)

    @extend_schema(
        operation_id="library_history_clear",
        summary="Delete every play",
        description="For good, with what lists learnt from them.",
        responses={204: None},
    )
    def delete(self, request: Request) -> Response:
        edits.history_clear(user=listener_of(request))
        return Response(status=204)


@extend_schema(tags=["library"])
class HistoryPlay(PersonalView):
    @extend_schema(
        operation_id="library_history_remove",
        summary="Remove a play",
        description="From the history and from what lists know; can be undone for 30 days.",
        responses={204: None},
    )
    def delete(self, request: Request, play_id: UUID) -> Response:
        user = listener_of(request)
        plays = Play.objects.filter(user=user).select_related("song")
        edits.event_remove(user=user, event=get_object_or_404(plays, pk=play_id))
        return Response(status=204)
