"""The proof: files are read as written, splits keep to their rules, measures are right by hand."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from ml.recommend import factors, hybrid, neighbours
from ml.recommend.cli import main
from ml.recommend.measures import best, measure
from ml.recommend.proof import splits
from ml.recommend.proof.interactions import Interactions, read_interactions
from ml.recommend.proof.tables import InteractionsError

# --- Files ----------------------------------------------------------------------------------------


def written(path: Path, text: str) -> Path:
    path.write_text(text)
    return path


def test_a_file_is_read_with_repeated_pairs_added(tmp_path: Path) -> None:
    path = written(
        tmp_path / "plays.csv",
        "\ufeffitem,user,timestamp,value\nx,ann,5,2\ny,ann,7,1\nx,bob,1,4\nx,ann,3,0.5\n\n",
    )

    data = read_interactions(path)

    assert (data.user_names, data.item_names) == (["ann", "bob"], ["x", "y"])
    assert data.values.tolist() == [2.5, 1, 4]
    assert data.timestamps is not None
    assert data.timestamps.tolist() == [5, 7, 1]
    assert data.matrix(np.arange(3)).toarray().tolist() == [[2.5, 1], [4, 0]]


def test_without_value_every_row_counts_one_and_compressed_files_are_read(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "plays.csv.gz", "wt") as handle:
        handle.write("user,item\n1,2\n1,3\n")

    data = read_interactions(tmp_path / "plays.csv.gz")

    assert data.values.tolist() == [1, 1]
    assert data.timestamps is None


def test_unwanted_items_are_left_out(tmp_path: Path) -> None:
    data = read_interactions(written(tmp_path / "a.csv", "user,item,value\n1,2,-1\n1,3,0\n1,4,2\n"))

    assert data.item_names == ["4"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "header must name user and item"),
        ("user,song\n1,2\n", "header must name user and item"),
        ("user,item,value\n1,2\n", "line 2: expected 3 columns, found 2"),
        ("user,item\n1,2\n,3\n", "line 3: user and item must not be empty"),
        ("user,item,value\n1,2,\n", "line 2: user, item, value must not be empty"),
        ("user,item,value\n1,2,much\n", "line 2: value must be a finite number, found 'much'"),
        ("user,item,value\n1,2,nan\n", "found 'nan'"),
        ("user,item,timestamp\n1,2,inf\n", "timestamp must be a finite number"),
        ("user,item,value\n1,2,0\n", "no row with a positive value"),
        ("user,item\n", "no row with a positive value"),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(InteractionsError, match=told):
        read_interactions(written(tmp_path / "bad.csv", text))


@pytest.mark.parametrize("name", ["missing.csv", "broken.csv.gz", "latin.csv"])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "broken.csv.gz").write_bytes(b"no archive")
    (tmp_path / "latin.csv").write_bytes("user,item\n1,Björk\n".encode("latin-1"))

    with pytest.raises(InteractionsError, match=name):
        read_interactions(tmp_path / name)


# --- Splits ---------------------------------------------------------------------------------------


def of_counts(counts: list[int], *, timed: bool = False) -> Interactions:
    users = np.repeat(np.arange(len(counts)), counts)
    items = np.concatenate([np.arange(count) for count in counts])
    return Interactions(
        users=users,
        items=items,
        values=np.ones(len(users)),
        timestamps=-items.astype(float) if timed else None,
        user_names=[str(user) for user in range(len(counts))],
        item_names=[str(item) for item in range(max(counts))],
    )


@pytest.mark.parametrize(
    ("total", "parts"),
    [(1, (1, 0, 0)), (2, (1, 0, 1)), (3, (1, 1, 1)), (5, (3, 1, 1)), (10, (8, 1, 1)),
     (19, (17, 1, 1)), (50, (40, 5, 5))],
)  # fmt: skip
def test_each_user_is_split_eight_one_one(total: int, parts: tuple[int, int, int]) -> None:
    # Given: a user of that many rows beside one who fills every part
    data = of_counts([total, 10])

    split = splits.ratio(data, seed=1)

    mine = tuple(
        int((data.users[rows] == 0).sum()) for rows in (split.train, split.validation, split.test)
    )
    assert mine == parts
    together = np.concatenate([split.train, split.validation, split.test])
    assert sorted(together) == list(range(total + 10))


def test_a_ratio_split_follows_its_seed() -> None:
    data = of_counts([30, 30])

    assert np.array_equal(splits.ratio(data, 3).test, splits.ratio(data, 3).test)
    assert not np.array_equal(splits.ratio(data, 3).test, splits.ratio(data, 4).test)


def test_the_last_by_time_is_the_test_and_the_one_before_validates() -> None:
    # Given: later rows of the file are earlier in time; the third user has too few rows
    data = of_counts([4, 3, 2], timed=True)

    split = splits.leave_last_out(data)

    assert split.test.tolist() == [0, 4]
    assert split.validation.tolist() == [1, 5]
    assert split.train.tolist() == [2, 3, 6, 7, 8]


def test_leaving_the_last_out_needs_times() -> None:
    with pytest.raises(InteractionsError, match="timestamp column"):
        splits.leave_last_out(of_counts([4]))


def test_a_fixed_test_keeps_codes_and_drops_what_is_known(tmp_path: Path) -> None:
    train = read_interactions(written(tmp_path / "a.csv", "user,item\nu,a\nu,b\nu,c\nv,a\n"))
    path = written(tmp_path / "b.csv", "user,item\nu,b\nv,c\nnew,fresh\n")

    both = splits.joined(train, read_interactions(path, known=train))
    split = splits.fixed(train, both, seed=0)

    assert both.user_names == ["u", "v", "new"]
    assert both.item_names == ["a", "b", "c", "fresh"]
    assert [(both.users[row], both.items[row]) for row in split.test] == [(1, 2), (2, 3)]
    assert len(split.validation) == 1
    assert sorted([*split.train, *split.validation]) == [0, 1, 2, 3]


def test_too_few_rows_for_a_test_are_told() -> None:
    with pytest.raises(InteractionsError, match="too few rows"):
        splits.ratio(of_counts([1, 1, 1]), 0)


# --- Measures -------------------------------------------------------------------------------------


def test_measures_of_a_ranking_worked_out_by_hand() -> None:
    # Given: twelve items scored by code, the last known; two of three wanted ones in the ten
    scores = np.tile(np.arange(12.0), (2, 1))
    known = csr_matrix(([1.0, 1.0, 1.0], ([0, 1, 1], [11, 0, 1])), shape=(2, 12))
    wanted = csr_matrix(([1.0] * 4, ([0, 0, 0, 1], [10, 8, 0, 11])), shape=(2, 12))

    found = measure(lambda users: scores[users], known, wanted)

    ideal = 1 + 1 / np.log2(3) + 1 / 2
    assert found.recall == pytest.approx([2 / 3, 1])
    assert found.ndcg == pytest.approx([(1 + 1 / 2) / ideal, 1])
    assert found.hit.tolist() == [1, 1]
    assert found.reciprocal_rank.tolist() == [1, 1]
    assert found.coverage == pytest.approx(11 / 12)  # 10 to 1 and 11 to 2


def test_lift_compares_with_what_users_know() -> None:
    # Given: item 0 has two listeners, the others one each; user 0 is shown 2, 3 and 4
    known = csr_matrix(([1.0] * 6, ([0, 0, 1, 1, 1, 1], [0, 1, 0, 2, 3, 4])), shape=(2, 5))
    wanted = csr_matrix(([1.0], ([0], [2])), shape=(2, 5))

    found = measure(lambda users: np.zeros((len(users), 5)), known, wanted)

    assert found.lift == pytest.approx(1 / 1.5 - 1)


def test_ties_go_by_code_damaged_scores_last_and_known_items_never() -> None:
    scores = np.array([[0.5, np.nan, 0.5, 0.9, 0.1]])
    known = csr_matrix(([1.0], ([0], [3])), shape=(1, 5))

    assert best(scores, known, 5).tolist() == [[0, 2, 4, -1, -1]]


# --- Methods --------------------------------------------------------------------------------------


def test_the_walk_is_what_its_three_steps_say() -> None:
    # Given: user 0 knows 0 and 1, user 1 knows 1 and 2
    matrix = csr_matrix(np.array([[1.0, 1, 0], [0, 1, 1]]))

    walked = neighbours.walk(matrix, alpha=1.0, beta=0.5).toarray()

    assert walked[0] == pytest.approx([0, 1 / 2 / np.sqrt(2), 0])
    assert walked[1] == pytest.approx([1 / 4, 0, 1 / 4])


def test_only_the_nearest_neighbours_are_kept() -> None:
    random = np.random.default_rng(0)
    matrix = csr_matrix((random.random((40, 30)) < 0.4).astype(float))

    whole = neighbours.walk(matrix, alpha=1.0, beta=0.3).toarray()
    few = neighbours.walk(matrix, alpha=1.0, beta=0.3, neighbours=5).toarray()

    assert ((few > 0).sum(axis=1) == 5).all()
    assert few.sum(axis=1) == pytest.approx(np.sort(whole, axis=1)[:, -5:].sum(axis=1))


def test_cosine_neighbours_are_cosines() -> None:
    matrix = csr_matrix(np.array([[5.0, 1, 0], [1, 1, 1], [1, 0, 1]]))

    found = neighbours.cosine(matrix).toarray()

    assert found[0, 1] == pytest.approx(2 / np.sqrt(3 * 2))
    assert found[1, 2] == pytest.approx(1 / 2)


def test_a_setting_reads_values_as_it_says() -> None:
    matrix = csr_matrix(np.array([[3.0, 0, 1]]))

    logs = factors.Setting(reading="log", alpha=2).confidences(matrix)
    ones = factors.Setting(reading="one", alpha=5).confidences(matrix)

    assert logs.data == pytest.approx(2 * np.log1p([3, 1]))
    assert ones.data.tolist() == [5, 5]


def test_units_leave_flat_rows_at_zero() -> None:
    found = hybrid.units(np.array([[1.0, 3.0], [2.0, 2.0]]))

    assert found.tolist() == [[-1, 1], [0, 0]]


# --- The command ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def two_tastes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eighty listeners of one of two halves of sixty items, timed, a tenth of it by chance."""
    random = np.random.default_rng(2)
    lines = ["user,item,value,timestamp"]
    for user in range(80):
        mine = np.arange(30) + 30 * (user % 2)
        chosen = [*random.choice(mine, 14, replace=False), *random.choice(60, 2)]
        for time, item in enumerate(random.permutation(chosen)):
            lines.append(f"u{user},i{item},{random.integers(1, 9)},{time}")
    path = tmp_path_factory.mktemp("plays") / "plays.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.mark.parametrize("protocol", ["ratio", "leave-last-out"])
