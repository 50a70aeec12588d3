"""What the catalogue holds of a listener: own songs, opinions, hidden artists, a curator's work."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.holdings import Holding, Row, Subject, told
from accounts.models import User
from catalog.exports import told_record
from catalog.models import (
    Annotation,
    AudioFile,
    Edit,
    HiddenArtist,
    ImportRun,
    Placement,
    Song,
)
from catalog.services.consensus import ids_in_batches
from catalog.services.copies import copies_folder_drop
from catalog.services.files import path_of

OF_THE_SONG = _("part of your own songs, worked out of their files; the songs and files are there")


def _by(kind: type[Model], field: str) -> Any:
    def query(user: User) -> QuerySet[Any]:
        return kind._default_manager.filter(**{field: user}).order_by("pk")

    return query


def _own_songs(user: User) -> Iterator[Row]:
    songs = Song.objects.filter(owner=user).select_related("artist", "album").order_by("pk")
    for song in songs.prefetch_related("moods").iterator(chunk_size=500):
        yield {
            "id": song.pk,
            **told_record(song),
            "valence": song.valence if song.placed else None,
            "arousal": song.arousal if song.placed else None,
            "features": song.features,
            "hidden": song.hidden,
            "created_at": song.created_at,
        }


def _files(user: User) -> QuerySet[AudioFile]:
    return AudioFile.objects.filter(song__owner=user).order_by("pk")


def _places(user: User) -> Iterator[tuple[str, Path | None]]:
    for file in _files(user).iterator():
        yield f"{file.song_id}-{file.pk}{file.location.suffix}", path_of(file)


def _erased(user_id: int, email: str) -> None:
    """No cascade reaches the history of own songs, their imports, which name files, and the folder
    of their copies, which names its owner.
    """
    past = apps.get_model("catalog", "HistoricalSong").objects
    moods = apps.get_model("catalog", "HistoricalSong_moods").objects
    songs = past.filter(owner_id=user_id).values_list("id", flat=True).distinct()
    for some in ids_in_batches(sorted(songs)):
        moods.filter(history__in=past.filter(id__in=some)).delete()
        past.filter(id__in=some).delete()
    ImportRun.objects.filter(options__owner=user_id).delete()
    transaction.on_commit(partial(copies_folder_drop, owner_id=user_id), robust=True)


def _imports(user: User) -> QuerySet[ImportRun]:
    """Those of the listener's own songs too, which whoever runs the server began."""
    return ImportRun.objects.filter(Q(by=user) | Q(options__owner=user.pk)).order_by("pk")


HOLDING = Holding(
    app="catalog",
    subjects=(
        Subject(
            "own_songs",
            _("Songs that are yours alone."),
            _own_songs,
            ("catalog.Song", "catalog.Song_moods"),
        ),
        Subject(
            "own_files",
            _("The audio files of your own songs; the files themselves are in the folder files."),
            told(
                _files, "song_id", "size", "content_type", "duration_s", "sample_rate",
                "channels", "bitrate_kbps", "created_at", file="pk", sha256="digest",
            ),
            ("catalog.AudioFile",),
        ),
        Subject(
            "opinions",
            _("What you said of songs' moods, as a listener or as a curator."),
            told(
                _by(Annotation, "author"), "created_at", "source", "present", song="song_id",
                title="song__title", mood="mood__slug",
            ),
            ("catalog.Annotation",),
        ),
        Subject(
            "placements",
            _("Where you placed songs between sad and happy, calm and lively."),
            told(
                _by(Placement, "author"), "created_at", "source", "valence", "arousal",
                "ambiguous", song="song_id", title="song__title",
            ),
            ("catalog.Placement",),
        ),
        Subject(
            "hidden_artists",
            _("Artists that you have hidden."),
            told(_by(HiddenArtist, "user"), "created_at", artist="artist__name"),
            ("catalog.HiddenArtist",),
        ),
        Subject(
            "curation",
            _("What you did at the curation desk, or undid there."),
            told(
                lambda user: Edit.objects.filter(Q(by=user) | Q(undone_by=user)).order_by("pk"),
                "created_at", "kind", "what", "songs", "changed", "seconds", "undone_at",
                song="song_id",
            ),
            ("catalog.Edit",),
        ),
        Subject(
            "imports",
            _("Imports that you began, and those of your own songs."),
            told(
                _imports, "created_at", "kind", "name", "options", "dry_run", "state",
                "total", "created", "updated", "unchanged", "refused", "finished_at",
            ),
            ("catalog.ImportRun",),
        ),
        Subject(
            "song_changes",
            _("Changes that you made to songs."),
            told(
                lambda user: Song.history.filter(history_user=user).order_by("history_id"),
                song="id", title="title", at="history_date", kind="history_type",
                reason="history_change_reason",
            ),
            ("catalog.HistoricalSong",),
        ),
    ),
    not_told={
        "catalog.HistoricalSong_moods": _(
            "part of a song's history, which is told without its moods"
        ),
        "catalog.Analysis": OF_THE_SONG,
        "catalog.TitleWord": OF_THE_SONG,
        "catalog.ImportProblem": _("a line of an import that was not understood, on its own page"),
    },
    erased=_erased,
    files=_places,
)  # fmt: skip
