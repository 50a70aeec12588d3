"""Curators in the admin: one song, many songs, moods, artists; and who may not."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalog.models import Mood, Song
from catalog.selectors import revision_now, songs_changed_since
from tests.catalog.factories import SongFactory, mood_named
from tests.factories import UserFactory

SONGS = "/admin/catalog/song/"


@pytest.fixture
def desk(curator: Any, client_of: Callable[[Any], Client]) -> Client:
    """A curator's browser."""
    return client_of(curator)


@pytest.fixture
def superuser_desk(db: None, client_of: Callable[[Any], Client]) -> Client:
    return client_of(UserFactory(email="root@example.org", is_staff=True, is_superuser=True))


def moods_of(song: Song) -> set[str]:
    return set(Song.objects.get(pk=song.pk).moods.values_list("slug", flat=True))


def act(desk: Client, action: str, songs: list[Song], query: str = "", **data: Any) -> Any:
    """Choose songs in the list and start an action, as the page's form does."""
    chosen = [str(song.pk) for song in songs]
    return desk.post(
        f"{SONGS}{query}", {"action": action, "_selected_action": chosen, "index": 0, **data}
    )


def form_of(song: Song, **changes: Any) -> dict[str, Any]:
    """What the song's page sends when `changes` are made on it."""
    return {
        "title": song.title,
        "artist": song.artist_id,
        "genre": song.genre,
        "licence": song.licence,
        "credit": song.credit,
        "judged_moods": [mood.pk for mood in song.moods.all()],
        "annotations-TOTAL_FORMS": song.annotations.count(),
        "annotations-INITIAL_FORMS": song.annotations.count(),
        **changes,
    }


# --- The list of songs ----------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered_by_mood(desk: Client) -> None:
    SongFactory(title="Still Water", artist__name="Ambro Tide", moods=["calm"])
    SongFactory(title="Riot", moods=["angry"], hidden=True)
    calm = mood_named("calm").pk
    for query, shown in (("", True), ("?q=ambro", True), (f"?moods__id__exact={calm}", True)):
        page = desk.get(f"{SONGS}{query}")
        assert page.status_code == 200
        assert ("Still Water" in page.text) is shown
        assert ("Riot" in page.text) is (query == "")
    assert "Riot" in desk.get(f"{SONGS}?hidden__exact=1").text


def test_the_list_takes_few_queries_for_fifty_songs(
    desk: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(50):
        SongFactory(moods=["calm"])
    with django_assert_max_num_queries(10):
        page = desk.get(SONGS).text
    assert page.count("Calm</td>") == 50
    assert "Listen" not in page  # none has audio


def test_songs_are_neither_added_nor_deleted(desk: Client, superuser_desk: Client) -> None:
    song = SongFactory()
    for client in (desk, superuser_desk):
        assert client.get(f"{SONGS}add/").status_code == 403
        assert client.post(f"{SONGS}{song.pk}/delete/", {"post": "yes"}).status_code == 403
        assert "delete_selected" not in client.get(SONGS).text


# --- Many songs -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action", "ticked", "expected"),
    [
        ("moods_set", ["calm"], {"calm"}),
        ("moods_set", [], set()),
        ("moods_add", ["calm"], {"calm", "sad"}),
        ("moods_remove", ["sad"], set()),
    ],
)
def test_moods_of_many_songs_change_through_a_page_that_asks_which(
    desk: Client, curator: Any, action: str, ticked: list[str], expected: set[str]
) -> None:
    # Given two chosen songs and one that is not
    chosen = [SongFactory(moods=["sad"]), SongFactory(moods=["sad"])]
    spared = SongFactory(moods=["sad"])
    before = revision_now()
    # When the curator starts the action, is asked, and ticks moods
    page = act(desk, action, chosen)
    assert page.status_code == 200
    assert "2 songs</h1>" in page.text
    assert page.text.count('name="_selected_action"') == 2
    assert moods_of(chosen[0]) == {"sad"}  # nothing is done yet
    done = act(desk, action, chosen, apply="yes", moods=[mood_named(slug).pk for slug in ticked])
    # Then lists can follow, and history says who
    assert done.status_code == 302
    assert [moods_of(song) for song in [*chosen, spared]] == [expected, expected, {"sad"}]
    assert set(songs_changed_since(before)) == set(chosen)
    assert chosen[0].history.first().history_user == curator
    assert "The moods of 2 songs changed." in desk.get(SONGS).text


