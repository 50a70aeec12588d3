"""The taste page: the list maker's own numbers, where they come from, and taking them back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.urls import reverse
from django.utils import timezone

from catalog.models import HiddenArtist, Song
from catalog.services import artist_hide
from ml.recommend.nudges import LESS, MORE
from ml.recommend.taste import taste
from moodmusic.problems import DomainError
from recommendations.beliefs import edits
from recommendations.beliefs.events import events_of, nudges_on
from recommendations.beliefs.reading import beliefs_of
from recommendations.history import history_of
from recommendations.models import Favourite, ListItem, Nudge, Play, Rating, TasteEdit, Verdict
from recommendations.selectors import candidates
from recommendations.services import (
    favourites_set,
    list_make,
    nudge_set,
    private_start,
    rating_set,
    taste_refold,
    wishes_set,
)
from recommendations.store import STORE
from recommendations.tasks import forget_taste_edits
from tests.catalog.factories import SongFactory
from tests.factories import UserFactory
from tests.recommendations.factories import (
    NamedReadingFactory,
    PlayFactory,
    RatingFactory,
    VerdictFactory,
    community_make,
    model_make,
)

Rows = list[tuple[Any, ...]]


@pytest.fixture(autouse=True)
def _one_throw_of_the_dice(settings: Any) -> None:
    settings.LIST_SEED = 7


@pytest.fixture
def told(owner: Any, songs: list[Song]) -> list[Song]:
    """A listener with stars, plays, verdicts, favourites and wishes, and lists that were shown."""
    community_make(songs[:30])
    model_make(songs)
    for number, song in enumerate(songs[:12]):
        emotion = ("happy", "sad", "")[number % 3]
        RatingFactory(user=owner, song=song, stars=1 + number % 5, emotion=emotion)
    for number, song in enumerate(songs[6:16]):
        outcome = "skipped" if number % 4 == 3 else "completed"
        play = PlayFactory(
            user=owner, song=song, emotion="happy", outcome=outcome, position_s=20.0 + number
        )
        past = timezone.now() - timedelta(days=11 * number + 2)
        Play.objects.filter(pk=play.pk).update(updated_at=past, started_at=past)
    VerdictFactory(user=owner, song=songs[16], kind="never")
    VerdictFactory(user=owner, song=songs[17], kind="not_for_this_mood", emotion="happy")
    favourites_set(user=owner, artists=[songs[40].artist.name], genres=["test"])
    artist_hide(user=owner, artist=songs[25].artist)
    wishes_set(user=owner, new_percent=40, familiar_first=True)
    # More of one in a mood, less of another now, in no mood named, and less of one in private.
    nudged = ((3, "more", "happy"), (13, "more", ""), (18, "less", "sad"), (20, "less", ""))
    for number, kind, emotion in nudged:
        Nudge.objects.create(user=owner, song=songs[number], kind=kind, emotion=emotion)
    Nudge.objects.create(user=owner, song=songs[21], kind="more", emotion="sad", private=True)
    next_list(owner, "happy")
    return songs


def next_list(user: Any, emotion: str) -> Rows:
    """A list that is made, as rows."""
    reading = NamedReadingFactory(user=user, label=emotion)
    made = list_make(user=user, reading=reading, goal="match")
    return [
        (item.song_id, item.score, item.parts, item.reason, item.new) for item in made.items.all()
    ]


def what_comes(user: Any) -> dict[str, Rows]:
    """The lists that would be made now for some moods; nothing stays of making them."""
    found = {}
    for emotion in ("happy", "sad", "angry"):
        found[emotion] = next_list(user, emotion)
        user.lists.order_by("-created_at").first().delete()
    return found


def strength_of(user: Any, kind: str, key: str, emotion: str) -> float:
    found = beliefs_of(user=user, emotion=emotion, now=timezone.now())
    return next((one.strength for one in found.by_kind[kind] if one.key == key), 0.0)


# --- Beliefs are the list maker's numbers ---------------------------------------------------------


@pytest.mark.parametrize("emotion", ["happy", "sad"])
def test_strengths_are_the_terms_that_a_list_adds_up(
    owner: Any, told: list[Song], emotion: str
) -> None:
    # Given what a list for this mood would be made of
    songs, now = STORE.catalogue(), timezone.now()
    history = history_of(user_id=owner.pk, now=now)
    open_ = candidates(user=owner, songs=songs, history=history, emotion=emotion, now=now)
    terms = taste(songs.vectors, songs.carried, songs.artists, open_.liking)

    found = beliefs_of(user=owner, emotion=emotion, now=now)

    assert found.by_kind["song"]
    assert found.by_kind["artist"]
    assert found.by_kind["mood"]
    for one in found.by_kind["song"]:
        (place,) = songs.index_of([one.song.pk])
        assert one.strength == pytest.approx(float(terms.own[place]))
    for one in found.by_kind["artist"]:
        theirs = songs.artists == int(one.key)
        named = terms.favourite[theirs].min() if one.favourite else 0
        assert one.strength == pytest.approx(float(terms.artist[theirs][0] + named))
    # A song that is like another in nothing but lies at a mood's point gets that mood's belief.
    happy = next(one for one in found.by_kind["mood"] if one.key == "happy")
    assert happy.strength == pytest.approx(
        sum(_profile(terms, songs, _mood_vector(songs, "happy")))
    )
    assert 0 < len(happy.sources) <= 8
    assert found.most == pytest.approx(float(terms.total.max()))


def _mood_vector(songs: Any, slug: str) -> np.ndarray:
    from catalog.models import Mood

    mood = Mood.objects.get(slug=slug)
    toward = songs.space.toward(np.array([mood.valence, mood.arousal]))
    return np.asarray(toward / np.linalg.norm(toward), dtype=np.float32)


def _profile(terms: Any, songs: Any, vector: np.ndarray) -> list[float]:
    carried = songs.space.carried(vector[None, :])[0]
    return [*terms.did(vector, carried).tolist(), *(terms.named @ carried).tolist()]


def test_an_artist_belief_is_the_sum_of_its_sources(owner: Any, songs: list[Song]) -> None:
    artist = songs[0].artist
    theirs = [song for song in songs if song.artist_id == artist.pk]
    for song, stars in zip(theirs, (5, 4, 2), strict=True):
        rating_set(user=owner, song=song, stars=stars)

    found = beliefs_of(user=owner, emotion="happy", now=timezone.now())

    one = next(one for one in found.by_kind["artist"] if one.key == str(artist.pk))
    assert one.strength == pytest.approx(0.3 * (1 + 0.5 - 0.5) / 5)
    assert sum(one.sources.values()) == pytest.approx(one.strength)
    assert set(one.sources) == {song.pk for song in theirs}


def test_always_is_what_was_said_without_a_mood(owner: Any, told: list[Song]) -> None:
    found = beliefs_of(user=owner, emotion="", now=timezone.now())

    # Every third rating named no mood; three stars say nothing.
    named = {one.song.title for one in found.by_kind["song"]}
    assert named == {told[5].title, told[8].title, told[11].title, told[16].title}
    never = next(one for one in found.by_kind["song"] if one.song.pk == told[16].pk)
    assert never.left_out
    assert never.strength == pytest.approx(-0.3)


def test_a_new_listener_is_believed_nothing(other: Any, told: list[Song]) -> None:
    found = beliefs_of(user=other, emotion="happy", now=timezone.now())

    assert all(rows == [] for rows in found.by_kind.values())
    assert (found.told, found.most, found.personal) == (0, 0.0, False)


def test_own_songs_are_believed_of_as_lists_count_them(owner: Any, songs: list[Song]) -> None:
    mine = SongFactory(owner=owner, moods=["happy"], title="Mine")
    RatingFactory(user=owner, song=mine, emotion="happy", stars=5)

    found = beliefs_of(user=owner, emotion="happy", now=timezone.now())

    strengths = {one.name: one.strength for one in found.by_kind["song"]}
    assert strengths["Mine"] > 0.1
    assert mine.artist.name in {one.name for one in found.by_kind["artist"]}


def test_how_much_comes_from_others_is_the_weight_of_the_next_list(
    owner: Any, told: list[Song]
) -> None:
    found = beliefs_of(user=owner, emotion="sad", now=timezone.now())

    made = list_make(user=owner, reading=NamedReadingFactory(user=owner, label="sad"), goal="match")
    assert found.weight == made.collaborative_weight > 0.3
    assert found.personal


def test_a_belief_opens_to_its_events(owner: Any, songs: list[Song]) -> None:
    song = songs[0]
    RatingFactory(user=owner, song=song, stars=5, emotion="happy")
    RatingFactory(user=owner, song=song, stars=1, emotion="happy", private=True)
    for number in range(7):
        PlayFactory(user=owner, song=song, emotion="sad", outcome="completed", position_s=number)
    PlayFactory(user=owner, song=song, outcome="completed", private=True)
    VerdictFactory(user=owner, song=song, kind="wrong_mood")

    (happy,) = events_of(user=owner, sources={song.pk: 0.3}, emotion="happy")
    (always,) = events_of(user=owner, sources={song.pk: 0.3}, emotion="")

    assert [rating.stars for rating in happy.ratings] == [5]
    assert (len(happy.plays), happy.more_plays, happy.verdicts) == (5, 2, [])
    assert (always.ratings, always.plays) == ([], [])


def asked(user: Any, emotion: str) -> dict[str, float]:
    found = beliefs_of(user=user, emotion=emotion, now=timezone.now())
    return {one.key: one.strength for one in found.by_kind["asked"]}


def test_what_was_asked_for_is_believed_as_lists_count_it(owner: Any, told: list[Song]) -> None:
    key = [str(song.pk) for song in told]

    happy, sad, always = (asked(owner, emotion) for emotion in ("happy", "sad", ""))

    # "More" holds in its mood, "less" in any, and what was said in private in none.
    more, less = pytest.approx(MORE), pytest.approx(LESS)
    assert happy == {key[3]: more, key[13]: more, key[18]: less, key[20]: less}
    assert sad == {key[13]: more, key[18]: less, key[20]: less}
    assert always == {key[13]: more, key[20]: less}
    private_start(user=owner, minutes=30)
    assert set(asked(owner, "sad")) == {*sad, key[21]}


def test_a_wish_opens_to_when_it_was_said(owner: Any, told: list[Song]) -> None:
    now = timezone.now()
    for number, emotion, words in (
        (3, "happy", [("more", "happy")]),
        (3, "sad", []),
        (18, "happy", [("less", "sad")]),
        (18, "", []),
        (21, "sad", []),
    ):
        (one,) = nudges_on(user=owner, sources={told[number].pk: 0.1}, emotion=emotion, now=now)
        assert [(nudge.kind, nudge.emotion) for nudge in one.nudges] == words
    (over,) = nudges_on(
        user=owner, sources={told[18].pk: 0.1}, emotion="sad", now=now + timedelta(hours=13)
    )
    assert over.nudges == []


# --- Changing and undoing -------------------------------------------------------------------------


def changes(user: Any, songs: list[Song]) -> dict[str, Any]:
    """One change of each kind."""
    return {
        "stars": lambda: edits.rating_change(
            user=user, rating=user.ratings.get(song=songs[4]), stars=1
        ),
        "rating": lambda: edits.event_remove(user=user, event=user.ratings.get(song=songs[4])),
        "verdict": lambda: edits.event_remove(user=user, event=user.verdicts.get(kind="never")),
        "favourite": lambda: edits.event_remove(user=user, event=user.favourites.first()),
        "artist": lambda: edits.event_remove(user=user, event=user.hidden_artists.get()),
        "play": lambda: edits.play_disuse(user=user, play=user.plays.filter(song=songs[14]).get()),
        "heard": lambda: edits.event_remove(user=user, event=user.plays.get(song=songs[13])),
        "nudge": lambda: edits.event_remove(user=user, event=user.nudges.get(song=songs[3])),
        "less": lambda: edits.event_remove(user=user, event=user.nudges.get(song=songs[20])),
        "reset": lambda: edits.taste_reset(user=user, emotion=None),
        "reset happy": lambda: edits.taste_reset(user=user, emotion="happy"),
        "reset always": lambda: edits.taste_reset(user=user, emotion=""),
    }


def rows_of(user: Any) -> dict[str, list[dict[str, Any]]]:
    kinds = (Rating, Play, Verdict, Nudge, Favourite, HiddenArtist)
    rows = {
        kind.__name__: list(kind._default_manager.filter(user=user).order_by("pk").values())
        for kind in kinds
    }
    return {**rows, "lists": list(user.lists.order_by("pk").values())}


@pytest.mark.parametrize(
    "name",
    [
        "stars", "rating", "verdict", "favourite", "artist", "play", "heard",
        "nudge", "less", "reset", "reset happy", "reset always",
    ],
)  # fmt: skip
def test_every_change_shows_in_lists_and_its_undo_leaves_them_bit_identical(
    owner: Any, told: list[Song], name: str
) -> None:
    before, rows = what_comes(owner), rows_of(owner)

    edit = changes(owner, told)[name]()
    assert what_comes(owner) != before
    assert rows_of(owner) != rows
    edits.edit_undo(edit=edit)

    assert rows_of(owner) == rows
    assert what_comes(owner) == before
    assert not TasteEdit.objects.exists()


def test_changes_undone_in_any_order_leave_nothing(owner: Any, told: list[Song]) -> None:
    before, rows = what_comes(owner), rows_of(owner)
    made = [changes(owner, told)[name]() for name in ("verdict", "play", "reset happy", "reset")]

    for edit in (made[2], made[0], made[3], made[1]):
        edits.edit_undo(edit=edit)

    assert rows_of(owner) == rows
    assert what_comes(owner) == before


def test_changed_stars_keep_their_mood(owner: Any, told: list[Song]) -> None:
    rating = owner.ratings.get(song=told[4])

    edit = edits.rating_change(user=owner, rating=rating, stars=3)

    rating.refresh_from_db()
    assert (rating.stars, rating.emotion) == (3, "sad")
    assert edits.rating_change(user=owner, rating=rating, stars=3) is None
    with pytest.raises(DomainError) as refused:
        edits.rating_change(user=owner, rating=rating, stars=6)
    assert refused.value.code == "invalid"
    assert list(edits.edits_of(owner)) == [edit]


def test_what_was_said_anew_stands_and_the_undo_says_so(owner: Any, told: list[Song]) -> None:
    rating = owner.ratings.get(song=told[4])
    edit = edits.event_remove(user=owner, event=rating)
    RatingFactory(user=owner, song=told[4], emotion="sad", stars=2)

    with pytest.raises(DomainError) as refused:
        edits.edit_undo(edit=edit)

    assert (refused.value.code, refused.value.status) == ("changed_since", 409)
    assert owner.ratings.get(song=told[4]).stars == 2
    assert TasteEdit.objects.filter(pk=edit.pk).exists()


def test_stars_changed_again_elsewhere_are_not_overwritten(owner: Any, told: list[Song]) -> None:
    rating = owner.ratings.get(song=told[4])
    edit = edits.rating_change(user=owner, rating=rating, stars=1)
    Rating.objects.filter(pk=rating.pk).update(stars=3)

    with pytest.raises(DomainError):
        edits.edit_undo(edit=edit)

    rating.refresh_from_db()
    assert rating.stars == 3


def test_changed_stars_come_back_also_when_their_list_is_gone(
    owner: Any, songs: list[Song], a_list: Any
) -> None:
    song_list = a_list(owner)
    song = song_list.items.first().song
    rating = rating_set(user=owner, song=song, stars=5, song_list=song_list)
    edit = edits.rating_change(user=owner, rating=rating, stars=2)
    song_list.delete()

    edits.edit_undo(edit=edit)

    rating.refresh_from_db()
    assert (rating.stars, rating.song_list_id) == (5, None)


def test_stars_kept_by_a_device_before_a_change_do_not_outrank_it(
    owner: Any, songs: list[Song]
) -> None:
    now = timezone.now()
    rating = rating_set(user=owner, song=songs[0], stars=5, at=now - timedelta(hours=3))
    edits.rating_change(user=owner, rating=rating, stars=1)

    # Said after the first stars and before the change, and sent only now
    rating_set(user=owner, song=songs[0], stars=4, at=now - timedelta(hours=1))

    assert owner.ratings.get().stars == 1


def test_what_is_taken_away_is_kept_as_it_was_by_then(owner: Any, songs: list[Song]) -> None:
    # Given stars that were looked up, and changed meanwhile
    looked_up = rating_set(user=owner, song=songs[0], stars=5)
    rating_set(user=owner, song=songs[0], stars=2)

    edit = edits.event_remove(user=owner, event=looked_up)
    edits.edit_undo(edit=edit)

    assert owner.ratings.get().stars == 2


def test_a_second_tap_on_what_is_gone_leaves_no_change_to_undo(
    owner: Any, songs: list[Song]
) -> None:
    rating = rating_set(user=owner, song=songs[0], stars=5)
    play = PlayFactory(user=owner, song=songs[0])
    twice: Any = [(Rating.objects.get(), rating), (Play.objects.get(), play)]
    for event, again in twice:
        edits.event_remove(user=owner, event=event)
        with pytest.raises(DomainError) as refused:
            edits.event_remove(user=owner, event=again)
        assert refused.value.status == 404
    with pytest.raises(DomainError):
        edits.rating_change(user=owner, rating=rating, stars=1)

    assert edits.edits_of(owner).count() == 2


def test_a_play_disused_twice_at_once_is_one_change(owner: Any, songs: list[Song]) -> None:
    PlayFactory(user=owner, song=songs[0])
    first, second = Play.objects.get(), Play.objects.get()

    edit = edits.play_disuse(user=owner, play=first)

    assert edits.play_disuse(user=owner, play=second) is None
    assert list(edits.edits_of(owner)) == [edit]
    assert Play.objects.get().unused_by == edit


def test_favourites_come_back_as_far_as_there_is_room(owner: Any, songs: list[Song]) -> None:
    names = [song.artist.name for song in songs[:6]]
    favourites_set(user=owner, artists=names[:3], genres=[])
    edit = edits.taste_reset(user=owner, emotion=None)
    favourites_set(user=owner, artists=[names[0], names[4]], genres=[])

    edits.edit_undo(edit=edit)

    named = [one.artist.name for one in owner.favourites.select_related("artist")]
    assert sorted(named) == sorted([names[0], names[1], names[4]])
    favourites_set(user=owner, artists=names[3:6], genres=[])
    one = edits.event_remove(user=owner, event=owner.favourites.get(artist=songs[3].artist))
    favourites_set(user=owner, artists=[names[0], *names[4:6]], genres=[])
    with pytest.raises(DomainError) as refused:
        edits.edit_undo(edit=one)
    assert refused.value.code == "changed_since"
    assert owner.favourites.count() == 3


def test_after_a_reset_new_words_stand_and_the_undo_brings_back_the_rest(
    owner: Any, told: list[Song]
) -> None:
    count = owner.ratings.count()
    edit = edits.taste_reset(user=owner, emotion=None)
    assert owner.ratings.count() == 0
    RatingFactory(user=owner, song=told[4], emotion="sad", stars=2)

    edits.edit_undo(edit=edit)

    assert owner.ratings.count() == count
    assert owner.ratings.get(song=told[4], emotion="sad").stars == 2


def test_a_song_deleted_meanwhile_does_not_come_back(owner: Any, told: list[Song]) -> None:
    edit = edits.taste_reset(user=owner, emotion=None)
    ListItem.objects.filter(song=told[4]).delete()
    told[4].delete()

    edits.edit_undo(edit=edit)

    assert not owner.ratings.filter(song=told[4].pk).exists()
    assert owner.ratings.count() == 11


# --- Starting over --------------------------------------------------------------------------------


def test_after_a_reset_of_everything_lists_are_those_of_a_new_listener(
    owner: Any, told: list[Song]
) -> None:
    new = UserFactory()
    assert what_comes(owner) != what_comes(new)

    edits.taste_reset(user=owner, emotion=None)
    taste_refold(user_id=owner.pk)

    assert what_comes(owner) == what_comes(new)
    assert owner.plays.count() == 10  # in the history still


def test_nudges_alone_are_reset_and_come_back(owner: Any, songs: list[Song]) -> None:
    """Also in a private stretch, in which one said in private counts."""
    private_start(user=owner, minutes=30)
    for number, (kind, private) in enumerate((("more", False), ("less", False), ("more", True))):
        Nudge.objects.create(
            user=owner, song=songs[number], kind=kind, emotion="happy", private=private
        )
    new, before, rows = UserFactory(), what_comes(owner), rows_of(owner)
    assert before != what_comes(new)

    edit = edits.taste_reset(user=owner, emotion=None)
    assert not owner.nudges.exists()
    assert what_comes(owner) == what_comes(new)
    edits.edit_undo(edit=edit)

    assert rows_of(owner) == rows
    assert what_comes(owner) == before


def test_a_nudge_said_anew_after_a_reset_stands(owner: Any, told: list[Song]) -> None:
    edit = edits.taste_reset(user=owner, emotion="happy")
    anew = nudge_set(user=owner, song=told[3], kind="more", song_list=owner.lists.first())
    assert anew.emotion == "happy"

    edits.edit_undo(edit=edit)

    assert owner.nudges.get(song=told[3]) == anew


def test_a_reset_of_one_mood_leaves_the_others(owner: Any, told: list[Song]) -> None:
    edits.taste_reset(user=owner, emotion="happy")

    assert set(owner.ratings.values_list("emotion", flat=True)) == {"sad", ""}
    assert list(owner.verdicts.values_list("kind", flat=True)) == ["never"]
    assert set(owner.nudges.values_list("emotion", flat=True)) == {"sad", ""}
    assert owner.favourites.count() == 2
    assert not owner.plays.filter(emotion="happy", private=False).exists()


def test_all_moods_and_always_one_by_one_are_a_reset_of_everything(
    owner: Any, told: list[Song]
) -> None:
    for emotion in ("happy", "sad", ""):
        edits.taste_reset(user=owner, emotion=emotion)

    assert what_comes(owner) == what_comes(UserFactory())


def test_an_unknown_mood_is_refused(owner: Any) -> None:
    with pytest.raises(DomainError) as refused:
        edits.taste_reset(user=owner, emotion="hungry")

    assert refused.value.code == "invalid"
    assert not TasteEdit.objects.exists()


def test_after_thirty_days_a_change_is_final_and_stays_in_force(
    owner: Any, told: list[Song]
) -> None:
    edit = edits.taste_reset(user=owner, emotion=None)
    old = timezone.now() - edits.KEPT - timedelta(minutes=1)
    TasteEdit.objects.filter(pk=edit.pk).update(created_at=old)
    kept = edits.play_disuse(user=owner, play=PlayFactory(user=owner, song=told[0]))
    assert list(edits.edits_of(owner)) == [kept]

    forget_taste_edits()
    forget_taste_edits()

    assert list(TasteEdit.objects.all()) == [kept]
    assert owner.ratings.count() == 0
    assert not owner.plays.filter(private=False).exists()


def test_five_thousand_stars_come_back_in_a_few_queries(
    owner: Any, songs: list[Song], django_assert_max_num_queries: Any
) -> None:
    moods = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral", "")
    Rating.objects.bulk_create(
        Rating(user=owner, song=song, emotion=emotion, stars=4)
        for song in songs
        for emotion in moods
    )
    edit = edits.taste_reset(user=owner, emotion=None)

    with django_assert_max_num_queries(40):
        edits.edit_undo(edit=edit)

    assert owner.ratings.count() == len(songs) * len(moods)


# --- The page -------------------------------------------------------------------------------------


def test_the_page_shows_beliefs_events_and_everything_hidden(
    owner: Any, told: list[Song], client_of: Any, django_assert_max_num_queries: Any
) -> None:
    client = client_of(owner)
    opened = f"song-{told[9].pk}"

    client.get(reverse("taste"))
    with django_assert_max_num_queries(55):
        answer = client.get(reverse("taste"), {"mood": "happy", "open": opened})

    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    for words in ("Artists", "Moods of songs", "How songs sound", "of the choice comes from"):
        assert words in page
    assert f'id="{opened}" open' in page
    assert "Stars when happy" in page
    assert "use this play" in page
    assert told[25].artist.name in page
    assert "not when happy" in page
    assert "never again" in page
    assert "Familiar or new" in page
    assert "Listen privately" in page


def test_changing_removing_and_undoing_on_the_page(
    owner: Any, told: list[Song], client_of: Any
) -> None:
    client, rating = client_of(owner), owner.ratings.get(song=told[4])
    where = {"mood": "sad", "open": f"song-{told[4].pk}"}
    named = {"kind": "rating", "key": rating.pk, **where}

    answer = client.post(reverse("taste_change"), {**named, "do": "stars", "stars": "2"})
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"{reverse('taste')}?mood=sad&open=song-{told[4].pk}",
    )
    rating.refresh_from_db()
    assert rating.stars == 2
    client.post(reverse("taste_change"), {**named, "do": "remove"})
    assert not owner.ratings.filter(pk=rating.pk).exists()

    page = client.get(reverse("taste")).content.decode()
    assert f"Stars of {told[4].title} removed" in page
    for edit in edits.edits_of(owner):
        assert client.post(reverse("taste_undo", args=[edit.pk])).status_code == 303
    rating.refresh_from_db()
    assert rating.stars == 5


def test_a_change_that_changes_nothing_offers_no_undo(
    owner: Any, told: list[Song], client_of: Any
) -> None:
    rating = owner.ratings.get(song=told[4])
    asked = {"kind": "rating", "key": rating.pk, "do": "stars", "stars": rating.stars}

    page = client_of(owner).post(reverse("taste_change"), asked, follow=True).content.decode()

    assert "You can undo it below" not in page
    assert not edits.edits_of(owner).exists()


def test_a_wish_is_taken_back_and_put_back_on_the_page(
    owner: Any, told: list[Song], client_of: Any
) -> None:
    client, nudge = client_of(owner), owner.nudges.get(song=told[3])
    where = {"mood": "happy", "open": f"asked-{told[3].pk}"}
    page = client.get(reverse("taste"), where).content.decode()
    assert "More or less like these" in page
    assert "You asked for more like it" in page

    client.post(reverse("taste_change"), {"kind": "nudge", "key": nudge.pk, "do": "remove"})

    assert not owner.nudges.filter(pk=nudge.pk).exists()
    page = client.get(reverse("taste"), where).content.decode()
    assert f"Wish for songs like {told[3].title} taken back" in page
    assert "You asked for more like it" not in page
    (edit,) = edits.edits_of(owner)
    client.post(reverse("taste_undo", args=[edit.pk]))
    assert owner.nudges.get(song=told[3]) == nudge


def test_a_reset_needs_to_be_meant(owner: Any, told: list[Song], client_of: Any) -> None:
    client = client_of(owner)

    answer = client.post(reverse("taste_reset"), {"what": "all"}, follow=True)
    assert "Nothing was reset" in answer.content.decode()
    assert owner.ratings.count() == 12

    client.post(reverse("taste_reset"), {"what": "all", "sure": "yes"})
    assert owner.ratings.count() == 0
    assert "Started over with everything" in client.get(reverse("taste")).content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "rating", "key": "1x", "do": "remove"},
        {"kind": "verdict", "key": "not-a-key", "do": "remove"},
        {"kind": "user", "key": "1", "do": "remove"},
        {},
    ],
)
def test_what_is_not_there_cannot_be_changed(
    owner: Any, client_of: Any, asked: dict[str, str]
) -> None:
    assert client_of(owner).post(reverse("taste_change"), asked).status_code == 404


def test_an_event_cannot_have_done_to_it_what_it_is_not_for(
    owner: Any, told: list[Song], client_of: Any
) -> None:
    play = owner.plays.first()
    asked = {"kind": "play", "key": play.pk, "do": "stars", "stars": "3"}

    assert client_of(owner).post(reverse("taste_change"), asked).status_code == 400
    rating = owner.ratings.first()
    asked = {"kind": "rating", "key": rating.pk, "do": "stars", "stars": "345"}
    assert client_of(owner).post(reverse("taste_change"), asked).status_code == 400


def test_others_neither_see_nor_change_it(
    owner: Any, other: Any, anonymous: Any, told: list[Song], client_of: Any
) -> None:
    edit, rows = edits.taste_reset(user=owner, emotion="happy"), rows_of(owner)
    theirs, nobody = client_of(other), client_of(anonymous)
    rating, play = owner.ratings.first(), owner.plays.first()
    nudge = owner.nudges.first()

    for kind, event in (
        ("rating", rating),
        ("play", play),
        ("artist", owner.hidden_artists.get()),
        ("nudge", nudge),
    ):
        asked = {"kind": kind, "key": event.pk, "do": "remove"}
        assert theirs.post(reverse("taste_change"), asked).status_code == 404
        assert nobody.post(reverse("taste_change"), asked).status_code == 302
    assert theirs.post(reverse("taste_undo", args=[edit.pk])).status_code == 404
    theirs.post(reverse("taste_reset"), {"what": "all", "sure": "yes"})
    assert "Started over when happy" not in theirs.get(reverse("taste")).content.decode()
    assert nobody.get(reverse("taste")).status_code == 302
    assert rows_of(owner) == rows