def test_taste_is_found_by_all_but_popularity(
    two_tastes: Path, protocol: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--protocol", protocol, "--seeds", "2", "--search-seconds", "2", "--json"]

    assert main(["evaluate", "--interactions", str(two_tastes), *arguments]) == 0

    told = json.loads(capsys.readouterr().out)
    means = {name: one["recall@10"]["mean"] for name, one in told["methods"].items()}
    assert list(means) == ["popularity", "item_knn", "als", "ours", "ours_wide"]
    assert means["popularity"] < 0.35
    assert min(means["item_knn"], means["als"], means["ours"]) > 1.3 * means["popularity"]
    assert {"recall@10", "ndcg@10", "hit@10", "coverage@10"} <= set(told["methods"]["ours"])
    assert told["methods"]["als"]["ndcg@10"]["sd"] >= 0
    assert len(told["parameters"]["ours"]) == (2 if protocol == "ratio" else 1)
    assert (told["users"], told["items"], told["seeds"]) == (80, 60, 2)


def test_a_test_file_is_ranked(
    two_tastes: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given: a test file with a listener and an item that the other file does not know
    path = written(tmp_path / "test.csv", "user,item\nu0,i1\nu1,i31\nnobody,i2\nu2,unheard\n")
    arguments = ["--protocol", "fixed", "--test", str(path), "--seeds", "1"]

    assert main(["evaluate", "--interactions", str(two_tastes), *arguments]) == 0

    table = capsys.readouterr().out
    assert "61 items, fixed, 1 seeds" in table
    assert "ndcg@10" in table


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--protocol", "fixed"], "a test file goes with the protocol fixed"),
        (["--test", "x.csv"], "a test file goes with the protocol fixed"),
    ],
)
def test_a_test_file_and_its_protocol_go_together(
    two_tastes: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["evaluate", "--interactions", str(two_tastes), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_a_missing_file_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "--interactions", str(tmp_path / "no.csv")]) == 2
    assert "no.csv cannot be read" in capsys.readouterr().err
