import pytest

from ml.audio.theory import chord_notes, lead_voices, nearest, parse_chord, scale_notes


@pytest.mark.parametrize(
    ("symbol", "root", "intervals"),
    [
        ("I", 0, (0, 4, 7)),
        ("vi", 9, (0, 3, 7)),
        ("bVImaj7", 8, (0, 4, 7, 11)),
        ("ii7", 2, (0, 3, 7, 10)),
        ("V7", 7, (0, 4, 7, 10)),
        ("iidim", 2, (0, 3, 6)),
        ("bII5", 1, (0, 7)),
        ("iv6", 5, (0, 3, 7, 9)),
        ("Isus2", 0, (0, 2, 7)),
    ],
)
def test_chord_symbols_are_read(symbol, root, intervals):
    assert parse_chord(symbol) == (root, intervals)


@pytest.mark.parametrize("symbol", ["H", "", "Imaj13", "VIIII", "7"])
def test_what_is_no_chord_symbol_is_refused(symbol):
    with pytest.raises(ValueError, match="chord"):
        parse_chord(symbol)


def test_scale_and_chord_notes_within_a_compass():
    assert scale_notes(0, "major", 60, 72) == [60, 62, 64, 65, 67, 69, 71, 72]
    assert scale_notes(9, "minor", 57, 64) == [57, 59, 60, 62, 64]
    assert chord_notes(7, (0, 4, 7), 60, 72) == [62, 67, 71]
    assert nearest([60, 64, 67], 65.9) == 67
    assert nearest([60, 64], 62) == 60


def test_voice_leading_moves_each_part_by_a_step_or_not_at_all():
    # given a tonic chord, when the subdominant follows, then the common tone stays
    tonic = lead_voices(None, 0, (0, 4, 7), 60, 4)
    following = lead_voices(tonic, 5, (0, 4, 7), 60, 4)
    assert {note % 12 for note in following} == {5, 9, 0}
    assert max(min(abs(note - old) for old in tonic) for note in following) <= 2
    assert set(tonic) & set(following)


def test_a_chord_with_too_many_tones_drops_its_fifth():
    voices = lead_voices(None, 0, (0, 4, 7, 11, 14), 60, 4)
    assert {note % 12 for note in voices} == {0, 4, 11, 2}
