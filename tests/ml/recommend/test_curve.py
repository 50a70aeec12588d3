"""The learning curve: newcomers are drawn fairly, and folded in as the product does."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest

from ml.recommend import hybrid
from ml.recommend.cli import main
from ml.recommend.factors import Setting
from ml.recommend.learn import learn
from ml.recommend.measures import measure
from ml.recommend.model_file import id_bytes
from ml.recommend.proof.curve_choice import GRIDS, mix_for
from ml.recommend.proof.folded import FACTORS, POPULARITY, STRENGTH, WALK, Community
from ml.recommend.proof.interactions import Interactions, read_interactions
from ml.recommend.proof.newcomers import HIDDEN, Newcomers

SETTING = Setting(reading="log", alpha=4.0, factors=8, regularisation=10.0)


@pytest.fixture(scope="module")
def long_histories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty listeners with fifty plays each of one of two halves of two hundred items."""
    random = np.random.default_rng(3)
    lines = ["user,item"]
    for user in range(60):
        mine = random.choice(np.arange(100) + 100 * (user % 2), 50, replace=False)
        lines += [f"{user},{item}" for item in mine]
    path = tmp_path_factory.mktemp("long") / "plays.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


@pytest.fixture(scope="module")
def data(long_histories: Path) -> Interactions:
    return read_interactions(long_histories)


def test_what_is_known_is_never_to_be_found_and_more_plays_hold_the_fewer(
    data: Interactions,
) -> None:
    newcomers = Newcomers.of(data, np.array([7, 2]), np.random.default_rng(0))

    wanted, three, twenty = newcomers.wanted(), newcomers.known(3), newcomers.known(20)

    assert newcomers.users.tolist() == [2, 7]
    for user in (2, 7):
        theirs = set(data.items[data.users == user].tolist())
        find, few, many = (set(one[user].indices.tolist()) for one in (wanted, three, twenty))
        assert (len(find), len(few), len(many)) == (HIDDEN, 3, 20)
        assert few < many < theirs
        assert find == find & theirs - many
    assert wanted.nnz == 2 * HIDDEN


def test_the_curve_is_the_blend_that_is_served(data: Interactions) -> None:
    # Given: what fifty listeners teach, once for the curve and once for the product
    newcomers = Newcomers.of(data, np.arange(50, 60), np.random.default_rng(0))
    matrix = data.matrix(np.flatnonzero(data.users < 50))
    choice = hybrid.Choice(SETTING, beta=0.3, walk_weight=0.5)
    model = learn(id_bytes([uuid4() for _ in range(200)]), matrix, choice, threads=1)

    # When: both are asked about listeners known by five plays, and by none
    learnt = Community.of(matrix, choice.beta).learn(SETTING, hybrid.STARTS)
    asked = learnt.asked(newcomers, 5)

    # Then: the parts are the scores that are served
    ours = asked.factors[1.0] + 0.5 * asked.parts[WALK]
    known = newcomers.known(5)
    for row, user in enumerate(newcomers.users):
        rows, values = known[user].indices, known[user].data
        served = model.scores(model.fold(model.factors[rows], values), rows)
        assert ours[row] == pytest.approx(served, abs=1e-3)
    popular = hybrid.units(model.popularity[None])[0]
    unknown = learnt.asked(newcomers, 0)
    assert unknown.parts[POPULARITY][3] == pytest.approx(popular, abs=1e-5)
    assert not unknown.factors[1.0].any()


def test_a_mix_weighs_the_parts_and_names_the_strength(data: Interactions) -> None:
    newcomers = Newcomers.of(data, np.arange(50, 60), np.random.default_rng(0))
    matrix = data.matrix(np.flatnonzero(data.users < 50))
    asked = Community.of(matrix, 0.3).learn(SETTING).asked(newcomers, 5, (1.0, 8.0))

    strong = asked.ndcg({FACTORS: 2.0, STRENGTH: 8.0, WALK: 0.5})

    scores = 2 * asked.factors[8.0] + 0.5 * asked.parts[WALK]
    expected = measure(lambda users: scores[users - 50], asked.known, asked.wanted).ndcg
    assert strong.tolist() == expected.tolist()
    assert np.abs(asked.factors[8.0] - asked.factors[1.0]).max() > 0.01


def test_a_chosen_mix_is_no_worse_for_the_judges_than_the_factors_alone(
    data: Interactions,
) -> None:
    judges = Newcomers.of(data, np.arange(50, 60), np.random.default_rng(0))
    learnt = Community.of(data.matrix(np.flatnonzero(data.users < 50)), 0.3).learn(SETTING)

    mix = mix_for(learnt, judges, 3)

    asked = learnt.asked(judges, 3, GRIDS[STRENGTH])
    chosen, alone = asked.ndcg(mix).mean(), asked.ndcg({FACTORS: 1.0}).mean()
    assert chosen > alone
    assert all(mix[name] in grid for name, grid in GRIDS.items())
    assert mix_for(learnt, judges, 0) == {POPULARITY: 1.0}


def test_one_play_tells_the_half(long_histories: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--interactions", str(long_histories), "--search-seconds", "2", "--samples", "2"]

    assert main(["learning-curve", *arguments, "--json"]) == 0

    told = json.loads(capsys.readouterr().out)
    assert list(told["curve"]) == ["0", "1", "2", "3", "5", "10", "20"]
    assert (told["listeners"], told["samples"], len(told["parameters"])) == (20, 2, 2)
    assert told["curve"]["3"]["sd"] > 0
    means = {plays: one["mean"] for plays, one in told["curve"].items()}
    assert means["0"] == pytest.approx(told["popularity"]["0"]["mean"])
    assert means["3"] > 1.5 * means["0"]
    assert means["20"] > means["1"]


def test_too_few_long_histories_are_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # Given: listeners with one play less than it takes
    path = tmp_path / "plays.csv"
    rows = [f"{user},{item}" for user in range(9) for item in range(39)]
    path.write_text("\n".join(["user,item", *rows]) + "\n")

    assert main(["learning-curve", "--interactions", str(path)]) == 2
    assert "0 users have 40 rows or more" in capsys.readouterr().err
