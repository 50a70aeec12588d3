from collections import Counter
from itertools import pairwise
from statistics import mean

import pytest

from ml.audio.catalogue import MOOD_POINTS, pieces
from ml.audio.compose import compose
from ml.audio.drums import DRUMS
from ml.audio.instruments import PATCHES
from ml.audio.patterns import COMPING
from ml.audio.progressions import HAPPY
from ml.audio.theory import SCALES, chord_notes, parse_chord


def of_mood(scores, mood):
    return [score for score in scores.values() if score.mood == mood]


def test_the_same_specification_gives_the_same_score(scores):
    for spec in pieces()[::97]:
        assert compose(spec) == scores[spec.slug]


def test_no_two_pieces_of_a_mood_share_key_tempo_progression_and_lead(scores):
    keys = Counter(
        (score.mood, score.tonic, round(score.tempo), score.progression, score.lead)
        for score in scores.values()
    )
    assert [key for key, count in keys.items() if count > 1] == []


@pytest.mark.parametrize("mood", MOOD_POINTS)
def test_pieces_of_a_mood_vary(scores, mood):
    found = of_mood(scores, mood)
    assert {score.tonic for score in found} == set(range(12))
    assert len({round(score.tempo) for score in found}) >= 12
    assert len({score.progression for score in found}) >= 6
    assert len({score.lead for score in found}) >= 4
    assert len({score.scale for score in found}) >= 2
    assert len({tuple(track.instrument for track in score.tracks) for score in found}) >= 15


def test_several_metres_are_used(scores):
    counts = Counter(score.metre for score in scores.values())
    assert counts["4/4"] > counts["12/8"] > 50
    assert counts["3/4"] > 50


def test_tempo_follows_arousal(scores):
    tempo = {mood: mean(s.tempo for s in of_mood(scores, mood)) for mood in MOOD_POINTS}
    assert tempo["angry"] > tempo["energetic"] > tempo["happy"] > 105
    assert max(tempo["calm"], tempo["sad"]) < tempo["romantic"] < 90
    assert tempo["calm"] < 72


def test_scales_follow_valence(scores):
    def major_third(score):
        return 4 in SCALES[score.scale] and 1 not in SCALES[score.scale]

    for mood, (valence, _) in MOOD_POINTS.items():
        share = mean(major_third(score) for score in of_mood(scores, mood))
        assert share == (1.0 if valence > 0 else 0.0)


def test_notes_lie_inside_the_piece_and_the_range_of_instruments(scores):
    for score in scores.values():
        assert {track.instrument for track in score.tracks} <= set(PATCHES)
        assert {hit.drum for hit in score.hits} <= set(DRUMS)
        for track in score.tracks:
            assert all(0 <= note.start_s < score.duration_s for note in track.notes)
            assert all(note.duration_s > 0 for note in track.notes)
            assert all(24 <= note.pitch <= 103 for note in track.notes)
            assert all(0 < note.velocity <= 1 for note in track.notes)
        assert all(0 <= hit.start_s < score.duration_s for hit in score.hits)


def test_drums_come_where_arousal_asks_for_them(scores):
    per_second = {
        mood: mean(len(s.hits) / s.duration_s for s in of_mood(scores, mood))
        for mood in MOOD_POINTS
    }
    assert per_second["calm"] == 0
    assert per_second["sad"] < 0.5
    assert min(per_second["happy"], per_second["energetic"], per_second["angry"]) > 4


def test_melodies_breathe_and_mostly_move_by_small_intervals(scores):
    # given the lead part, then steps outnumber leaps and the line stays within two octaves
    for score in list(scores.values())[::7]:
        pitches = [note.pitch for note in score.tracks[0].notes]
        moves = [abs(b - a) for a, b in pairwise(pitches)]
        assert mean(move <= 5 for move in moves) > 0.6, score.slug
        assert max(pitches) - min(pitches) <= 24


def test_phrases_return(scores):
    # given a form, then its first phrase comes back, as itself or varied
    for score in scores.values():
        assert score.form[0] == "A"
        assert score.form.upper().count("A") >= 2


def test_accompaniment_plays_chord_tones(scores):
    # given a happy piece whose chords are plain triads, then every held chord belongs to one
    score = next(s for s in scores.values() if s.mood == "happy" and s.progression[0] == "I")
    symbols = {symbol for text in HAPPY for symbol in text.split()} | {"iii", "vi", "ii"}
    allowed = set()
    for symbol in symbols:
        root, intervals = parse_chord(symbol)
        allowed |= {note % 12 for note in chord_notes(root + score.tonic, intervals, 48, 72)}
    comp = score.tracks[1]
    assert {note.pitch % 12 for note in comp.notes} <= allowed


def test_figures_stay_inside_their_bar(scores):
    assert set(COMPING) >= {"hold", "strum", "waltz", "bossa", "gallop chug"}
    for score in list(scores.values())[::29]:
        last = max(note.start_s for track in score.tracks for note in track.notes)
        assert last < score.duration_s - 2.0


def test_drums_mark_the_edges_of_phrases_where_the_music_drives(scores):
    crashes = {
        mood: mean(sum(hit.drum == "crash" for hit in s.hits) for s in of_mood(scores, mood))
        for mood in MOOD_POINTS
    }
    assert min(crashes["happy"], crashes["energetic"], crashes["angry"]) > 2
    assert crashes["calm"] == crashes["sad"] == crashes["romantic"] == crashes["dark"] == 0
