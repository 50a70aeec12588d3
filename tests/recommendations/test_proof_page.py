"""The page on how lists are made shows every proof of the recommender."""

from __future__ import annotations

from html import unescape
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from emotions.model_charts import BOTTOM, LEFT, RIGHT, TOP
from ml.recommend.card import files, gather
from ml.recommend.card.proofs import NAMES, PROOFS
from ml.recommend.card.text import sections
from ml.recommend.card.told import Plot
from recommendations.proof_page import APART, chart, proofs
from tests.ml.recommend.book import home_of
from tests.moodmusic.pages import text_of

pytestmark = pytest.mark.django_db


def words_of(client: Client) -> str:
    return unescape(text_of(client.get(reverse("about_recommender"))))


def test_the_page_shows_every_committed_proof(client: Client) -> None:
    words = words_of(client)

    for section in sections(gather()):
        assert section.proof.heading in words
        assert section.command in words
        if section.told is None:
            assert f"not measured yet: {section.command}" in words
        else:
            assert f"Measured on {section.date}" in words
            for table in section.told.tables:
                for row in table.rows:
                    assert all(cell in words for cell in row[1:])
    for rival in gather().rivals:
        assert rival["name"] in words
        assert rival["source"] in words


def test_the_page_shows_all_figures_and_what_is_missed(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given results of every proof
    monkeypatch.setattr(files, "HOME", home_of(tmp_path, *NAMES))

    page = client.get(reverse("about_recommender"))
    words = unescape(text_of(page))

    # Then each has its table, its command and its day, and a figure missed is said to be
    for name in NAMES:
        assert f"python -m made.up {name} --json" in words
    assert words.count("Measured on 2026-02-03, in 62 seconds, with:") == len(NAMES)
    assert "not measured yet" not in words
    assert ".2301 ± .0021" in words
    assert "\N{MINUS SIGN}.0068, below the figure to beat" in words
    assert "7 figures to beat: 6 beaten, 1 missed." in words
    # And the plots are drawn, with their lines named, under the page's rules
    html = page.content.decode()
    for name in ("curve", "mood-lists"):
        assert f'aria-labelledby="{name}-title {name}-desc"' in html
    assert html.count("<polyline") == 6
    for line in ("ours", "plain ALS", "most played", "both", "community", "mood"):
        assert f">{line}</text>" in html
    assert "style=" not in html


def test_a_proof_that_was_not_run_says_how_to_run_it(
    client: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "HOME", home_of(tmp_path, "curve"))

    words = words_of(client)

    assert "python -m made.up curve --json" in words
    for proof in PROOFS:
        assert (f"not measured yet: {proof.command}" in words) == (proof.name != "curve")


def test_the_page_stands_without_results(tmp_path: Path) -> None:
    found = proofs(tmp_path)
    assert [(section.told, drawn) for section, drawn in found.sections] == [(None, [])] * len(NAMES)


def test_a_chart_puts_values_where_they_belong() -> None:
    lines = {"ours": (0.1, 0.2, 0.39), "als": (0.0, 0.2, 0.385), "popularity": (0.1, 0.1, 0.1)}

    drawn = chart(Plot("p", "P", "x", "y", ("0", "1", "all"), lines))

    # Then the foot is 0, the top the next tenth, and labels lie evenly from the left
    assert [tick.words for tick in drawn.y_ticks] == ["0", ".1", ".2", ".3", ".4"]
    assert (drawn.y_ticks[0].at, drawn.y_ticks[-1].at) == (BOTTOM, TOP)
    first, second, last = (tick.at for tick in drawn.x_ticks)
    assert first == LEFT
    assert second - first == pytest.approx(last - second, abs=0.11)
    assert last < RIGHT
    # And each value lies at its tick
    ours, als, popularity = drawn.lines
    assert ours.points.split()[1] == als.points.split()[1] == f"{second},{drawn.y_ticks[2].at}"
    assert als.points.split()[0] == f"{first},{drawn.y_ticks[0].at}"
    assert {float(point.split(",")[1]) for point in popularity.points.split()} == {
        drawn.y_ticks[1].at
    }
    # And names at the ends do not touch
    assert ours.end[1] == float(ours.points.split(",")[-1])
    assert als.end[1] == pytest.approx(ours.end[1] + APART)
    assert popularity.end[1] == drawn.y_ticks[1].at


def test_a_chart_of_nothing_but_zero_has_an_axis() -> None:
    drawn = chart(Plot("p", "P", "x", "y", ("0",), {"a": (0.0,), "b": (0.0,), "c": (0.0,)}))
    assert [tick.words for tick in drawn.y_ticks] == ["0", ".1"]
