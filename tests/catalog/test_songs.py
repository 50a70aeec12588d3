"""Hiding, showing and editing songs; renaming artists; what others may read."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet

from catalog.models import Annotation, Placement, Song
from catalog.selectors import (
    revision_now,
    songs_audible,
    songs_changed_since,
    songs_owned,
    songs_visible,
)
from catalog.services import artist_update, song_hide, song_show, song_update
from tests.catalog.factories import SongFactory, mood_named


def test_hidden_songs_leave_the_lists_but_caches_hear_of_it(curator: Any) -> None:
    shown, hidden = SongFactory(), SongFactory()
    before = revision_now()
    assert song_hide(songs=[hidden], by=curator) == 1
    assert list(songs_visible()) == [shown]
    assert list(songs_changed_since(before)) == [hidden]
    assert hidden.history.first().history_user == curator
    # Hiding again changes nothing
    assert song_hide(songs=Song.objects.filter(pk=hidden.pk), by=curator) == 0
    assert hidden.history.filter(history_change_reason="hidden").count() == 1


def test_shown_songs_come_back(curator: Any) -> None:
    song = SongFactory(hidden=True)
    before = revision_now()
    assert song_show(songs=[song], by=curator) == 1
    assert list(songs_visible()) == [song]
    assert list(songs_changed_since(before)) == [song]


def test_only_curators_hear_hidden_songs(owner: Any, curator: Any) -> None:
    song = SongFactory(hidden=True)
    assert song not in songs_audible(user=owner)
    assert song not in songs_audible(user=AnonymousUser())
    assert song in songs_audible(user=curator)


def test_an_edit_is_one_revision_and_one_history_row(curator: Any) -> None:
    song = SongFactory(title="Old", moods=["sad"])
    before, rows = revision_now(), song.history.count()
    song_update(song=song, by=curator, moods=[mood_named("calm")], title="New", hidden=True)
    assert (song.title, song.hidden, song.arousal) == ("New", True, -0.7)
    assert song.revision == revision_now() == before + 1
    assert song.history.count() == rows + 1
    latest, earlier = song.history.all()[:2]
    assert latest.history_user == curator
    fields = {change.field for change in latest.diff_against(earlier).changes}
    assert fields == {"title", "hidden", "moods"}


def test_an_edit_of_the_title_alone_judges_no_mood(curator: Any) -> None:
    song = SongFactory(moods=["sad"])
    judgements = song.annotations.count()
    song_update(song=song, by=curator, title="New")
    assert song.annotations.count() == judgements
    assert [mood.slug for mood in song.moods.all()] == ["sad"]


def test_renaming_an_artist_stamps_the_songs(db: None) -> None:
    song, foreign = SongFactory(artist__name="Old"), SongFactory()
    before = revision_now()
    artist_update(artist=song.artist, name="New")
    assert list(songs_changed_since(before)) == [song]
    assert songs_visible().get(pk=song.pk).artist.name == "New"
    foreign.refresh_from_db()
    assert foreign.revision <= before


@pytest.mark.skipif(
    connection.vendor != "sqlite", reason="PostgreSQL scans tables as small as this"
)
@pytest.mark.parametrize(
    ("index", "query"),
    [
        ("song_by_owner", songs_owned(user=1).order_by("pk")),
        ("annotation_by_edit", Annotation.objects.filter(edit=1)),
        ("annotation_by_answer", Annotation.objects.filter(answers=1)),
        ("placement_by_edit", Placement.objects.filter(edit=1)),
        ("placement_by_answer", Placement.objects.filter(answers=1)),
    ],
)
def test_few_among_many_are_found_by_their_index(
    db: None, index: str, query: QuerySet[Any]
) -> None:
    assert f"USING INDEX {index}" in query.explain()
