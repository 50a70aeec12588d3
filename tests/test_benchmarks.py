"""What benchmarks write in bulk past the product's own services keeps up with its tables."""

from __future__ import annotations

import pytest
from django.db import connection

from benchmarks.lists import _double
from catalog.models import Song
from tests.catalog.factories import SongFactory


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="benchmarks of a million use SQLite")
def test_songs_are_doubled_with_their_moods_and_under_other_names() -> None:
    songs = [SongFactory(year=1990 + number, moods=["happy", "calm"]) for number in range(3)]
    kept = {song.pk: sorted(mood.slug for mood in song.moods.all()) for song in songs}

    _double(2)

    copies = Song.objects.exclude(pk__in=kept)
    assert copies.count() == 2
    for copy in copies:
        source = next(song for song in songs if copy.title.startswith(f"{song.title} "))
        assert (copy.artist_id, copy.year_listed) == (source.artist_id, source.year)
        assert sorted(mood.slug for mood in copy.moods.all()) == kept[source.pk]
