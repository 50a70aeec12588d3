"""Finding songs, artists and albums by words, misspelt ones too; and an index that forgets
nothing. The same tests hold on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.models import Album, Artist, ArtistWord, SearchWord, Song, TitleWord
from catalog.search.distance import edits
from catalog.search.folding import MOST_WORDS, fold, words_of
from catalog.search.install import dialect, search_install, trigrams_there
from catalog.search.matching import Search
from tests.catalog.factories import ArtistFactory, SongFactory

pytestmark = pytest.mark.django_db


def titles(query: str) -> list[str]:
    found = Search(query).songs(Song.objects.all())
    named = Song.objects.in_bulk(found)
    return [named[pk].title for pk in found]


# --- Words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Beyoncé: Déjà-Vu", "beyonce deja vu"),
        ("Straße nach ŁÓDŹ", "strasse nach lodz"),
        ("Don\u2019t Stop 'Til", "dont stop til"),
        ("AC/DC (Live)", "ac dc live"),
        ("क़िस्मत, हिंदी।", "किस्मत हिंदी"),
        ("ΟΔΥΣΣΕΥΣ", "οδυσσευσ"),
        ("\u202e\uff26\uff55\uff4c\uff4c\0width\u200b", "full width"),
        ("100% *?", "100"),
        ("… ! ?", ""),
    ],
)
def test_case_accents_and_punctuation_fold_away(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_every_space_there_is_parts_words() -> None:
    for space in filter(str.isspace, map(chr, range(1, 0x110000))):
        assert words_of(f"two{space}words") == ["two", "words"]
        assert fold(f"{space}") == ""


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite calls the function itself")
@given(text=st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs", "Cn"])))
@settings(max_examples=300, deadline=None)
def test_postgresql_folds_to_the_same_words(text: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word, place FROM catalog_words(%s) ORDER BY place", [text])
        found = cursor.fetchall()
    assert [word for word, _place in found] == words_of(text)
    assert [place for _word, place in found] == list(range(len(found)))


def slow_edits(one: str, other: str) -> int:
    """The distance by its definition, cell by cell."""
    rows = [
        [max(i, j) if not min(i, j) else 0 for j in range(len(other) + 1)]
        for i in range(len(one) + 1)
    ]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            same = one[i - 1] == other[j - 1]
            rows[i][j] = min(
                rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + (not same)
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
    return rows[-1][-1]


@given(one=st.text("abc", max_size=8), other=st.text("abc", max_size=8), most=st.integers(0, 3))
@settings(max_examples=500, deadline=None)
def test_the_distance_is_right_up_to_its_bound(one: str, other: str, most: int) -> None:
    assert edits(one, other, most) == min(slow_edits(one, other), most + 1)


# --- What is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sunshine", True),
        ("SUNSH", True),  # the beginning
        ("shine", True),  # a part
        ("sunshyne", True),
        ("sunxhyne", True),  # two wrong letters
        ("snushien", True),  # two swapped pairs
        ("unshin", True),  # inside the word
        ("sunzhyme", False),  # three wrong letters
        ("deja", True),
        ("carnaval", True),  # one wrong letter of eight
        ("beyonse sunshine", True),  # artist and title
        ("sunshine festival", True),  # title and album
        ("sunshine nowhere", False),
        ("हिंदी", True),
        ("हिन्दी", False),  # two letters more, in a word of five
        ("हिंढी", True),
        ("the", True),
        ("teh", False),  # words of three letters are taken as they are
    ],
)
def test_words_are_found_with_as_many_typos_as_their_length_allows(query: str, found: bool) -> None:
    artist = ArtistFactory(name="Beyoncé")
    album = Album.objects.create(title="Carnival Festival", artist=artist)
    SongFactory(title="The Déjà Vu Sunshine हिंदी", artist=artist, album=album)
    SongFactory(title="Unrelated", artist__name="Nobody")
    assert titles(query) == (["The Déjà Vu Sunshine हिंदी"] if found else [])


def test_any_two_wrong_letters_in_a_word_of_eight_are_forgiven() -> None:
    dice = random.Random(4)
    words = ["".join(dice.choices("abcdeghilmnorstu", k=8)) for _ in range(400)]
    Song.objects.bulk_create(
        Song(title=word, artist=ArtistFactory(name="One"), duration_s=1) for word in words
    )
    for word in dice.sample(words, 40):
        one, two = dice.sample(range(8), 2)
        wrong = "".join("z" if at in (one, two) else letter for at, letter in enumerate(word))
        assert word in titles(wrong), (word, wrong)


def test_exact_comes_before_prefix_before_part_before_typo() -> None:
    for title in ("Lovre", "Glove", "Lovely", "My Love", "Love Song", "Love"):
        SongFactory(title=title)
    assert titles("love") == ["Love", "Love Song", "My Love", "Lovely", "Glove", "Lovre"]


def test_a_title_comes_before_the_same_word_in_artist_and_album() -> None:
    tide = ArtistFactory(name="Tide")
    album = Album.objects.create(title="Tide", artist=ArtistFactory(name="Else"))
    SongFactory(title="Beta", album=album)
    SongFactory(title="Alpha", artist=tide)
    SongFactory(title="High Tide")
    assert titles("tide") == ["High Tide", "Alpha", "Beta"]


def test_artists_and_albums_are_found_too_best_first() -> None:
    names = ("Paper Moons", "Moon", "The Moon", "Mood")
    artists = {name: ArtistFactory(name=name) for name in names}
    album = Album.objects.create(title="Night", artist=artists["Moon"])
    search = Search("moon")
    assert [str(one) for one in search.artists(Artist.objects.all(), 3)] == [
        "Moon", "The Moon", "Paper Moons",
    ]  # fmt: skip
    assert str(Search("mooon").artists(Artist.objects.all(), 9)[0]) == "Moon"
    assert search.albums(Album.objects.all(), 5) == [album]


@pytest.mark.parametrize(
    "query",
    ["", " ", "%", "_", "*", '"', "' OR 1=1 --", "NEAR(a b)", "a AND b", "title:x", "^", "\0", "-"],
)
def test_wildcards_and_operators_are_plain_text(query: str) -> None:
    SongFactory(title="Quiet")
    assert titles(query) == []


def test_a_percent_sign_finds_what_stands_beside_it() -> None:
    SongFactory(title="100% Sure")
    SongFactory(title="1000 Miles")
    assert titles("100%") == ["100% Sure", "1000 Miles"]


def test_long_queries_and_titles_are_bounded() -> None:
    title = " ".join(f"w{number}" for number in range(60))[:200]
    song = SongFactory(title=title)
    assert TitleWord.objects.filter(song=song).count() == MOST_WORDS
    assert titles("w1 " * 5000) == [title]
    assert titles("x" * 100_000) == []


# --- The index follows ----------------------------------------------------------------------------


def test_bulk_writes_of_songs_are_indexed() -> None:
    artist = ArtistFactory()
    songs = [Song(title=f"Bulk {name}", artist=artist, duration_s=1) for name in ("alpha", "beta")]
    Song.objects.bulk_create(songs)
    assert titles("alpha") == ["Bulk alpha"]

    songs[0].title = "Bulk gamma"
    Song.objects.bulk_update(songs, ["title"])
    assert (titles("alpha"), titles("gamma")) == ([], ["Bulk gamma"])

    Song.objects.filter(pk=songs[1].pk).update(title="Bulk delta", genre="x")
    assert (titles("beta"), titles("delta")) == ([], ["Bulk delta"])

    with connection.cursor() as cursor:  # another program
        cursor.execute("UPDATE catalog_song SET title = 'Plain epsilon' WHERE title = 'Bulk delta'")
    assert (titles("delta"), titles("epsilon")) == ([], ["Plain epsilon"])

    Song.objects.filter(title__startswith="Bulk").delete()
    assert titles("bulk") == []
    assert set(TitleWord.objects.values_list("song_id", flat=True)) == {songs[1].pk}


def test_renamed_artists_and_albums_are_found_by_their_new_names() -> None:
    artist = ArtistFactory(name="Before")
    album = Album.objects.create(title="Old", artist=artist)
    song = SongFactory(title="Still", artist=artist, album=album)
    Artist.objects.filter(pk=artist.pk).update(name="Afterwards")
    Album.objects.filter(pk=album.pk).update(title="Fresh")
    assert [titles(word) for word in ("before", "old", "afterwards", "fresh")] == [
        [], [], ["Still"], ["Still"],
    ]  # fmt: skip

    other = ArtistFactory(name="Somebody")
    Song.objects.filter(pk=song.pk).update(artist=other, album=None)
    assert (titles("fresh"), titles("afterwards"), titles("somebody")) == ([], [], ["Still"])

    album.delete()
    artist.delete()
    assert not ArtistWord.objects.filter(word="afterwards").exists()


def test_a_change_of_something_else_costs_the_index_nothing() -> None:
    song = SongFactory(title="Steady")
    before = list(TitleWord.objects.values_list("pk", flat=True))
    Song.objects.filter(pk=song.pk).update(hidden=True, revision=7)
    song.refresh_from_db()
    song.save()
    assert list(TitleWord.objects.values_list("pk", flat=True)) == before


def test_a_rolled_back_change_leaves_the_index_as_it_was() -> None:
    from django.db import transaction

    SongFactory(title="Kept")
    try:
        with transaction.atomic():
            Song.objects.update(title="Gone")
            raise RuntimeError
    except RuntimeError:
        pass
    assert (titles("kept"), titles("gone")) == (["Kept"], [])


def test_missing_triggers_are_noticed_and_all_names_are_indexed_anew() -> None:
    sql = dialect(connection)
    SongFactory(title="Early")
    with connection.cursor() as cursor:
        there = sql.trigger_names(cursor)
        trigger = next(name for name in there if "_song_added" in name)
        sql.trigger_drop(cursor, trigger)
    SongFactory(title="Meanwhile")
    assert titles("meanwhile") == []

    search_install(using="default")

    with connection.cursor() as cursor:
        assert sql.trigger_names(cursor) == there
    assert (titles("early"), titles("meanwhile"), titles("meanwihle")) == (
        ["Early"], ["Meanwhile"], ["Meanwhile"],
    )  # fmt: skip
    assert SearchWord.objects.filter(word="early").count() == 1


def test_without_trigrams_typos_are_still_found_and_the_check_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, owner: Any
) -> None:
    SongFactory(title="Sunshine")
    assert trigrams_there(None, databases=["default"]) == []
    monkeypatch.setattr(dialect(connection), "trigrams_present", lambda cursor: False)
    assert (titles("sunxhyne"), titles("shine")) == (["Sunshine"], ["Sunshine"])
    (warning,) = trigrams_there(None, databases=["default"])
    assert warning.id == "catalog.W001"
    assert "manage.py migrate" in str(warning.hint)
