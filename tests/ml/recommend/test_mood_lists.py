"""Mood lists: files are read as published, no own tag leaks, both together beat each alone."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import numpy as np
import pytest

from ml.recommend.cli import main
from ml.recommend.proof.cross_fit import cross_fitted, gain
from ml.recommend.proof.mood_lists import mood_lists, others
from ml.recommend.proof.mood_pairs import draw, pairs_of
from ml.recommend.proof.mood_tags import MOODS, SPELLINGS, MoodTags, read_mood_tags
from ml.recommend.proof.tables import InteractionsError

PLAYS = "userID\tartistID\tweight\n"
TAGS = "userID\tartistID\ttagID\tday\tmonth\tyear\n"
NAMES = "tagID\ttagValue\n"
CALM, SAD = MOODS.index("calm"), MOODS.index("sad")


def written(
    folder: Path,
    plays: str = PLAYS + "1\t10\t3\n",
    tags: str = TAGS + "1\t10\t1\t1\t4\t2009\n",
    names: str = NAMES + "1\tsad\n",
) -> tuple[Path, Path, Path]:
    paths = folder / "plays.dat", folder / "tags.dat", folder / "names.dat"
    for path, text in zip(paths, (plays, tags, names), strict=True):
        path.write_text(text, encoding="latin-1")
    return paths


# --- Files ----------------------------------------------------------------------------------------


def test_a_word_counts_once_for_each_person_whatever_its_spelling(tmp_path: Path) -> None:
    # Given: one person with two spellings of calm, another person, and a tag that is no mood
    paths = written(
        tmp_path,
        plays=PLAYS + "1\t10\t3\n2\t10\t4\n2\t11\t5\n",
        tags=TAGS + "".join(
            f"{who}\t{artist}\t{tag}\t1\t4\t2009\n"
            for who, artist, tag in [(1, 10, 1), (1, 10, 2), (2, 10, 2), (2, 11, 3), (1, 12, 4)]
        ),
        names=NAMES + '1\tChill Out\n2\tmellow\n3\ttropicália "rock\n4\tsad\n',
    )  # fmt: skip

    data = read_mood_tags(*paths)

    people = data.people()
    assert people[CALM].tolist() == [2, 0, 0]
    assert people[SAD].tolist() == [0, 0, 1]
    assert people.sum() == 3
    assert data.plays.toarray().tolist() == [[3, 0, 0], [4, 5, 0]]


def test_compressed_files_are_read(tmp_path: Path) -> None:
    plays, tags, names = written(tmp_path)
    packed = tmp_path / "plays.dat.gz"
    packed.write_bytes(gzip.compress(plays.read_bytes()))

    assert read_mood_tags(packed, tags, names).plays.toarray().tolist() == [[3]]


def test_no_spelling_names_two_moods() -> None:
    spellings = [tag for tags in SPELLINGS.values() for tag in tags]

    assert len(spellings) == len(set(spellings)) >= 60
    assert all(tag == tag.lower() for tag in spellings)
    assert set(MOODS) == {"happy", "energetic", "calm", "romantic", "sad", "dark", "angry"}


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"plays": ""}, r"plays\.dat, line 1: the header must name userID, artistID, weight"),
        ({"plays": "user,artist\n1,2\n"}, r"plays\.dat, line 1: the header must name"),
        ({"plays": PLAYS}, r"plays\.dat: no row below the header"),
        ({"plays": PLAYS + "1\t2\t3\n1\t2\n"}, r"plays\.dat, line 3: expected 3 columns, found 2"),
        ({"plays": PLAYS + "1\t\t3\n"}, r"plays\.dat, line 2: .* must not be empty"),
        ({"plays": PLAYS + "1\t2\tmany\n"}, r"line 2: weight must be a positive number.*'many'"),
        ({"plays": PLAYS + "1\t2\t0\n"}, r"line 2: weight must be a positive number, found '0'"),
        ({"plays": PLAYS + "1\t2\tinf\n"}, r"line 2: weight must be a positive number.*'inf'"),
        ({"tags": TAGS + "1\t1\t9\t1\t4\t2009\n"}, r"tags\.dat, line 2: .*dat has no tag '9'"),
        ({"tags": TAGS}, r"tags\.dat: no row below the header"),
        ({"names": "tagID\n1\n"}, r"names\.dat, line 1: the header must name tagID and tagValue"),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_with_its_line(
    tmp_path: Path, bad: dict[str, str], told: str
) -> None:
    with pytest.raises(InteractionsError, match=told):
        read_mood_tags(*written(tmp_path, **bad))


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    plays, tags, _ = written(tmp_path)

    with pytest.raises(InteractionsError, match=r"absent\.dat cannot be read"):
        read_mood_tags(plays, tags, tmp_path / "absent.dat")


@pytest.mark.skipif("MOODMUSIC_DATA" not in os.environ, reason="MOODMUSIC_DATA names no data")
def test_the_published_files_hold_the_pairs_that_are_reported() -> None:
    folder = Path(os.environ["MOODMUSIC_DATA"]) / "music" / "lastfm_hetrec"

    data = read_mood_tags(
        folder / "user_artists.dat.gz", folder / "user_taggedartists.dat.gz", folder / "tags.dat"
    )

    pairs = pairs_of(data)
    assert data.plays.nnz == 92_834
    assert (len(pairs.users), len(np.unique(pairs.users))) == (296, 198)


# --- Pairs ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, Path]:
    """Fifty listeners of four tastes; of each taste a third of the sixty artists is calm, a
    third sad, a third happy. Listeners play twenty artists of their taste and five by chance,
    and call six of theirs one mood and four another.
    """
    random = np.random.default_rng(5)
    names = ["calm", "sad", "happy"]
    plays, tags = [PLAYS], [TAGS]
    for user in range(50):
        mine = np.arange(60) + 60 * (user % 4)
        heard = {*random.choice(mine, 20, replace=False), *random.choice(240, 5, replace=False)}
        plays += [f"{user}\t{artist}\t{random.integers(1, 60)}\n" for artist in sorted(heard)]
        for tag, count in zip(random.choice(3, 2, replace=False), (6, 4), strict=True):
            chosen = random.choice(mine[mine % 3 == tag], count, replace=False)
            tags += [f"{user}\t{artist}\t{tag}\t1\t4\t2009\n" for artist in chosen]
    return written(
        tmp_path_factory.mktemp("moods"),
        "".join(plays),
        "".join(tags),
        NAMES + "".join(f"{tag}\t{name}\n" for tag, name in enumerate(names)),
    )


@pytest.fixture(scope="module")
def data(files: tuple[Path, Path, Path]) -> MoodTags:
    return read_mood_tags(*files)


def test_a_listeners_own_tags_never_count(data: MoodTags) -> None:
    pairs = pairs_of(data)

    found = others(data, pairs)

    for row, (user, mood) in enumerate(zip(pairs.users, pairs.moods, strict=True)):
        without = (data.users != user) & (data.moods == mood)
        expected = np.bincount(data.artists[without], minlength=data.plays.shape[1])
        assert found[row].tolist() == expected.tolist()


def test_wanted_artists_are_half_of_the_own_ones_and_not_in_the_plays(data: MoodTags) -> None:
    pairs = pairs_of(data)

    one = draw(data, pairs, seed=3)

    removed = 0
    for row, (user, own) in enumerate(zip(pairs.users, pairs.own, strict=True)):
        wanted, left, all_plays = one.wanted[row], one.plays[row], data.plays[user]
        assert set(wanted.indices) < set(own)
        assert wanted.nnz == len(own) // 2
        assert set(left.indices) == set(all_plays.indices) - set(wanted.indices)
        assert left.sum() == all_plays.toarray()[0, left.indices].sum()
        removed += all_plays.nnz - left.nnz
    assert removed > 0


def test_few_known_plays_are_among_the_many(data: MoodTags) -> None:
    one = draw(data, pairs_of(data), seed=0)

    few, many = one.known(3), one.known(10)

    assert (np.diff(few.indptr) == 3).all()
    assert (np.diff(many.indptr) == 10).all()
    assert few.nnz == few.multiply(many > 0).nnz
    assert (few.multiply(one.plays > 0) != few).nnz == 0
    assert one.known(0).nnz == 0
    assert one.known(None).nnz == one.plays.nnz


def test_a_draw_follows_its_seed(data: MoodTags) -> None:
    pairs = pairs_of(data)

    first, again, other = (draw(data, pairs, seed) for seed in (1, 1, 2))

    assert (first.wanted != again.wanted).nnz == 0
    assert (first.known(3) != again.known(3)).nnz == 0
    assert (first.wanted != other.wanted).nnz > 0


def test_all_moods_of_a_listener_are_in_one_fold(data: MoodTags) -> None:
    pairs = pairs_of(data)

    assert len(pairs.users) == 100
    assert set(pairs.folds) == {0, 1, 2, 3, 4}
    for user in np.unique(pairs.users):
        assert len(set(pairs.folds[pairs.users == user])) == 1


def test_three_artists_make_no_pair(tmp_path: Path) -> None:
    # Given: five listeners with four calm artists; four of them have three sad ones, one has four
    said = [(user, artist, 1) for user in range(5) for artist in range(4)]
    said += [(user, artist, 2) for user in range(5) for artist in range(4 if user == 4 else 3)]
    tags = TAGS + "".join(f"{who}\t{artist}\t{tag}\t1\t4\t2009\n" for who, artist, tag in said)
    plays = PLAYS + "".join(f"{user}\t9\t1\n" for user in range(5))

    pairs = pairs_of(read_mood_tags(*written(tmp_path, plays, tags, NAMES + "1\tcalm\n2\tsad\n")))

    assert pairs.moods.tolist() == [CALM, CALM, CALM, CALM, CALM, SAD]


# --- Choice and certainty -------------------------------------------------------------------------


def test_a_fold_gets_what_suits_the_others_not_itself() -> None:
    # Given: the first choice suits fold 0, the second fold 1
    tried = np.array([[[0.9, 0.8, 0.1, 0.1]], [[0.2, 0.3, 0.7, 0.6]]])

    kept, chosen = cross_fitted(tried, np.array([0, 0, 1, 1]))

    assert chosen == [1, 0]
    assert kept.tolist() == [[0.2, 0.3, 0.1, 0.1]]


def test_moods_of_one_listener_count_as_one_witness() -> None:
    # Given: differences 0, 0 of one listener and 4 of each of two others, over two seeds
    differences = np.array([[0.0, 0, 3, 4], [0, 0, 5, 4]])

    found = gain(differences, np.array([7, 7, 1, 2]))

    assert found["mean"] == 2
    assert found["standard_error"] == pytest.approx(np.sqrt(4**2 + 2**2 + 2**2) / 4)


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def told(files: tuple[Path, Path, Path]) -> dict[str, dict]:
    return mood_lists(*files, seeds=2)


def test_both_beat_each_alone_where_taste_and_mood_are_planted(told: dict[str, dict]) -> None:
    plays = told["plays"]
    means = {
        number: {name: one[name]["mean"] for name in ("mood", "collaborative", "blend", "product")}
        for number, one in plays.items()
    }

    assert list(plays) == ["0", "3", "5", "10", "20", "all"]
    for number in ("5", "10", "20", "all"):
        one = means[number]
        assert one["blend"] > 1.3 * max(one["mood"], one["collaborative"])
        assert one["product"] > max(one["mood"], one["collaborative"])
        assert plays[number]["gain"]["mean"] > 3 * plays[number]["gain"]["standard_error"] > 0
    # Mood knows nothing of the listener; the community knows more with each play
    assert len({one["mood"] for one in means.values()}) == 1
    assert means["all"]["collaborative"] > means["3"]["collaborative"]
    assert means["3"]["collaborative"] > 1.5 * means["0"]["collaborative"]
    assert plays["all"]["blend"]["sd"] > 0
    assert len(plays["3"]["weights"]) == 5
    assert (told["pairs"], told["listeners"], told["artists"], told["seeds"]) == (100, 50, 240, 2)


def arguments_of(files: tuple[Path, Path, Path], *, seeds: int = 1) -> list[str]:
    plays, tags, names = map(str, files)
    paths = ["--plays", plays, "--tags", tags, "--tag-names", names]
    return ["mood-lists", *paths, "--seeds", str(seeds)]


def test_the_table_has_a_row_for_each_number_of_plays(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments_of(files)) == 0

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("100 pairs of 50 listeners and moods, 240 artists, 1 seeds")
    assert lines[1].split() == ["plays", "mood", "collaborative", "blend", "product", "gain"]
    assert [line.split()[0] for line in lines[2:]] == ["0", "3", "5", "10", "20", "all"]


def test_the_same_seeds_tell_the_same_as_one_json_object(
    files: tuple[Path, Path, Path], told: dict[str, dict], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*arguments_of(files, seeds=2), "--json"]) == 0

    again = json.loads(capsys.readouterr().out)
    assert again["plays"] == told["plays"]
    assert again["seconds"] > 0


@pytest.mark.parametrize(
    ("bad", "told"),
    [
        ({"plays": PLAYS + "1\t2\tmany\n"}, "plays.dat, line 2: weight must be a positive number"),
        ({}, "0 listeners have given one mood to 4 artists or more, at least 5 are needed"),
    ],
)
def test_bad_input_is_told_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], bad: dict[str, str], told: str
) -> None:
    assert main(arguments_of(written(tmp_path, **bad))) == 2

    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


def test_no_seed_is_no_measure(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(arguments_of(files, seeds=0))

    assert stopped.value.code == 2
    assert "must be at least 1" in capsys.readouterr().err
