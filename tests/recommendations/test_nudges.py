""" "More like this", "less like this now", and the rest of a list that follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from statistics import mean
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from catalog.models import Song
from moodmusic.problems import DomainError
from recommendations.history import history_of, nudges_in_force
from recommendations.list_page import latest_list
from recommendations.models import ListItem, Nudge, SongList
from recommendations.selectors import list_items, lists_as_left, lists_of_reading
from recommendations.services import (
    list_make,
    nudge_set,
    nudge_undo,
    private_end,
    private_start,
    tail_make,
    tails_take_back,
    verdict_set,
)
from tests.recommendations.factories import NamedReadingFactory

Api = Callable[[Any], APIClient]
Make = Callable[..., SongList]


@pytest.fixture(autouse=True)
def _same_dice(settings: Any) -> None:
    settings.LIST_SEED = 7


def ids(song_list: SongList) -> list[UUID]:
    return [item.song_id for item in song_list.items.all()]


def rows(song_list: SongList) -> list[Any]:
    return [(item.song_id, item.score, item.parts, item.reason) for item in song_list.items.all()]


def warmth(songs: list[Song]) -> float:
    return mean(song.features["warmth"] for song in songs)


def songs_of(song_list: SongList) -> list[Song]:
    return [item.song for item in song_list.items.select_related("song")]


def effects(
    user: Any, emotion: str = "happy", *, later: timedelta = timedelta()
) -> dict[UUID, float]:
    now = timezone.now() + later
    return nudges_in_force(
        history=history_of(user_id=user.pk, now=now), emotion=emotion, now=now, in_private=False
    )


# --- What they do ---------------------------------------------------------------------------------


def test_more_leans_towards_the_song_and_less_away_from_it(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    warmest = max(songs_of(first), key=lambda song: song.features["warmth"])
    plain = warmth(songs_of(tail_make(user=owner, song_list=first, played=[])))

    more = nudge_set(user=owner, song=warmest, kind="more", song_list=first)
    towards = tail_make(user=owner, song_list=first, played=[])
    nudge_undo(nudge=more)
    nudge_set(user=owner, song=warmest, kind="less", song_list=first)
    away = tail_make(user=owner, song_list=first, played=[])

    assert warmth(songs_of(towards)) > plain + 0.1
    assert warmth(songs_of(away)) < plain - 0.1
    assert warmest.pk in ids(towards)
    assert warmest.pk not in ids(away)
    theirs = Song.objects.filter(artist=warmest.artist).values_list("pk", flat=True)
    assert not set(theirs) & set(ids(away))


def test_the_parts_still_sum_to_the_score_and_the_reason_names_the_song(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    song = songs_of(first)[3]
    nudge_set(user=owner, song=song, kind="more", song_list=first)
    nudge_set(user=owner, song=songs_of(first)[7], kind="less", song_list=first)
    tail = tail_make(user=owner, song_list=first, played=[])

    for item in tail.items.all():
        assert sum(item.parts.values()) == pytest.approx(item.score)
        assert len(item.reason) <= 200
    assert any(item.parts["taste"] > 0.1 for item in tail.items.all())


def test_a_reason_says_what_was_asked_for(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    song = songs_of(first)[0]
    nudge_set(user=owner, song=song, kind="more", song_list=first)

    reasons = {
        item.song_id: item.reason
        for item in tail_make(user=owner, song_list=first, played=[]).items.all()
    }

    assert reasons.pop(song.pk) == "You asked for more like this"
    asked = [reason for reason in reasons.values() if reason.startswith("You asked")]
    assert 1 <= len(asked) < len(reasons)
    assert set(asked) == {f"You asked for more like {song.title} by {song.artist.name}"}


def test_undo_leaves_nothing_to_the_last_bit(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    reading = first.reading
    before = rows(tail_make(user=owner, song_list=first, played=ids(first)[:4]))

    said = [
        nudge_set(user=owner, song=songs[number], kind=kind, song_list=first)
        for number, kind in ((2, "more"), (5, "less"), (2, "less"), (9, "more"))
    ]
    between = rows(tail_make(user=owner, song_list=first, played=ids(first)[:4]))
    for nudge in reversed(said):
        nudge_undo(nudge=nudge)

    assert between != before
    assert rows(tail_make(user=owner, song_list=first, played=ids(first)[:4])) == before
    assert Nudge.objects.count() == 0
    assert first.reading == reading


def test_less_fades_over_hours_in_any_mood_and_more_over_months_in_its_own(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    happy = a_list(owner)
    nudge_set(user=owner, song=songs[0], kind="less", song_list=happy)
    nudge_set(user=owner, song=songs[1], kind="more", song_list=happy)
    nudge_set(user=owner, song=songs[2], kind="more")
    less, more, anywhere = (song.pk for song in songs[:3])

    assert effects(owner) == pytest.approx({less: -0.6, more: 0.25, anywhere: 0.25})
    assert effects(owner, "sad") == pytest.approx({less: -0.6, anywhere: 0.25})
    assert effects(owner, later=timedelta(hours=3))[less] == pytest.approx(-0.3)
    assert less not in effects(owner, later=timedelta(hours=12, minutes=1))
    assert effects(owner, later=timedelta(days=183))[more] == pytest.approx(0.125, rel=0.13)


def test_more_said_after_less_takes_its_place_and_its_undo_gives_it_back(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    song_list, song = a_list(owner), songs[0]
    nudge_set(user=owner, song=song, kind="less", song_list=song_list)
    more = nudge_set(user=owner, song=song, kind="more", song_list=song_list)
    assert effects(owner) == pytest.approx({song.pk: 0.25})

    nudge_undo(nudge=more)

    assert effects(owner) == pytest.approx({song.pk: -0.6})


def test_less_said_after_more_outweighs_it_for_now(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    song_list, song = a_list(owner), songs[0]
    nudge_set(user=owner, song=song, kind="more", song_list=song_list)
    nudge_set(user=owner, song=song, kind="less", song_list=song_list)

    assert effects(owner)[song.pk] == pytest.approx(-0.35)
    assert effects(owner, later=timedelta(hours=13))[song.pk] > 0.2


def test_saying_it_again_renews_it(owner: Any, songs: list[Song], a_list: Make) -> None:
    song_list = a_list(owner)
    first = nudge_set(user=owner, song=songs[0], kind="less", song_list=song_list)
    Nudge.objects.update(created_at=timezone.now() - timedelta(hours=6))

    again = nudge_set(user=owner, song=songs[0], kind="less", song_list=song_list)

    assert again.pk == first.pk
    assert effects(owner)[songs[0].pk] == pytest.approx(-0.6)


def test_what_is_said_in_private_counts_while_that_runs_and_then_no_more(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    song = songs_of(first)[5]
    before = rows(tail_make(user=owner, song_list=first, played=[]))

    private_start(user=owner)
    nudge_set(user=owner, song=song, kind="less", song_list=first)
    nudge_set(user=owner, song=songs[3], kind="more", song_list=first)
    within = tail_make(user=owner, song_list=first, played=[])
    private_end(user=owner)

    assert song.pk not in ids(within)
    assert rows(tail_make(user=owner, song_list=first, played=[])) == before
    assert set(Nudge.objects.values_list("private", flat=True)) == {True}


@pytest.mark.parametrize("kind", ["", "most", "never"])
def test_a_nudge_is_more_or_less(owner: Any, songs: list[Song], kind: str) -> None:
    with pytest.raises(DomainError) as refused:
        nudge_set(user=owner, song=songs[0], kind=kind)
    assert (refused.value.code, refused.value.status) == ("invalid", 400)


def test_one_listeners_nudges_change_nothing_for_another(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    before = rows(a_list(other))
    mine = a_list(owner)
    for song in songs_of(mine)[:5]:
        nudge_set(user=owner, song=song, kind="less", song_list=mine)
    SongList.objects.filter(user=other).delete()

    assert rows(a_list(other)) == before


# --- The tail -------------------------------------------------------------------------------------


def test_a_tail_keeps_what_was_played_and_ranks_the_rest_anew(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    order = ids(first)
    played = [order[2], order[0], order[1]]
    nudge_set(user=owner, song=songs_of(first)[1], kind="less", song_list=first)

    tail = tail_make(user=owner, song_list=first, played=played)

    assert ids(tail)[:3] == played
    assert len(ids(tail)) == len(set(ids(tail))) == 20
    assert [item.position for item in tail.items.all()] == list(range(1, 21))
    kept = {item.song_id: (item.score, item.parts, item.reason) for item in first.items.all()}
    for item in tail.items.all()[:3]:
        assert (item.score, item.parts, item.reason) == kept[item.song_id]
    assert (tail.goal, tail.emotion, tail.reading_id) == (first.goal, "happy", first.reading_id)
    assert ids(first) == order
    assert (tail.began_as_id, tail.root_id, first.root_id) == (first.pk, first.pk, first.pk)


def test_without_anything_said_the_rest_stays_nearly_what_it_was(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    # Songs of the same list pay no price for having been shown in it
    first = a_list(owner)
    tail = tail_make(user=owner, song_list=first, played=ids(first)[:5])
    again = tail_make(user=owner, song_list=tail, played=ids(first)[:5])

    assert len(set(ids(first)) & set(ids(tail))) >= 17
    assert ids(again) == ids(tail)
    assert again.began_as_id == first.pk


def test_a_tail_follows_a_newer_reading(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    sad = NamedReadingFactory(user=owner, label="sad")

    tail = tail_make(user=owner, song_list=first, played=ids(first)[:2], reading=sad)

    assert ids(tail)[:2] == ids(first)[:2]
    assert (tail.emotion, tail.reading_id) == ("sad", sad.pk)
    moods = {song.title.split()[0] for song in songs_of(tail)[2:]}
    assert "happy" not in moods


def test_a_journey_goes_on_from_where_it_is(owner: Any, songs: list[Song]) -> None:
    reading = NamedReadingFactory(user=owner, label="sad")
    way = list_make(user=owner, reading=reading, goal="lift", size=12, journey=True)

    tail = tail_make(user=owner, song_list=way, played=ids(way)[:8])

    assert tail.journey
    assert len(ids(tail)) == 13  # at least five to come
    valences = [song.valence for song in songs_of(tail)]
    assert min(valences[8:]) > max(valences[:2])


def test_a_song_queued_from_elsewhere_does_not_come_again(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)
    heard = ids(first)[0]
    elsewhere = next(song for song in songs if song.pk not in ids(first))

    tail = tail_make(user=owner, song_list=first, played=[heard, elsewhere.pk, uuid4()])

    assert ids(tail)[0] == heard
    assert elsewhere.pk not in ids(tail)


def test_a_tail_of_a_list_played_to_its_end_has_songs(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = a_list(owner)

    tail = tail_make(user=owner, song_list=first, played=ids(first))

    assert ids(tail)[:20] == ids(first)
    assert len(ids(tail)) == 25


def test_nobody_ranks_another_listeners_list(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    mine = a_list(owner)
    for user, song_list, reading in (
        (other, mine, None),
        (owner, mine, NamedReadingFactory(user=other)),
    ):
        with pytest.raises(DomainError) as refused:
            tail_make(user=user, song_list=song_list, played=[], reading=reading)
        assert refused.value.status == 404


def test_nothing_left_to_play_is_told(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)
    for song in songs:
        if song.pk not in ids(first)[:2]:
            verdict_set(user=owner, song=song, kind="never")

    with pytest.raises(DomainError) as refused:
        tail_make(user=owner, song_list=first, played=ids(first)[:2])
    assert refused.value.code == "no_songs"


def test_nudges_cost_a_list_no_further_query(owner: Any, songs: list[Song], a_list: Make) -> None:
    first = a_list(owner)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            list_make(user=owner, reading=first.reading, goal="match")
        return len(asked)

    before = queries()
    for song in songs[:30]:
        nudge_set(user=owner, song=song, kind="more", song_list=first)

    assert queries() == before


# --- Over the API and on pages --------------------------------------------------------------------


def test_a_nudge_over_the_api_shows_in_its_list_and_goes_again(
    owner: Any, songs: list[Song], api_of: Api, a_list: Make
) -> None:
    first, api = a_list(owner), api_of(owner)
    song = ids(first)[0]

    made = api.post(
        f"/api/v1/songs/{song}/nudges", {"kind": "more", "list": str(first.pk)}, format="json"
    )

    assert made.status_code == 201
    body = made.json()
    assert (body["kind"], body["emotion"], body["song"]) == ("more", "happy", str(song))
    shown = api.get(f"/api/v1/lists/{first.pk}").json()["items"][0]["my_nudges"]
    assert shown == [body]
    assert api.delete(f"/api/v1/nudges/{body['id']}").status_code == 204
    assert api.get(f"/api/v1/lists/{first.pk}").json()["items"][0]["my_nudges"] == []
    assert api.post(f"/api/v1/songs/{song}/nudges", {"kind": "x"}, format="json").status_code == 400


def test_a_tail_over_the_api(owner: Any, songs: list[Song], api_of: Api, a_list: Make) -> None:
    first, api = a_list(owner), api_of(owner)
    played = [str(song) for song in ids(first)[:3]]

    made = api.post(f"/api/v1/lists/{first.pk}/tail", {"played": played}, format="json")

    assert made.status_code == 201
    body = made.json()
    assert [item["song"]["id"] for item in body["items"]][:3] == played
    assert body["began_as"] == str(first.pk)
    assert api.get(f"/api/v1/lists/{body['id']}").json() == body
    wrong = api.post(f"/api/v1/lists/{first.pk}/tail", {"played": ["x"]}, format="json")
    assert wrong.status_code == 400


def test_a_list_shows_the_nudges_that_count_in_it(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    def shown(song_list: SongList) -> list[str]:
        mine = {item.song_id: item.song for item in list_items(song_list)}
        return [nudge.kind for nudge in mine[song.pk].my_nudges]  # type: ignore[attr-defined]

    here, elsewhere = a_list(owner), a_list(owner, emotion="sad")
    song = here.items.first().song  # type: ignore[union-attr]
    elsewhere.items.filter(position=1).update(song=song)
    nudge_set(user=owner, song=song, kind="more", song_list=elsewhere)
    nudge_set(user=owner, song=song, kind="less", song_list=elsewhere)
    # "Less" counts in any mood
    assert shown(here) == ["less"]
    assert shown(elsewhere) == ["more", "less"]

    Nudge.objects.all().delete()
    private_start(user=owner)
    nudge_set(user=owner, song=song, kind="more", song_list=here)
    assert shown(here) == ["more"]
    private_end(user=owner)
    assert shown(here) == []


def test_without_javascript_a_nudge_leads_to_the_list_that_follows(
    owner: Any, songs: list[Song], a_list: Make, client: Client
) -> None:
    first = a_list(owner)
    client.force_login(owner)

    answer = client.post(
        reverse("nudge_create"),
        {"song": str(ids(first)[4]), "kind": "less", "list": str(first.pk)},
    )

    tail = SongList.objects.get(began_as=first)
    assert (answer.status_code, answer.url) == (303, reverse("list_detail", args=[tail.pk]))
    assert ids(first)[4] not in ids(tail)
    assert "Less like" in client.get(answer.url).content.decode()


def test_with_htmx_the_songs_come_with_an_undo_that_brings_the_first_ones_back(
    owner: Any, songs: list[Song], a_list: Make, client: Client
) -> None:
    first = a_list(owner)
    played = ",".join(map(str, ids(first)[:2]))
    client.force_login(owner)
    form = {"song": str(ids(first)[1]), "kind": "more", "list": str(first.pk), "played": played}

    page = client.post(reverse("nudge_create"), form, headers={"HX-Request": "true"})

    nudge, tail = Nudge.objects.get(), SongList.objects.get(began_as=first)
    html = page.content.decode()
    assert f'data-list="{tail.pk}"' in html
    assert f'data-songs="{first.pk}"' in html
    # The page of a reading keeps its way to the list, which the list's own page needs not.
    assert "This list on its own page" in html
    here = f"http://testserver{reverse('list_detail', args=[first.pk])}"
    again = client.post(
        reverse("nudge_create"), form, headers={"HX-Request": "true", "HX-Current-URL": here}
    )
    assert "This list on its own page" not in again.content.decode()
    undo = reverse("nudge_undo", args=[nudge.pk])
    assert undo in html
    back = client.post(undo, {"list": str(first.pk)}, headers={"HX-Request": "true"})
    assert f'data-list="{first.pk}"' in back.content.decode()
    assert not Nudge.objects.exists()


def test_a_song_heard_outside_a_list_can_be_said_of_too(
    owner: Any, songs: list[Song], client: Client
) -> None:
    client.force_login(owner)
    form = {"song": str(songs[0].pk), "kind": "more", "list": ""}

    answer = client.post(reverse("nudge_create"), form, headers={"HX-Request": "true"})

    assert answer.status_code == 200
    assert "data-songs" not in answer.content.decode()
    assert Nudge.objects.get().emotion == ""


def test_a_tail_on_its_page(owner: Any, songs: list[Song], a_list: Make, client: Client) -> None:
    first = a_list(owner)
    client.force_login(owner)
    address = reverse("tail_create", args=[first.pk])
    sad = NamedReadingFactory(user=owner, label="sad")
    form = {"played": str(ids(first)[0]), "reading": str(sad.pk)}

    plain = client.post(address, form)
    fragment = client.post(address, form, headers={"HX-Request": "true"})

    tails = SongList.objects.filter(began_as=first)
    assert [tail.emotion for tail in tails] == ["sad", "sad"]
    assert plain.status_code == 303
    assert fragment.content.decode().count('<li class="song') == 20


@pytest.mark.parametrize("persona", ["other", "anonymous"])
def test_nobody_else_nudges_undoes_or_ranks_what_is_mine(
    owner: Any, songs: list[Song], a_list: Make, client: Client, persona: str, request: Any
) -> None:
    first = a_list(owner)
    nudge = nudge_set(user=owner, song=songs[0], kind="more", song_list=first)
    sad = NamedReadingFactory(user=owner, label="sad")
    if persona == "other":
        client.force_login(request.getfixturevalue("other"))
    items = ListItem.objects.count()

    answers = [
        client.post(reverse("nudge_undo", args=[nudge.pk])),
        client.post(reverse("tail_create", args=[first.pk])),
        client.post(
            reverse("nudge_create"),
            {"song": str(songs[0].pk), "kind": "more", "list": str(first.pk)},
        ),
    ]

    expected = 404 if persona == "other" else 302
    assert [answer.status_code for answer in answers] == [expected] * 3
    assert Nudge.objects.get() == nudge
    assert ListItem.objects.count() == items
    assert sad.lists.count() == 0


@pytest.mark.parametrize("field", ["song", "list", "played"])
@pytest.mark.parametrize("value", ["x", "1,2", "0" * 40])
def test_ids_that_are_none_are_refused(
    owner: Any, songs: list[Song], a_list: Make, client: Client, field: str, value: str
) -> None:
    first = a_list(owner)
    client.force_login(owner)
    form = {"song": str(songs[0].pk), "kind": "more", "list": str(first.pk), "played": ""}

    answer = client.post(reverse("nudge_create"), form | {field: value})

    assert answer.status_code == 404
    assert not SongList.objects.filter(began_as=first).exists()


def test_the_index_shows_a_list_once_as_its_last_change_left_it(
    owner: Any,
    other: Any,
    songs: list[Song],
    a_list: Make,
    client_of: Callable[[Any], Client],
    api_of: Callable[[Any], APIClient],
) -> None:
    first, alone = a_list(owner), a_list(owner, emotion="sad")
    tail_make(user=owner, song_list=first, played=ids(first)[:2])
    last = tail_make(user=owner, song_list=first, played=ids(first)[:3])
    tail_make(user=other, song_list=a_list(other), played=[])

    assert list(lists_as_left(owner)) == [last, alone]
    page = client_of(owner).get("/lists/").content.decode()
    assert reverse("list_detail", args=[last.pk]) in page
    assert reverse("list_detail", args=[first.pk]) not in page
    told = api_of(owner).get("/api/v1/lists").json()
    assert [one["id"] for one in told["results"]] == [str(last.pk), str(alone.pk)]
    # An address of before is still good.
    assert client_of(owner).get(reverse("list_detail", args=[first.pk])).status_code == 200
    assert api_of(owner).get(f"/api/v1/lists/{first.pk}").status_code == 200


def test_taking_a_nudge_back_makes_the_list_of_before_the_one_that_stands(
    owner: Any, songs: list[Song], a_list: Make, client_of: Callable[[Any], Client]
) -> None:
    client, first = client_of(owner), a_list(owner)
    form = {"list": str(first.pk), "played": str(ids(first)[0])}
    client.post(reverse("nudge_create"), form | {"song": str(ids(first)[0]), "kind": "more"})
    tail = SongList.objects.get(began_as=first)
    assert list(lists_as_left(owner)) == [tail]

    client.post(reverse("nudge_undo", args=[Nudge.objects.get().pk]), form)

    assert list(lists_as_left(owner)) == list(lists_of_reading()) == [first]
    assert latest_list(user=owner, reading=first.reading) == first
    # What follows from here on is the list again, and so is what was left once it is gone back to.
    later = tail_make(user=owner, song_list=first, played=ids(first)[:2])
    assert list(lists_as_left(owner)) == [later]
    tails_take_back(song_list=tail)
    assert list(lists_as_left(owner)) == [tail]
    # The journal and the page of the reading show what stands; an old address is still good.
    assert client.get(reverse("list_detail", args=[later.pk])).status_code == 200
