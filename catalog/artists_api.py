"""Artists and albums over the API, and the artists that a listener has hidden."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import CharField, ChoiceField, Serializer

from accounts.personal import PersonalView, listener_of
from catalog import services
from catalog.models import Album, Artist, HiddenArtist
from catalog.search.matching import LONGEST_QUERY, Search
from catalog.selectors import albums_browsable, artists_browsable, artists_hidden, artists_reachable
from catalog.serializers import (
    AlbumDetailSerializer,
    AlbumSerializer,
    ArtistDetailSerializer,
    ArtistSerializer,
    HiddenArtistSerializer,
)
from catalog.shelves import (
    LETTERS,
    OTHER,
    albums_listed,
    albums_of,
    artists_listed,
    tracks_of,
)

#: Artists or albums that one search finds.
MOST_FOUND = 50


class ShelfAsked(Serializer[Any]):
    """What a list of artists or albums may be narrowed to."""

    q = CharField(required=False, allow_blank=True, max_length=LONGEST_QUERY)
    letter = ChoiceField(choices=[*LETTERS, OTHER], required=False, allow_blank=True)


Q_PARAMETER = OpenApiParameter(
    "q", str, description=f"Words of the name, misspelt ones too; the best {MOST_FOUND}."
)
LETTER_PARAMETER = OpenApiParameter(
    "letter", str, enum=[*LETTERS, OTHER], description="The first letter of the name."
)


def _asked(request: Request) -> dict[str, str]:
    asked = ShelfAsked(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return {"q": "", "letter": "", **asked.validated_data}


@extend_schema(tags=["songs"])
class ArtistList(PersonalView, generics.ListAPIView[Artist]):
    serializer_class = ArtistSerializer
    filter_backends = []
    queryset = Artist.objects.none()  # for the schema; artists come from the selector

    def get_queryset(self) -> Any:
        asked, user = _asked(self.request), listener_of(self.request)
        artists = artists_listed(user=user, letter=asked["letter"])
        return Search(asked["q"]).artists(artists, MOST_FOUND) if asked["q"] else artists

    @extend_schema(
        operation_id="artists_list",
        summary="Artists, by name",
        description="Without those that I have hidden; see /me/hidden-artists.",
        parameters=[Q_PARAMETER, LETTER_PARAMETER],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


@extend_schema(tags=["songs"])
class ArtistDetail(PersonalView):
    @extend_schema(
        operation_id="artist",
        summary="One artist, with albums",
        description="Hidden ones too. The songs are at /songs?artist_id=.",
        responses=ArtistDetailSerializer,
    )
    def get(self, request: Request, artist_id: int) -> Response:
        user = listener_of(request)
        artist: Any = get_object_or_404(artists_browsable(user=user), pk=artist_id)
        artist.albums_shown = albums_of(user=user, artist=artist)
        return Response(ArtistDetailSerializer(artist).data)


@extend_schema(tags=["songs"])
class AlbumList(PersonalView, generics.ListAPIView[Album]):
    serializer_class = AlbumSerializer
    filter_backends = []
    queryset = Album.objects.none()  # for the schema; albums come from the selector

    def get_queryset(self) -> Any:
        asked = _asked(self.request)
        albums: QuerySet[Album] = albums_listed(user=listener_of(self.request))
        return Search(asked["q"]).albums(albums, MOST_FOUND) if asked["q"] else albums

    @extend_schema(operation_id="albums_list", summary="Albums, by title", parameters=[Q_PARAMETER])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)


@extend_schema(tags=["songs"])
class AlbumDetail(PersonalView):
    @extend_schema(
        operation_id="album",
        summary="One album, with its songs in order",
        responses=AlbumDetailSerializer,
    )
    def get(self, request: Request, album_id: int) -> Response:
        user = listener_of(request)
        album: Any = get_object_or_404(albums_browsable(user=user), pk=album_id)
        album.songs_shown = tracks_of(user=user, album=album)
        return Response(AlbumDetailSerializer(album).data)


@extend_schema(tags=["songs"])
class ArtistHidden(PersonalView):
    @extend_schema(
        operation_id="artist_hide",
        summary="Hide an artist from me",
        description="None of the artist's songs is in a list of mine or found by browsing until "
        "I take it back. Idempotent.",
        request=None,
        responses={204: None},
    )
    def put(self, request: Request, artist_id: int) -> Response:
        user = listener_of(request)
        artist = get_object_or_404(artists_browsable(user=user), pk=artist_id)
        services.artist_hide(user=user, artist=artist)
        return Response(status=204)

    @extend_schema(
        operation_id="artist_show",
        summary="Show me a hidden artist again",
        description="Idempotent.",
        responses={204: None},
    )
    def delete(self, request: Request, artist_id: int) -> Response:
        user = listener_of(request)
        artist = get_object_or_404(artists_reachable(user=user), pk=artist_id)
        services.artist_show(user=user, artist=artist)
        return Response(status=204)


@extend_schema(tags=["me"])
class HiddenArtists(PersonalView, generics.ListAPIView[HiddenArtist]):
    serializer_class = HiddenArtistSerializer
    filter_backends = []
    queryset = HiddenArtist.objects.none()  # for the schema; they come from the selector

    def get_queryset(self) -> QuerySet[HiddenArtist]:
        return artists_hidden(user=listener_of(self.request))

    @extend_schema(operation_id="hidden_artists", summary="Artists I have hidden, latest first")
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)
