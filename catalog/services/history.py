"""Who changed which song: history rows for changes that are made in bulk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.apps import apps

from accounts.models import User
from catalog.models import Song

#: Rows of one INSERT; SQLite takes at most 32,766 parameters in a statement.
BATCH = 500


def history_write(
    *, song_ids: Collection[UUID], by: User | None, reason: str, created: bool = False
) -> None:
    """One history row a song, with its moods as they are now.

    Bulk writes send no signals, and the signals of a many-to-many change would leave one row for
    what was taken away and another for what was added. The caller owns the transaction.
    """
    moods_of: dict[UUID, list[Any]] = defaultdict(list)
    for link in Song.moods.through.objects.filter(song_id__in=song_ids):
        moods_of[link.song_id].append(link)
    songs = list(Song.objects.filter(pk__in=song_ids).defer("features"))
    for song in songs:
        # Without it, "nobody" would become whoever sent the request.
        song._history_user = by  # type: ignore[attr-defined]
    rows = Song.history.bulk_history_create(
        songs,
        batch_size=BATCH,
        update=not created,
        default_user=by,
        default_change_reason=reason,
    )
    snapshot = apps.get_model("catalog", "HistoricalSong_moods")
    snapshot._default_manager.bulk_create(
        [
            snapshot(history_id=row.pk, id=link.pk, song_id=row.id, mood_id=link.mood_id)
            for row in rows
            for link in moods_of[row.id]
        ],
        batch_size=BATCH,
    )