def test_all_songs_of_a_filtered_list_can_be_chosen_at_once(desk: Client) -> None:
    calm = [SongFactory(moods=["calm"]) for _ in range(3)]
    other = SongFactory(moods=["sad"])
    query = f"?moods__id__exact={mood_named('calm').pk}"
    # The page names them by the list's filter: a hundred thousand keys would be refused
    page = act(desk, "moods_add", calm, query, select_across=1)
    assert "Add moods to 3 songs" in page.text
    assert page.text.count('name="_selected_action"') == 1
    happy = mood_named("happy").pk
    act(desk, "moods_add", calm[:1], query, select_across=1, apply="yes", moods=happy)
    assert [moods_of(song) for song in calm] == [{"calm", "happy"}] * 3
    assert moods_of(other) == {"sad"}


def test_adding_no_mood_is_asked_again(desk: Client) -> None:
    song = SongFactory(moods=["sad"])
    page = act(desk, "moods_add", [song], apply="yes")
    assert page.status_code == 200
    assert "This field is required" in page.text
    assert moods_of(song) == {"sad"}


def test_songs_are_hidden_and_shown_in_bulk(desk: Client, curator: Any) -> None:
    songs = [SongFactory(), SongFactory()]
    before = revision_now()
    act(desk, "hide", songs)
    assert Song.objects.filter(hidden=True).count() == 2
    assert set(songs_changed_since(before)) == set(songs)
    assert songs[0].history.first().history_user == curator
    act(desk, "show", songs[:1])
    assert list(Song.objects.filter(hidden=True)) == songs[1:]


