"""Tags as content: how they are read, what is left out, and what they add."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend import als
from ml.recommend.cli import main
from ml.recommend.learnt_blend import blended, learn
from ml.recommend.measures import best, measure
from ml.recommend.proof.interactions import read_interactions
from ml.recommend.proof.run import evaluate
from ml.recommend.proof.tables import InteractionsError
from ml.recommend.proof.tags import NOBODY, read_tags


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


@pytest.fixture
def plays(tmp_path: Path) -> Path:
    return written(tmp_path / "plays.csv", "user,item\nann,a\nann,b\nbob,b\nbob,c\n")


def test_tags_are_read_with_the_codes_of_the_plays(plays: Path, tmp_path: Path) -> None:
    text = "item,tag,user\na,Calm,ann\nb,calm,zoe\nb,loud,bob\nunplayed,calm,bob\nc,loud,bob\n"

    tags = read_tags(written(tmp_path / "tags.csv", text), read_interactions(plays))

    assert tags.items.tolist() == [0, 1, 1, 2]
    assert tags.tags.tolist() == [0, 0, 1, 1]  # "Calm" and "calm" are one
    assert tags.users.tolist() == [0, NOBODY, 1, 1]
    assert tags.matrix().toarray() == pytest.approx(np.log(2) * np.array([[1, 1, 0], [0, 1, 1]]))
    # Ann's one calm item is no shelf; Bob's two loud ones are
    assert tags.shelves().toarray().tolist() == [[0, 1, 1]]


def test_what_a_user_gave_to_a_hidden_item_is_left_out(plays: Path, tmp_path: Path) -> None:
    text = "item,tag,user\na,calm,ann\na,calm,bob\nb,calm,ann\na,calm,zoe\n"
    tags = read_tags(written(tmp_path / "tags.csv", text), read_interactions(plays))

    left = tags.without(np.array([0]), np.array([0]))

    assert list(zip(left.users.tolist(), left.items.tolist(), strict=True)) == [
        (1, 0), (0, 1), (NOBODY, 0)
    ]  # fmt: skip


def test_tags_without_users_are_one_shelf_each(plays: Path, tmp_path: Path) -> None:
    text = "item,tag\na,calm\nb,calm\nc,loud\n"

    tags = read_tags(written(tmp_path / "tags.csv", text), read_interactions(plays))

    assert tags.shelves().toarray().tolist() == [[1, 1, 0]]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("item,label\na,x\n", "the header must name item and tag"),
        ("item,tag\na\n", "line 2: expected 2 columns, found 1"),
        ("item,tag,user\na,calm,\n", "line 2: item, tag, user must not be empty"),
        ("item,tag\nz,calm\n", "no item of the interactions has a tag"),
    ],
)
def test_a_bad_tag_file_is_refused_with_its_line(
    plays: Path, tmp_path: Path, text: str, told: str
) -> None:
    with pytest.raises(InteractionsError, match=told):
        read_tags(written(tmp_path / "tags.csv", text), read_interactions(plays))


def test_a_tag_file_that_is_not_there_is_told(plays: Path, tmp_path: Path) -> None:
    with pytest.raises(InteractionsError, match=r"none\.csv cannot be read"):
        read_tags(tmp_path / "none.csv", read_interactions(plays))


def test_weights_follow_the_part_that_tells_the_wanted_apart() -> None:
    # Given one part that knows what is wanted, dimly, and one that is noise
    chance = np.random.default_rng(0)
    wanted = csr_matrix((chance.random((200, 100)) < 0.05).astype(float))
    known = csr_matrix((200, 100))
    dim = wanted.toarray() + chance.normal(0, 0.5, (200, 100))
    noise = chance.normal(0, 1, (200, 100))
    parts = {"dim": lambda users: dim[users], "noise": lambda users: noise[users]}

    weights = learn(parts, ["dim", "noise"], known, wanted)

    assert weights is not None
    assert weights.parts["dim"] > 10 * abs(weights.parts["noise"])
    both = blended(parts, ["dim", "noise"], known, weights)
    ours = measure(both, known, wanted).ndcg.mean()
    assert ours == pytest.approx(measure(parts["dim"], known, wanted).ndcg.mean(), abs=0.02)


def test_outside_the_pool_items_come_after_in_the_leading_order() -> None:
    chance = np.random.default_rng(1)
    lead, other = chance.normal(0, 1, (2, 3, 1000))
    parts = {"lead": lambda users: lead[users], "other": lambda users: other[users]}
    wanted = csr_matrix(np.eye(3, 1000))
    weights = learn(parts, ["lead"], csr_matrix((3, 1000)), wanted)
    assert weights is not None

    scores = blended(parts, ["lead"], csr_matrix((3, 1000)), weights)(np.arange(3))

    order = best(scores, csr_matrix((3, 1000)), 1000)
    by_lead = np.argsort(-lead, axis=1)
    assert (np.sort(order[:, :300]) == np.sort(by_lead[:, :300])).all()
    assert (order[:, 300:] == by_lead[:, 300:]).all()


def test_nothing_wanted_in_any_pool_gives_no_weights() -> None:
    parts = {"one": lambda users: np.zeros((len(users), 10))}
    wanted, known = csr_matrix(np.eye(3, 10)), csr_matrix((3, 10))

    assert learn(parts, ["one"], known, csr_matrix((3, 10))) is None
    assert learn(parts, ["one"], known, wanted) is not None


def test_tags_help_where_plays_are_few(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    # Given listeners of one of two styles, and items so many that plays of each are few
    chance = np.random.default_rng(4)
    rows, tags = ["user,item"], ["item,tag,user"]
    for user in range(120):
        style = user % 2
        rows += [f"{user},{style}-{item}" for item in chance.choice(300, 12, replace=False)]
    for item in range(300):
        for style in range(2):
            tags += [f"{style}-{item},style {style},{user}" for user in (200, 201)]
    played = written(tmp_path / "plays.csv", "\n".join(rows) + "\n")
    tagged = written(tmp_path / "tags.csv", "\n".join(tags) + "\n")
    # Time enough for the whole search, of a second or two: where it is cut decides what it finds.
    arguments = ["--seeds", "1", "--search-seconds", "60", "--json", "--tags", str(tagged)]

    assert main(["evaluate", "--interactions", str(played), *arguments]) == 0

    told = json.loads(capsys.readouterr().out)
    assert set(told["methods"]) == {
        "popularity", "item_knn", "als", "ours", "ours_wide", "ours_tags"
    }  # fmt: skip
    assert set(told["parameters"]["ours"][0]["tag_weights"]) >= {"plays", "walk_over_tags"}
    ours, with_tags = (told["methods"][name]["ndcg@10"]["mean"] for name in ("ours", "ours_tags"))
    assert with_tags > 1.1 * ours


def test_each_start_is_trained_once_for_choosing_and_for_the_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given two splits of a file, and a record of what is trained on what
    chance = np.random.default_rng(6)
    rows = [f"{user},{item}" for user in range(60) for item in chance.choice(90, 12, replace=False)]
    played = written(tmp_path / "plays.csv", "\n".join(["user,item", *rows]) + "\n")
    named = [f"{item},{item % 5},9" for item in range(90)]
    tagged = written(tmp_path / "tags.csv", "\n".join(["item,tag,user", *named]) + "\n")
    trained: Counter[tuple[bytes, als.Recipe, int]] = Counter()
    train = als.train

    def recorded(matrix: Any, recipe: als.Recipe, *, threads: int, seed: int) -> als.Factors:
        trained[matrix.indices.tobytes() + matrix.data.tobytes(), recipe, seed] += 1
        return train(matrix, recipe, threads=threads, seed=seed)

    monkeypatch.setattr(als, "train", recorded)

    evaluate(played, "ratio", tags=tagged, seeds=2, search_seconds=0)

    # Then only start 0 of the first split is met again, by the search and by ALS alone
    assert max(seed for _, _, seed in trained) == 5
    assert {(seed, times) for (_, _, seed), times in trained.items() if times > 1} == {(0, 3)}
