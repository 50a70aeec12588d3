"""What recommendations hold of a listener: lists, what was said of songs, wishes and taste."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from django.core.cache import cache
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, Row, Subject, told
from accounts.models import User
from emotions.models import Emotion
from moodmusic.enqueue import ring
from recommendations.ageing import AGEING
from recommendations.models import (
    Favourite,
    JournalWishes,
    ListItem,
    ListWishes,
    MoodAfter,
    Nudge,
    Play,
    Playlist,
    PlaylistItem,
    PrivateStretch,
    Rating,
    SongList,
    Taste,
    TasteEdit,
    Verdict,
)

SONG = {"song": "song_id", "title": "song__title", "artist": "song__artist__name"}


def _of(kind: type[Model], *order: str) -> Any:
    def query(user: User) -> QuerySet[Any]:
        return kind._default_manager.filter(user=user).order_by(*order, "pk")

    return query


def _items(user: User) -> QuerySet[ListItem]:
    mine = ListItem.objects.filter(song_list__user=user)
    return mine.order_by("song_list__created_at", "song_list", "position")


def _playlists(user: User) -> QuerySet[Playlist]:
    """Whether each is shared, not the link: whoever finds the download could follow it."""
    mine = Playlist.objects.filter(user=user).annotate(shared=Q(share_token__isnull=False))
    return mine.order_by("created_at", "pk")


def _playlist_items(user: User) -> QuerySet[PlaylistItem]:
    mine = PlaylistItem.objects.filter(playlist__user=user)
    return mine.order_by("playlist__created_at", "playlist", "position")


def _taste(user: User) -> Iterator[Row]:
    for taste in Taste.objects.filter(user=user).select_related("model"):
        yield {
            "version": taste.version,
            "model": taste.model and taste.model.number,
            "events": taste.events,
            "through": taste.through,
            "updated_at": taste.updated_at,
            "factors": np.frombuffer(bytes(taste.factors), dtype="<f4").tolist(),
        }


def _refold(user_id: int) -> None:
    from recommendations.tasks import refold_taste

    ring(refold_taste, user_id)


def _erased(user_id: int, email: str) -> None:
    cache.delete_many([f"recommendations:liked:{emotion}:{user_id}" for emotion in Emotion.values])


HOLDING = Holding(
    app="recommendations",
    subjects=(
        Subject(
            "lists",
            _("Lists that were made for you, each for a mood and a goal."),
            told(
                _of(SongList, "created_at"),
                "id", "created_at", "reading_id", "emotion", "goal", "journey", "activity",
                "daypart", "valence", "arousal", "collaborative_weight", "new_percent",
                "began_as_id", "unused_by_id", model="model__number",
            ),
            ("recommendations.SongList",),
        ),
        Subject(
            "list_songs",
            _("The songs of your lists, and how each came to its place."),
            told(
                _items, "song_list_id", "position", **SONG, score="score", parts="parts",
                reason="reason", chance="propensity", tried="tried", new="new",
            ),
            ("recommendations.ListItem",),
        ),
        Subject(
            "ratings",
            _("Your stars for songs."),
            told(
                _of(Rating, "created_at"), **SONG, stars="stars", emotion="emotion",
                activity="activity", daypart="daypart", private="private",
                song_list_id="song_list_id", rated_at="rated_at", created_at="created_at",
                updated_at="updated_at",
            ),
            ("recommendations.Rating",),
        ),
        Subject(
            "plays",
            _("What you played, and how far."),
            told(
                _of(Play, "started_at"), "id", **SONG, started_at="started_at",
                position_s="position_s", outcome="outcome", emotion="emotion",
                activity="activity", daypart="daypart", private="private",
                song_list_id="song_list_id", unused_by_id="unused_by_id", updated_at="updated_at",
            ),
            ("recommendations.Play",),
        ),
        Subject(
            "verdicts",
            _("Songs to which you said: not this."),
            told(
                _of(Verdict, "created_at"), "id", **SONG, kind="kind", emotion="emotion",
                right_emotion="right_emotion", replaced_emotion="replaced_emotion",
                replaced_at="replaced_at", private="private", song_list_id="song_list_id",
                created_at="created_at",
            ),
            ("recommendations.Verdict",),
        ),
        Subject(
            "nudges",
            _("Songs of which you asked for more like them, or for less."),
            told(
                _of(Nudge, "created_at"), "id", **SONG, kind="kind", emotion="emotion",
                private="private", song_list_id="song_list_id", created_at="created_at",
            ),
            ("recommendations.Nudge",),
        ),
        Subject(
            "moods_after",
            _("Whether you were asked how you were after a list, and what you said."),
            told(
                _of(MoodAfter, "asked_at"), "song_list_id", "answer", "emotion", "valence",
                "arousal", "asked_at", "closed_at",
            ),
            ("recommendations.MoodAfter",),
        ),
        Subject(
            "playlists",
            _("Your playlists, and whether each is shared. The link itself is on its page alone."),
            told(
                _playlists, "id", "name", "description", "version", "shared", "created_at",
                "updated_at",
            ),
            ("recommendations.Playlist",),
        ),
        Subject(
            "playlist_songs",
            _("The songs of your playlists, in their order."),
            told(_playlist_items, "playlist_id", "position", **SONG, added_at="added_at"),
            ("recommendations.PlaylistItem",),
        ),
        Subject(
            "favourites",
            _("Artists and genres that you named as a first taste."),
            told(_of(Favourite), "genre", "created_at", artist="artist__name"),
            ("recommendations.Favourite",),
        ),
        Subject(
            "wishes",
            _("How you want lists to be made."),
            told(_of(ListWishes), "new_percent", "familiar_first"),
            ("recommendations.ListWishes",),
        ),
        Subject(
            "journal_wishes",
            _("Whether you want to be asked how you are after a list."),
            told(_of(JournalWishes), "asks_after"),
            ("recommendations.JournalWishes",),
        ),
        Subject(
            "private_stretch",
            _("When your latest private stretch ended or ends."),
            told(_of(PrivateStretch), "until"),
            ("recommendations.PrivateStretch",),
        ),
        Subject(
            "taste",
            _("What was worked out of all that: numbers that place you among the songs."),
            _taste,
            ("recommendations.Taste",),
        ),
        Subject(
            "taste_edits",
            _("What you changed of your taste in the last 30 days, as it was before."),
            told(
                _of(TasteEdit, "created_at"), "id", "created_at", "kind", "name", "emotion",
                "whole", "before", "after",
            ),
            ("recommendations.TasteEdit",),
        ),
    ),
    ageing=AGEING,
    purged=_refold,
    erased=_erased,
)  # fmt: skip
