from collections import Counter

import pytest

from ml.audio import catalogue
from ml.audio.catalogue import GENRES, MOOD_POINTS, piece, pieces
from ml.audio.styles import STYLES


def test_every_mood_has_enough_pieces_and_artists():
    counts = Counter(spec.mood for spec in pieces())
    assert counts == dict.fromkeys(MOOD_POINTS, 156)
    for mood in MOOD_POINTS:
        assert len({spec.artist for spec in pieces() if spec.mood == mood}) == 48


def test_slugs_titles_and_seeds_are_unique():
    specs = pieces()
    assert len({spec.slug for spec in specs}) == 1092
    assert len({(spec.title, spec.artist) for spec in specs}) == 1092
    assert len({spec.seed for spec in specs}) == 1092
    for mood in MOOD_POINTS:
        titles = [spec.title for spec in specs if spec.mood == mood]
        assert len(set(titles)) == len(titles)


def test_no_artist_name_is_shared_by_distant_moods():
    moods: dict[str, set[str]] = {}
    for spec in pieces():
        moods.setdefault(spec.artist, set()).add(spec.mood)
    assert max(len(found) for found in moods.values()) == 1


def test_lengths_lie_between_45_and_90_seconds():
    assert all(45.0 <= spec.duration_s <= 90.0 for spec in pieces())


@pytest.mark.parametrize(("mood", "point"), MOOD_POINTS.items())
def test_pieces_scatter_closely_around_their_mood(mood, point):
    specs = [spec for spec in pieces() if spec.mood == mood]
    for axis, centre in zip(("valence", "arousal"), point, strict=True):
        values = [getattr(spec, axis) for spec in specs]
        assert sum(values) / len(values) == pytest.approx(centre, abs=0.02)
        assert max(values) <= 1.0
        assert min(values) >= -1.0
        assert max(abs(value - centre) for value in values) < 0.3
        assert len(set(values)) > 50


def test_every_genre_has_a_style_and_is_used():
    assert set(STYLES) == {(mood, genre) for mood in GENRES for genre in GENRES[mood]}
    used = Counter((spec.mood, spec.genre) for spec in pieces())
    assert set(used) == set(STYLES)
    assert min(used.values()) >= 25


def test_the_list_is_the_same_when_made_again():
    before = pieces()
    catalogue.pieces.cache_clear()
    catalogue._mood_pieces.cache_clear()
    assert pieces() == before


def test_a_piece_is_found_by_its_slug():
    assert piece("sad-003").slug == "sad-003"
    assert piece("sad-003") in pieces()


@pytest.mark.parametrize("slug", ["sad-000", "sad-157", "bored-001", "", "sad", "../sad-003"])
def test_an_unknown_slug_is_refused_with_the_slug_in_the_message(slug):
    with pytest.raises(KeyError, match="no demo piece is called"):
        piece(slug)
