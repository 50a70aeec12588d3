"""Many songs at once: filters, preview, conflict, and an undo that leaves no trace in the songs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from catalog.desk import choosing, plane, reports
from catalog.models import Edit, Song
from catalog.services import bulk_apply, edit_undo, song_hide, song_place
from catalog.services.bulk import MOST_SONGS, seal_of
from moodmusic.problems import DomainError
from tests.catalog.factories import ArtistFactory, SongFactory, mood_named
from tests.catalog.test_labels import label, songs_of_every_kind, state_of
from tests.factories import UserFactory
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(curator: Any, client_of: Callable[[Any], Client]) -> Client:
    return client_of(curator)


def titles(**given: str) -> set[str]:
    form = choosing.ChoiceForm(given)
    assert form.is_valid(), form.errors
    keys = [key for key, _ in choosing.choice_of(form).found()]
    return set(Song.objects.filter(pk__in=keys).values_list("title", flat=True))


def apply(songs: list[Song], action: str, *moods: str, by: Any) -> Edit:
    def find() -> list[tuple[Any, int]]:
        rows = Song.objects.filter(pk__in=[song.pk for song in songs])
        return list(rows.values_list("pk", "revision"))

    chosen = [mood_named(slug) for slug in moods]
    return bulk_apply(
        find=find, seal=seal_of(find()), action=action, moods=chosen, by=by, words="a test"
    )


# --- Filters --------------------------------------------------------------------------------------


def test_songs_are_found_by_every_filter_and_by_all_together(db: None) -> None:
    SongFactory(
        title="A", artist__name="Ambro Tide", genre="ambient", language="hi", moods=["calm"]
    )
    SongFactory(title="B", artist__name="Ambro Tide", genre="", origin="spotify", licence="")
    SongFactory(title="Paper moon", genre="Ambient", language="en", moods=["sad"])
    SongFactory(title="Mine", owner=UserFactory(), moods=["calm"])

    assert titles() == {"A", "B", "Paper moon"}
    assert titles(mood="calm") == {"A"}
    assert titles(waits="unlabelled") == {"B"}
    assert titles(artist="ambro tide") == {"A", "B"}
    assert titles(genre="ambient") == {"A", "Paper moon"}
    assert titles(genre="none") == {"B"}
    assert titles(language="en") == {"Paper moon"}
    assert titles(origin="spotify") == {"B"}
    assert titles(licence="none") == {"B"}
    assert titles(q="moon paper") == {"Paper moon"}
    assert titles(artist="Ambro Tide", language="hi", mood="calm") == {"A"}
    assert titles(artist="Ambro Tide", language="en") == set()


def test_songs_are_found_in_a_rectangle_and_in_a_lasso(curator: Any) -> None:
    for title, point in {
        "left": (-0.8, 0.0), "middle": (0.0, 0.0), "corner": (0.9, 0.9), "edge": (0.2, 0.6),
    }.items():  # fmt: skip
        song_place(song=SongFactory(title=title), by=curator, source="curator", point=point)
    SongFactory(title="nowhere")

    assert titles(area="-0.1,-0.1;1,1") == {"middle", "corner", "edge"}
    assert titles(area="-1,-0.9;0.9,1;-1,1") == {"left", "edge"}
    assert titles(area="-0.5,-0.5;0.5,-0.5;0,0.5") == {"middle"}
    assert titles(area="-0.1,-0.1;1,1", q="edge") == {"edge"}


def test_inside_agrees_with_a_winding_count() -> None:
    dice = np.random.default_rng(3)
    corners = np.column_stack([np.cos(t := np.linspace(0, 5.9, 9)), np.sin(t)]) * 0.8
    points = dice.uniform(-1, 1, (500, 2))
    turned = np.angle(
        np.exp(1j * np.diff(np.angle(
            (np.vstack([corners, corners[:1]]) - points[:, None]) @ [1, 1j]
        ), axis=1))
    ).sum(axis=1)  # fmt: skip
    assert (choosing.inside(points, corners) == (np.abs(turned) > np.pi)).all()


@pytest.mark.parametrize(
    "area", ["1", "a,b;c,d", "0,0", "0,0;nan,1", "0,0;9,9", "0,0,0;1,1,1", ";".join(["0,0"] * 81)]
)
def test_a_broken_area_is_refused(area: str, desk: Client) -> None:
    answer = desk.get(reverse("desk_songs"), {"area": area})
    assert answer.status_code == 400
    assert "area" in text_of(answer)


# --- Changing and undoing -------------------------------------------------------------------------


@pytest.mark.parametrize("action", ["add", "remove", "set"])
def test_undoing_a_change_of_many_restores_every_song_exactly(
    action: str, curator: Any, other: Any
) -> None:
    second = UserFactory()
    songs = songs_of_every_kind(curator, second, other)
    before = [state_of(song) for song in songs]
    others_rows = [song.annotations.count() for song in songs]

    edit = apply(songs, action, "sad", "happy", by=second)
    after = [state_of(song)["moods"] for song in songs]
    assert edit.songs == 6
    assert edit.changed == sum(
        now != then["moods"] for now, then in zip(after, before, strict=True)
    )
    assert edit.changed > 0
    edit_undo(edit=edit, by=curator)

    assert [state_of(song) for song in songs] == before
    said = 14 if action == "set" else 4
    assert [song.annotations.count() for song in songs] == [rows + said for rows in others_rows]
    edit.refresh_from_db()
    assert edit.undone_by == curator
    reasons = [song.history.first() for song in songs if song.history.exists()]
    assert "undone: bulk" in {row.history_change_reason for row in reasons}


def test_what_curators_say_after_it_outlives_its_undoing(curator: Any) -> None:
    songs = [SongFactory(), SongFactory()]
    edit = apply(songs, "add", "sad", by=curator)
    label(songs[0], curator, "calm")
    edit_undo(edit=edit, by=curator)
    assert [state_of(song)["moods"] for song in songs] == [{"calm"}, set()]


def test_a_change_is_refused_as_a_whole_when_a_song_changed_since_the_preview(
    curator: Any,
) -> None:
    songs = [SongFactory(), SongFactory()]

    def find() -> list[tuple[Any, int]]:
        return list(Song.objects.filter(hidden=False).values_list("pk", "revision"))

    seal = seal_of(find())
    label(songs[1], curator, "sad")
    change = {"find": find, "action": "add", "moods": [mood_named("calm")], "by": curator}
    with pytest.raises(DomainError) as refused:
        bulk_apply(seal=seal, words="", **change)
    assert (refused.value.code, refused.value.status) == ("songs_changed", 409)
    # A song fewer is another set, too
    seal = seal_of(find())
    song_hide(songs=songs[:1], by=curator)
    with pytest.raises(DomainError, match="have changed"):
        bulk_apply(seal=seal, words="", **change)
    assert not Edit.objects.filter(kind="bulk").exists()
    assert state_of(songs[1])["moods"] == {"sad"}


def test_amounts_and_actions_are_bounded(curator: Any) -> None:
    song = SongFactory()
    for action, moods in (("paint", ["sad"]), ("add", []), ("remove", [])):
        with pytest.raises(DomainError) as refused:
            apply([song], action, *moods, by=curator)
        assert refused.value.code == "invalid"
    with pytest.raises(DomainError) as refused:
        apply([], "add", "sad", by=curator)
    assert refused.value.code == "nothing_found"
    many = [(song.pk, 0)] * (MOST_SONGS + 1)
    with pytest.raises(DomainError) as refused:
        bulk_apply(
            find=lambda: many, seal=seal_of(many), action="set", moods=[], by=curator, words=""
        )
    assert refused.value.code == "too_many"
    assert not Edit.objects.exists()


def test_a_thousand_songs_take_few_queries(
    curator: Any, django_assert_max_num_queries: Any
) -> None:
    artist = ArtistFactory()
    songs = Song.objects.bulk_create(
        Song(title=str(number), artist=artist, duration_s=1) for number in range(1200)
    )
    with django_assert_max_num_queries(120):
        edit = apply(songs, "add", "sad", by=curator)
    assert edit.changed == 1200
    with django_assert_max_num_queries(140):
        edit_undo(edit=edit, by=curator)
    assert not mood_named("sad").songs.exists()


# --- The pages ------------------------------------------------------------------------------------


def test_from_filter_to_preview_to_change_to_undo(desk: Client) -> None:
    page = reverse("desk_songs")
    for number in range(25):
        SongFactory(title=f"Swing {number:02d}", genre="swing", moods=["happy"])
    spared = SongFactory(genre="piano", moods=["happy"])
    query = {"genre": "swing", "action": "set", "moods": ["energetic"]}

    preview = desk.get(page, query)
    words = text_of(preview)
    assert "25 songs" in words
    assert preview.text.count("/curate/songs/") >= 20
    assert "and 5 more" in words
    assert "25 songs will change, 0 as before" in words
    assert "Energetic250" in words.replace(" ", "")
    assert "Happy025" in words.replace(" ", "")
    seal = preview.context["seal"]

    done = desk.post(page, {**query, "seal": seal}, follow=True)

    assert done.redirect_chain == [(reverse("desk_edits"), 303)]
    assert "The moods of 25 of 25 songs changed." in text_of(done)
    assert "genre swing" in text_of(done)
    assert mood_named("energetic").songs.count() == 25
    assert state_of(spared)["moods"] == {"happy"}
    stale = desk.post(page, {**query, "seal": seal})
    assert stale.status_code == 409
    assert "Songs have changed since the preview" in text_of(stale)
    edit = Edit.objects.get()
    undone = desk.post(reverse("desk_undo", args=[edit.pk]), follow=True)
    assert "Undone: 25 songs as before." in text_of(undone)
    assert mood_named("energetic").songs.count() == 0
    assert mood_named("happy").songs.count() == 26


def test_too_many_songs_are_shown_and_not_offered(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from catalog.desk import bulk_pages

    monkeypatch.setattr(bulk_pages, "MOST_SONGS", 2)
    for _ in range(3):
        SongFactory()
    answer = desk.get(reverse("desk_songs"), {"action": "add", "moods": "sad"})
    assert "narrow the filter" in text_of(answer)
    assert "Apply to" not in answer.text


def test_the_page_of_a_song_tells_all_of_it_in_plain_words(
    desk: Client, curator: Any, other: Any
) -> None:
    from catalog.services import song_moods_add, song_update

    song = SongFactory(title="Rain", moods=["sad"])
    song_update(song=song, by=curator, title="Long rain", licence="")
    before = song.artist.name
    song_update(song=song, by=curator, artist=ArtistFactory(name="Ambro Tide"), hidden=True)
    song_moods_add(songs=[song], moods=[mood_named("calm")], by=other, source="listener")
    edit = label(song, curator, "dark", point=(-0.5, 0.25))
    edit_undo(edit=edit, by=curator)

    words = text_of(desk.get(reverse("desk_song", args=[song.pk])))

    for told in (
        "Title: Rain → Long rain",
        "Licence: CC0-1.0 → nothing",
        f"Artist: {before} → Ambro Tide",
        "Hidden: no → yes",
        "Dark added",
        "Sad taken away",
        "undone: label",
        "a listener",
        "the generator",
        "curator@example.org",
        "At valence \N{MINUS SIGN}0.50, arousal +0.25",
        "takes back a point",
        "takes back what was said of dark",
        "Dark (taken back)",
    ):
        assert told in words, told
    assert "other@example.org" not in words


# --- Map and reports ------------------------------------------------------------------------------


def test_the_map_counts_songs_in_their_cells(desk: Client, curator: Any) -> None:
    for point in ((1.0, 1.0), (0.99, 0.98), (-1.0, -1.0), (0.0, 0.0), (-0.001, 0.0)):
        song_place(song=SongFactory(), by=curator, source="curator", point=point)
    SongFactory(moods=["calm"])
    SongFactory()
    SongFactory(moods=["sad"], hidden=True)
    counts = plane.density()
    assert counts.sum() == 6
    assert (counts[39, 39], counts[0, 0], counts[20, 20], counts[20, 19]) == (2, 1, 1, 1)
    assert counts[6, 30] == 1  # calm: 0.5, -0.7
    assert plane.density(mood="calm").sum() == 1
    # Its drawing has one square a cell, and its table adds up
    assert sum(path.count("M") for _, path in plane.drawing(counts)) == 5
    assert sum(cell["n"] for row in plane.table(counts) for cell in row["cells"]) == 6
    # A change shows at once, although counts are kept
    song_hide(songs=Song.objects.filter(valence=1.0), by=curator)
    assert plane.density().sum() == 5
    page = desk.get(reverse("desk_map"))
    assert "5 songs by feeling" in text_of(page)
    corner = f"{reverse('desk_songs')}?area=0.75%2C0.75%3B1%2C1"
    assert corner in page.text
    assert "1 song" in text_of(desk.get(corner))
    assert desk.get(reverse("desk_map"), {"mood": "nonsense"}).status_code == 200


def test_an_empty_map_is_a_map(desk: Client) -> None:
    assert "0 songs by feeling" in text_of(desk.get(reverse("desk_map")))


def test_gaps_count_songs_artists_and_languages_of_each_mood(
    desk: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in range(3):
        SongFactory(artist__name=f"N{number % 2}", language="hi" if number else "", moods=["calm"])
    SongFactory(moods=["calm"], hidden=True)
    rows = {row["slug"]: row for row in reports.gaps()["moods"]}
    calm = rows["calm"]
    assert (calm["songs"], calm["artists"]) == (3, 2)
    assert (calm["languages"], calm["language_unknown"]) == ({"hi": 2}, 1)
    assert (calm["songs_missing"], calm["artists_missing"]) == (147, 38)
    assert rows["sad"]["songs"] == 0
    assert "147 songs, 38 artists" in text_of(desk.get(reverse("desk_gaps")))

    call_command("catalog_stats")
    assert "calm                3        2  hi 2" in capsys.readouterr().out
    with pytest.raises(CommandError, match="calm has 3 songs of 150"):
        call_command("catalog_stats", assert_min=150)
    for slug in rows:
        SongFactory(moods=[slug])
    call_command("catalog_stats", assert_min=1, assert_artists=1, json=True)
    with pytest.raises(CommandError, match="sad has 1 artists of 2"):
        call_command("catalog_stats", assert_artists=2)


def test_the_licence_audit_and_its_table(desk: Client) -> None:
    SongFactory(title="fine")
    SongFactory(title="=HYPERLINK(1)", licence="", artist__name='A "B", C')
    SongFactory(title="no credit", credit="")
    found = reports.licences()
    assert (found["songs"], found["unlicensed"], found["uncredited"]) == (3, 1, 1)
    assert found["rows"] == [
        {"licence": "CC0-1.0", "n": 2, "uncredited": 1},
        {"licence": "", "n": 1, "uncredited": 0},
    ]
    page = text_of(desk.get(reverse("desk_licences")))
    assert "Of 3 songs 1 lack a licence and 1 a credit" in page
    answer = desk.get(reverse("desk_licences_csv"))
    lines = answer.getvalue().decode().splitlines()
    assert answer["Content-Disposition"] == 'attachment; filename="licences.csv"'
    assert lines[0] == "id,title,artist,licence,credit,origin,origin_id,lacks"
    assert lines[1].endswith(',\'=HYPERLINK(1),"A ""B"", C",,Generated by MoodMusic,,,licence')
    assert lines[2].endswith(",no credit,Artist 0,CC0-1.0,,,,credit") or "credit" in lines[2]
    assert len(lines) == 3