def test_more_songs_than_one_transaction_should_change_are_refused(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("catalog.admin.MOST_SONGS", 2)
    songs = [SongFactory(moods=["sad"]) for _ in range(3)]
    calm = mood_named("calm").pk
    act(desk, "moods_set", songs, apply="yes", moods=calm)
    assert "At most 2 songs" in desk.get(SONGS).text
    act(desk, "hide", songs)
    assert [moods_of(song) for song in songs] == [{"sad"}] * 3
    assert not Song.objects.filter(hidden=True).exists()
    act(desk, "hide", songs[:2])
    assert Song.objects.filter(hidden=True).count() == 2


# --- One song -------------------------------------------------------------------------------------


def test_a_song_is_edited_with_its_moods(desk: Client, curator: Any) -> None:
    song = SongFactory(moods=["sad"], piece="sad-001")
    before, rows = revision_now(), song.history.count()
    address = f"{SONGS}{song.pk}/change/"
    page = desk.get(address).text
    assert f'src="/api/v1/songs/{song.pk}/audio"' in page
    sad, calm = mood_named("sad").pk, mood_named("calm").pk
    assert re.search(rf'value="{sad}"[^>]* checked', page)
    assert not re.search(rf'value="{calm}"[^>]* checked', page)
    answer = desk.post(address, form_of(song, title="New", judged_moods=[calm]))
    assert answer.status_code == 302
    song.refresh_from_db()
    assert (song.title, song.arousal, moods_of(song)) == ("New", -0.7, {"calm"})
    assert list(songs_changed_since(before)) == [song]
    assert song.history.count() == rows + 1
    assert song.history.first().history_user == curator


def test_saving_a_song_unchanged_changes_nothing(desk: Client) -> None:
    song = SongFactory(moods=["sad"])
    before = revision_now()
    judgements, rows = song.annotations.count(), song.history.count()
    assert desk.post(f"{SONGS}{song.pk}/change/", form_of(song)).status_code == 302
    assert revision_now() == before
    assert (song.annotations.count(), song.history.count()) == (judgements, rows)


def test_the_page_shows_every_judgement_and_offers_no_edit_of_them(desk: Client) -> None:
    song = SongFactory(moods=["sad"])
    desk.post(f"{SONGS}{song.pk}/change/", form_of(song, judged_moods=[]))
    page = desk.get(f"{SONGS}{song.pk}/change/").text
    assert "curator@example.org" in page
    assert "annotations-0-present" not in page


def test_history_shows_what_changed_and_older_states_cannot_be_posted(desk: Client) -> None:
    song = SongFactory(title="Old", moods=["sad"])
    desk.post(
        f"{SONGS}{song.pk}/change/",
        form_of(song, title="New", judged_moods=[mood_named("calm").pk]),
    )
    page = desk.get(f"{SONGS}{song.pk}/history/").text
    assert "curator@example.org" in page
    assert re.search(r"Moods:</strong>\s*\['?Sad", page.replace("&#x27;", "'")), page
    older = f"{SONGS}{song.pk}/history/{song.history.earliest().pk}/"
    then = desk.get(older)
    assert then.status_code == 200
    assert "Revert" not in then.text
    assert desk.post(older, form_of(song, title="Back")).status_code == 403
    song.refresh_from_db()
    assert song.title == "New"


def test_an_older_state_shows_the_moods_of_then(desk: Client) -> None:
    song = SongFactory(moods=["sad"])
    desk.post(f"{SONGS}{song.pk}/change/", form_of(song, judged_moods=[mood_named("calm").pk]))
    with_sad = next(row for row in song.history.all() if row.moods.filter(mood__slug="sad"))
    page = desk.get(f"{SONGS}{song.pk}/history/{with_sad.pk}/").text
    assert re.search(rf'value="{mood_named("sad").pk}"[^>]* checked', page)
    assert not re.search(rf'value="{mood_named("calm").pk}"[^>]* checked', page)


@pytest.mark.parametrize("path", ["", "{pk}/change/", "{pk}/history/"])
def test_pages_carry_no_inline_script_or_style(desk: Client, path: str) -> None:
    song = SongFactory(moods=["sad"], piece="sad-001")
    pages = [desk.get(SONGS + path.format(pk=song.pk)), act(desk, "moods_set", [song])]
    for page in pages:
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", page.text)
        assert "<style" not in page.text
        assert "onclick=" not in page.text


# --- Moods and artists ----------------------------------------------------------------------------


def test_moving_a_mood_moves_its_songs(superuser_desk: Client) -> None:
    song, calm = SongFactory(moods=["calm"]), mood_named("calm")
    before = revision_now()
    superuser_desk.post(
        f"/admin/catalog/mood/{calm.pk}/change/",
        {"name": "Calm", "slug": "other", "valence": "0.4", "arousal": "-0.9"},
    )
    song.refresh_from_db()
    calm.refresh_from_db()
    assert (song.valence, song.arousal) == (0.4, -0.9)
    assert calm.slug == "calm"  # addresses name it
    assert list(songs_changed_since(before)) == [song]


def test_a_point_off_the_plane_is_refused(superuser_desk: Client) -> None:
    calm = mood_named("calm")
    page = superuser_desk.post(
        f"/admin/catalog/mood/{calm.pk}/change/",
        {"name": "Calm", "valence": "1.4", "arousal": "-0.9"},
    )
    assert page.status_code == 200
    calm.refresh_from_db()
    assert calm.valence == 0.5


def test_new_moods_can_be_added_and_only_unused_ones_deleted(superuser_desk: Client) -> None:
    superuser_desk.post(
        "/admin/catalog/mood/add/",
        {"name": "Dreamy", "slug": "dreamy", "valence": "0.3", "arousal": "-0.4"},
    )
    dreamy, sad = Mood.objects.get(slug="dreamy"), mood_named("sad")
    SongFactory(moods=["sad"])
    for mood, status in ((dreamy, 302), (sad, 403)):
        address = f"/admin/catalog/mood/{mood.pk}/delete/"
        assert superuser_desk.post(address, {"post": "yes"}).status_code == status
    assert not Mood.objects.filter(slug="dreamy").exists()
    assert Mood.objects.filter(slug="sad").exists()


def test_curators_see_moods_but_do_not_move_them(desk: Client) -> None:
    calm = mood_named("calm")
    address = f"/admin/catalog/mood/{calm.pk}/change/"
    assert desk.get(address).status_code == 200
    assert desk.post(address, {"name": "Calm", "valence": 0, "arousal": 0}).status_code == 403
    calm.refresh_from_db()
    assert calm.valence == 0.5


def test_renaming_an_artist_is_followed(desk: Client) -> None:
    song = SongFactory(artist__name="Old")
    before = revision_now()
    desk.post(f"/admin/catalog/artist/{song.artist_id}/change/", {"name": "New"})
    song.artist.refresh_from_db()
    assert song.artist.name == "New"
    assert list(songs_changed_since(before)) == [song]
    assert "Old" not in desk.get("/admin/catalog/artist/").text


# --- Who may --------------------------------------------------------------------------------------


def test_listeners_and_visitors_are_kept_out(
    owner: Any, anonymous: Any, client_of: Callable[[Any], Client]
) -> None:
    song = SongFactory(moods=["sad"])
    for persona in (owner, anonymous):
        client = client_of(persona)
        for answer in (
            client.get(SONGS),
            client.get(f"{SONGS}{song.pk}/change/"),
            act(client, "moods_set", [song], apply="yes", moods=mood_named("calm").pk),
            act(client, "hide", [song]),
        ):
            # Sent to sign in, or refused; never shown
            assert answer.status_code in (302, 403)
            assert song.title not in answer.text
    assert moods_of(song) == {"sad"}
    assert not Song.objects.filter(hidden=True).exists()


def test_curators_see_the_catalogue_and_no_faces_or_users(desk: Client) -> None:
    page = desk.get(reverse("admin:index")).text
    assert "/admin/catalog/song/" in page
    for hidden in ("/admin/emotions/capture/", "/admin/emotions/reading/", "/admin/accounts/user/"):
        assert hidden not in page
        assert desk.get(hidden).status_code in (403, 404)
