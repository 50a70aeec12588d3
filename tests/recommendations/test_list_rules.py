"""What a list keeps to: versions, a week's memory, the dial, songs tried out, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.utils import timezone

from catalog.models import Artist, Song
from catalog.services import song_hide
from catalog.services.revision import revision_next
from ml.recommend.fresh import SHOWN
from ml.recommend.rank import PARTS
from ml.recommend.versions import version_code
from moodmusic.problems import DomainError
from recommendations.models import ListItem, ListWishes, Play, Rating, SongList, Verdict
from recommendations.reasons import largest_part
from recommendations.selectors import evidence_of
from recommendations.services import list_make, rating_set, verdict_set, wishes_set
from recommendations.services.lists import LATELY
from tests.catalog.factories import mood_named
from tests.recommendations.factories import (
    NamedReadingFactory,
    PlayFactory,
    RatingFactory,
    catalogue_make,
)

Make = Callable[..., SongList]


def held(song_list: SongList) -> list[ListItem]:
    return list(song_list.items.select_related("song__artist"))


def ids(song_list: SongList) -> list[Any]:
    return [item.song_id for item in held(song_list)]


def version_of(song: Song, title: str) -> Song:
    """Another entry of the same song, with its mood and sound."""
    copy = Song.objects.create(
        title=title,
        artist=song.artist,
        duration_s=song.duration_s,
        licence=song.licence,
        credit=song.credit,
        valence=song.valence,
        placed=song.placed,
        arousal=song.arousal,
        features=song.features,
        revision=revision_next(),
    )
    copy.moods.set(song.moods.all())
    return copy


# --- Versions -------------------------------------------------------------------------------------


def test_only_one_version_of_a_song_is_in_a_list(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = Song.objects.get(pk=ids(a_list(owner, size=1))[0])
    for title in (f"{first.title} (live)", f"{first.title.upper()} - Remastered 2011"):
        version_of(first, title)

    items = held(a_list(owner, size=50))

    codes = [version_code(item.song.artist.name, item.song.title) for item in items]
    assert codes.count(version_code(first.artist.name, first.title)) == 1
    assert len(set(codes)) == 50


def test_turning_a_song_down_hides_its_versions(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    first = Song.objects.get(pk=ids(a_list(owner, size=1))[0])
    live = version_of(first, f"{first.title} (Live at home)")
    verdict = verdict_set(user=owner, song=first, kind="never")

    assert not {first.pk, live.pk} & set(ids(a_list(owner, size=50)))

    Verdict.objects.filter(pk=verdict.pk).delete()
    assert {first.pk, live.pk} & set(ids(a_list(owner, size=50)))


def test_a_renamed_song_becomes_a_version_at_once(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    one, two = (item.song for item in held(a_list(owner, size=2)))
    verdict_set(user=owner, song=one, kind="never")
    assert two.pk in ids(a_list(owner, size=50))

    Song.objects.filter(pk=two.pk).update(
        title=f"{one.title} [live]", artist=one.artist, revision=revision_next()
    )

    assert two.pk not in ids(a_list(owner, size=50))


# --- A week's memory ------------------------------------------------------------------------------


def test_what_was_shown_in_this_mood_pays_a_price_that_fades_over_a_week(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    shown = a_list(owner, size=4)
    song = ids(shown)[0]

    def price(user: Any, days: float, emotion: str = "happy") -> float:
        SongList.objects.exclude(pk=shown.pk).delete()
        SongList.objects.filter(pk=shown.pk).update(created_at=timezone.now() - timedelta(days))
        items = {item.song_id: item for item in held(a_list(user, emotion, size=50))}
        return float(items[song].parts["fresh"])

    assert price(owner, 0) == pytest.approx(SHOWN, abs=1e-4)
    assert price(owner, 3.5) == pytest.approx(SHOWN * 4 / 7, abs=1e-4)  # by whole days
    assert price(owner, 7.1) == 0
    assert price(owner, 0, "surprise") == 0
    assert price(other, 0) == 0


def test_where_there_are_enough_songs_hardly_one_returns_within_the_week(
    owner: Any, db: None, a_list: Make, settings: Any
) -> None:
    settings.LIST_SEED = None
    catalogue_make(per_mood=300, artists_per_mood=100)

    shown = [pk for _turn in range(8) for pk in ids(a_list(owner))]

    assert len(shown) == 160
    assert len(shown) - len(set(shown)) < 16


def test_a_small_catalogue_shows_its_songs_again(owner: Any, db: None, a_list: Make) -> None:
    catalogue_make(per_mood=2, artists_per_mood=2)

    lists = [ids(a_list(owner, size=14)) for _again in range(3)]

    assert all(len(set(one)) == 14 for one in lists)


# --- The dial -------------------------------------------------------------------------------------


def heard_by(user: Any, songs: list[Song], times: int = 1) -> None:
    for _time in range(times):
        for song in songs:
            PlayFactory(user=user, song=song, outcome="completed", position_s=40, emotion="happy")
    Play.objects.update(updated_at=timezone.now() - timedelta(days=3))


@pytest.mark.parametrize("percent", [0, 20, 50, 80, 100])
@pytest.mark.parametrize("size", [10, 20])
def test_the_dial_is_met_within_ten_points(
    owner: Any, songs: list[Song], a_list: Make, percent: int, size: int
) -> None:
    heard_by(owner, songs[::2])
    wishes_set(user=owner, new_percent=percent, familiar_first=False)
    known = {song.pk for song in songs[::2]}

    song_list = a_list(owner, size=size)

    new = [pk for pk in ids(song_list) if pk not in known]
    assert abs(100 * len(new) / size - percent) <= 10
    assert song_list.new_percent == percent
    assert {item.song_id for item in held(song_list) if item.new} == set(new)


def test_a_dial_that_cannot_be_met_still_fills_the_list(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    heard_by(owner, songs[:3])
    wishes_set(user=owner, new_percent=0, familiar_first=False)

    chosen = ids(a_list(owner))

    assert len(chosen) == 20
    assert {song.pk for song in songs[:3]} <= set(chosen)


def test_without_a_dial_scores_decide(owner: Any, songs: list[Song], a_list: Make) -> None:
    plain = ids(a_list(owner))
    SongList.objects.all().delete()
    wishes_set(user=owner, new_percent=100, familiar_first=False)
    wishes_set(user=owner, new_percent=None, familiar_first=False)

    song_list = a_list(owner)

    assert ids(song_list) == plain
    assert song_list.new_percent is None


def test_familiar_first_orders_by_the_listener_s_own_plays(
    owner: Any, other: Any, songs: list[Song], a_list: Make
) -> None:
    happy = songs[:30]
    heard_by(owner, happy[:3])
    heard_by(owner, happy[3:6], times=4)
    heard_by(other, happy[6:9], times=9)
    wishes_set(user=owner, new_percent=50, familiar_first=True)

    items = held(a_list(owner, size=12))

    assert [item.new for item in items] == [False] * 6 + [True] * 6
    assert {item.song_id for item in items[:3]} == {song.pk for song in happy[3:6]}
    assert {item.song_id for item in items[3:6]} == {song.pk for song in happy[:3]}


def test_wishes_over_the_api_are_one_s_own(
    owner: Any, other: Any, api_of: Callable[[Any], Any]
) -> None:
    api, unset = api_of(owner), {"new_percent": None, "familiar_first": False}
    assert api.get("/api/v1/lists/wishes").json() == unset

    wished = {"new_percent": 35, "familiar_first": True}
    assert api.put("/api/v1/lists/wishes", wished, format="json").json() == wished
    assert api.get("/api/v1/lists/wishes").json() == wished
    assert api_of(other).get("/api/v1/lists/wishes").json() == unset

    assert api.put("/api/v1/lists/wishes", {}, format="json").json() == unset
    assert ListWishes.objects.count() == 1


@pytest.mark.parametrize("percent", [-1, 101, "many", 2.5, True])
def test_other_percentages_are_refused(
    owner: Any, api_of: Callable[[Any], Any], percent: Any
) -> None:
    answer = api_of(owner).put("/api/v1/lists/wishes", {"new_percent": percent}, format="json")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["new_percent"]
    with pytest.raises(DomainError):
        wishes_set(user=owner, new_percent=percent, familiar_first=False)
    assert not ListWishes.objects.exists()


# --- Songs tried out ------------------------------------------------------------------------------


def test_every_song_keeps_its_chance_and_drawn_ones_say_so(
    owner: Any, songs: list[Song], a_list: Make
) -> None:
    items = held(a_list(owner))

    drawn = [item for item in items if item.tried]
    assert len(drawn) == 3
    assert all(0 < item.propensity < 1 for item in drawn)  # type: ignore[operator]
    assert all(item.propensity == 1 for item in items if not item.tried)
    assert not any(item.tried for item in held(a_list(owner, size=4)))


def test_lists_draw_by_their_own_ids(
    owner: Any, songs: list[Song], a_list: Make, settings: Any
) -> None:
    settings.LIST_SEED = None
    drawn = set()
    for _again in range(8):
        drawn.add(tuple(sorted(str(i.song_id) for i in held(a_list(owner)) if i.tried)))
        SongList.objects.all().delete()

    assert len(drawn) > 1


def test_songs_added_this_month_have_their_share(
    owner: Any, songs: list[Song], a_list: Make, settings: Any
) -> None:
    settings.LIST_SEED = None
    Song.objects.update(created_at=timezone.now() - LATELY - timedelta(days=1))
    late = Song.objects.filter(title__in=["happy song 20", "happy song 21", "sad song 3"])
    # By a newcomer, so that the artist cap leaves room for them
    newcomer = Artist.objects.create(name="Newcomer")
    late.update(
        artist=newcomer,
        created_at=timezone.now() - timedelta(days=2),
        revision=revision_next(),
    )
    fitting = {song.pk for song in late if song.title.startswith("happy")}
    heard_by(owner, [song for song in songs[:30] if song.pk not in fitting])

    for _again in range(6):
        assert fitting & set(ids(a_list(owner)))
        SongList.objects.all().delete()

    wishes_set(user=owner, new_percent=0, familiar_first=False)
    assert not fitting & set(ids(a_list(owner)))


def test_evidence_is_what_everybody_did_in_this_mood(
    owner: Any, other: Any, songs: list[Song]
) -> None:
    one, two, three = songs[:3]
    for outcome, emotion in (
        ("completed", "happy"),
        ("completed", "happy"),
        ("skipped", "happy"),
        ("abandoned", "happy"),
        ("completed", "sad"),
    ):
        PlayFactory(user=owner, song=one, outcome=outcome, emotion=emotion)
    RatingFactory(user=other, song=one, stars=4)
    RatingFactory(user=owner, song=one, stars=3)
    RatingFactory(user=owner, song=two, stars=2)
    RatingFactory(user=owner, song=three, stars=5, emotion="sad")

    said = evidence_of(songs=[two.pk, one.pk, three.pk], emotion="happy")

    assert said.liked.tolist() == [0, 3, 0]
    assert said.disliked.tolist() == [1, 1, 0]
    assert said.plays.tolist() == [0, 5, 0]


def test_what_trying_out_gave_is_named_where_it_is_the_largest_part() -> None:
    parts = np.array([0.1, 0, 0, 0, 0.3])

    assert largest_part(parts) == "explore" == PARTS[4]
    assert largest_part(np.array([0.4, 0, 0, 0, 0.3])) == "mood"


def test_a_far_arrival_is_given_as_a_try(owner: Any, songs: list[Song], a_list: Make) -> None:
    """Songs loved in this mood score far above one that merely fits it."""
    for song in songs[:30]:
        rating_set(user=owner, song=song, stars=5)
    Song.objects.update(created_at=timezone.now() - LATELY - timedelta(days=1))
    late = Song.objects.get(title="energetic song 4")
    Song.objects.filter(pk=late.pk).update(
        created_at=timezone.now(), revision=revision_next(), valence=0.4, arousal=0.9
    )

    item = next(item for item in held(a_list(owner)) if item.song_id == late.pk)

    assert item.tried
    assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)
    assert item.parts["explore"] > 0
    named = max(item.parts, key=lambda name: item.parts[name])
    assert (item.because == {"key": "tried"}) is (named == "explore")


# --- Bad input ------------------------------------------------------------------------------------


def test_one_song_and_one_listener_make_a_list(owner: Any, db: None, a_list: Make) -> None:
    catalogue_make(per_mood=1, artists_per_mood=1)
    keep = Song.objects.first()
    assert keep is not None
    Song.objects.exclude(pk=keep.pk).update(hidden=True)

    assert ids(a_list(owner)) == [keep.pk]


def test_all_of_it_turned_down_is_told(owner: Any, db: None, a_list: Make) -> None:
    for song in catalogue_make(per_mood=1, artists_per_mood=1):
        verdict_set(user=owner, song=song, kind="never")

    with pytest.raises(DomainError) as refused:
        a_list(owner)

    assert (refused.value.code, refused.value.status) == ("no_songs", 409)
    assert "turned all of it down" in refused.value.detail
    assert not SongList.objects.exists()


def test_lists_of_all_kinds_keep_their_rules(
    owner: Any, other: Any, curator: Any, db: None, settings: Any
) -> None:
    """Sixty lists of one growing history, over features that are damaged, odd or missing."""
    settings.LIST_SEED = None
    dice = np.random.default_rng(11)
    songs = catalogue_make(per_mood=12, artists_per_mood=4)
    odd = [{}, {"tempo": None}, {"tempo": "fast"}, {"tempo": 1e308}, {"warmth": True}]
    for song in songs[::5]:
        Song.objects.filter(pk=song.pk).update(features=odd[int(dice.integers(len(odd)))])
    for song in songs[1::11]:
        version_of(song, f"{song.title} (live)")
    nameless = Artist.objects.create(name="???")
    bare = Song.objects.create(title="?", artist=nameless, duration_s=1, revision=revision_next())
    bare.moods.set([mood_named("happy")])
    song_hide(songs=songs[2:4], by=curator)
    names = {pk: (artist, title) for pk, artist, title in Song.objects.values_list(
        "pk", "artist__name", "title"
    )}  # fmt: skip

    for _turn in range(60):
        emotion = str(dice.choice(["happy", "sad", "neutral", "fear"]))
        percent = int(dice.integers(0, 101))
        wishes_set(
            user=owner,
            new_percent=percent if dice.random() < 0.5 else None,
            familiar_first=bool(dice.integers(2)),
        )
        size = int(dice.integers(1, 51))
        song_list = list_make(
            user=owner,
            reading=NamedReadingFactory(user=owner, label=emotion),
            goal=str(dice.choice(["match", "lift", "calm"])),
            size=size,
        )
        items = held(song_list)

        codes = [version_code(*names[item.song_id]) for item in items]
        assert len(items) == size
        assert len(set(codes)) == size
        assert not any(item.song.hidden for item in items)
        turned_down = Verdict.objects.filter(user=owner, kind="never").values_list(
            "song", flat=True
        )
        assert not {version_code(*names[pk]) for pk in turned_down} & set(codes)
        low = Rating.objects.filter(user=owner, stars__lte=2, emotion=emotion)
        assert not {rating.song_id for rating in low} & {item.song_id for item in items}
        for item in items:
            assert set(item.parts) == set(PARTS)
            assert sum(item.parts.values()) == pytest.approx(item.score, abs=1e-9)
            assert item.propensity is not None
            assert 0 < item.propensity <= 1
            assert item.reason
        choice = items[int(dice.integers(size))].song
        if dice.random() < 0.15:
            verdict_set(user=owner, song=choice, kind="never")
        else:
            rating_set(user=owner, song=choice, stars=int(dice.integers(1, 6)), song_list=song_list)
        PlayFactory(user=other, song=choice, outcome="skipped", emotion=emotion)
