"""Cover art, bars and words of pages."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from django.conf import settings

from ml.recommend.rank import PARTS
from moodmusic.templatetags.charts import PARTS as NAMED
from moodmusic.templatetags.charts import named_parts, part_bar
from moodmusic.templatetags.covers import PALETTES, cover_svg
from moodmusic.templatetags.words import clock, percent, signed, sureness

ONE = UUID("11111111-2222-4333-8444-555555555555")


def test_a_cover_is_always_the_same_and_of_its_moods_colours() -> None:
    happy, again, sad = (
        cover_svg(ONE, ["happy"]),
        cover_svg(ONE, ["happy"]),
        cover_svg(ONE, ["sad"]),
    )

    assert happy == again
    assert any(f'fill="{ground}"' in happy or ground in happy for _, ground, _ in PALETTES["happy"])
    assert not any(sky in sad for sky, _, _ in PALETTES["happy"])


def test_every_cover_is_whole_svg_without_style() -> None:
    for _ in range(60):
        svg = cover_svg(uuid4(), ["calm", "romantic"])
        assert ElementTree.fromstring(svg).tag.endswith("svg")  # noqa: S314 - our own text
        assert "style" not in svg


def test_an_unknown_mood_has_a_cover_too() -> None:
    assert "<svg" in cover_svg(ONE, ["brand-new-mood"])


def test_songs_differ_in_their_covers() -> None:
    assert len({cover_svg(uuid4(), ["dark"]) for _ in range(40)}) == 40


def test_the_bar_is_as_long_as_the_score() -> None:
    bar = part_bar({"mood": 0.5, "collaborative": 0.25, "fresh": -0.2})

    assert 'class="part-mood" x="0.00" width="50.00"' in bar
    assert 'class="part-collaborative" x="50.00" width="25.00"' in bar
    assert "part-fresh" not in bar
    # What was taken away is struck from the end, so that what is left is the score: .55.
    assert 'class="parts__lost" x="55.00" width="20.00"' in bar
    assert "parts__lost" not in part_bar({"mood": 0.5})


def test_the_bar_says_its_parts_to_those_who_cannot_see_it() -> None:
    bar = part_bar({"mood": 0.5, "fresh": -0.2, "explore": 0.1})

    assert 'role="img"' in bar
    assert (
        "Parts of the score: fits the mood +0.50, fresh or familiar \N{MINUS SIGN}0.20, "
        "to try it out +0.10"
    ) in bar


def test_every_part_of_a_score_has_a_name_and_a_colour() -> None:
    css = (Path(settings.BASE_DIR) / "static/css/components.css").read_text(encoding="utf-8")

    assert tuple(NAMED) == PARTS
    assert all(f".part-{name} " in css for name in PARTS)


def test_the_table_of_parts_leaves_out_nothing_that_counts() -> None:
    rows = named_parts({"fresh": -0.2, "mood": 0.5, "taste": 0.001, "luck": 0.3})

    assert [(row["name"], row["value"]) for row in rows] == [
        ("fits the mood", 0.5),
        ("fresh or familiar", -0.2),
        ("luck", 0.3),
    ]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0"), (0.001, "< 1"), (0.824, "82"), (0.998, "> 99"), (1, "100")],
)
def test_shares_in_words(share: float, words: str) -> None:
    assert percent(share) == f"{words}\N{NO-BREAK SPACE}%"


def test_numbers_in_words() -> None:
    assert clock(73.4) == "1:13"
    assert clock(59.9) == "1:00"
    assert signed(-0.412) == "\N{MINUS SIGN}0.41"
    assert [sureness(share) for share in (0.95, 0.82, 0.6, 0.3)] == [
        "very sure",
        "fairly sure",
        "not very sure",
        "a guess",
    ]
