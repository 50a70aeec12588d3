"""Favourites over the API."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import User
from accounts.personal import PersonalView, listener_of
from recommendations import services
from recommendations.favourites import LONGEST_SEARCH, favourite_choices, favourites_of
from recommendations.serializers import FavouritesSerializer

EXAMPLE = OpenApiExample("Three favourites", {"artists": ["Ambro Tide"], "genres": ["ambient"]})


def _body(user: User) -> dict[str, list[str]]:
    named = list(favourites_of(user))
    return {
        "artists": [one.artist.name for one in named if one.artist],
        "genres": [one.genre for one in named if one.genre],
    }


@extend_schema(tags=["me"])
class Favourites(PersonalView):
    @extend_schema(
        operation_id="favourites", summary="My favourites", responses=FavouritesSerializer
    )
    def get(self, request: Request) -> Response:
        return Response(FavouritesSerializer(_body(listener_of(request))).data)

    @extend_schema(
        operation_id="favourites_set",
        summary="Name favourites",
        description="Up to three artists and genres together, in place of those named before; "
        "none of either takes them all back. Idempotent.",
        request=FavouritesSerializer,
        responses=FavouritesSerializer,
        examples=[EXAMPLE],
    )
    def put(self, request: Request) -> Response:
        given = FavouritesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        user = listener_of(request)
        services.favourites_set(user=user, **given.validated_data)
        return Response(FavouritesSerializer(_body(user)).data)


@extend_schema(tags=["me"])
class FavouriteChoices(PersonalView):
    @extend_schema(
        operation_id="favourite_choices",
        summary="Artists and genres to choose from",
        description="Those with most songs first; with `q`, those whose names hold all its words.",
        parameters=[
            OpenApiParameter("q", str, description=f"At most {LONGEST_SEARCH} characters count.")
        ],
        responses=FavouritesSerializer,
    )
    def get(self, request: Request) -> Response:
        choices = favourite_choices(search=request.query_params.get("q", ""))
        return Response(
            FavouritesSerializer({"artists": choices.artists, "genres": choices.genres}).data
        )
