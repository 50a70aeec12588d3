"""Which titles are versions of one song, and which only look like it."""

from __future__ import annotations

import pytest

from ml.recommend.versions import plain_title, version_code


@pytest.mark.parametrize(
    "title",
    [
        "LET IT BE",
        "Let It Be (live)",
        "Let It Be [Live at Wembley, 1986]",
        "Let It Be - Remastered 2011",
        "Let It Be - 2009 Remaster",
        "Let It Be - Live - Remastered",
        "Let It Be \N{EN DASH} Single Version",
        "Let It Be (feat. Somebody) - Radio Edit",
        "Let It Be feat. Somebody",
        "Let It Be radio edit",
        "Let It Be (Acoustic)",
        "  Let it b\N{LATIN SMALL LETTER E WITH ACUTE}!  ",
        "Let-It-Be...",
    ],
)
def test_versions_share_a_code(title: str) -> None:
    assert version_code("The Band", title) == version_code("The Band", "Let It Be")


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Suite, Part 1", "Suite, Part 2"),
        ("Long Live", "Long"),
        ("Live and Let Die", "Let Die"),
        ("(We Live for Love)", "We"),
        ("Blue - Green", "Blue"),
        ("(I Can't Get No) Satisfaction", "Satisfaction"),
        ("With You", "You"),
        ("हम", "हमें"),
        ("???", "!!!"),
    ],
)
def test_other_songs_do_not(one: str, two: str) -> None:
    assert version_code("The Band", one) != version_code("The Band", two)


def test_the_same_title_of_another_artist_is_another_song() -> None:
    assert version_code("One", "Intro") != version_code("Two", "Intro")
    assert version_code("BEYONC\N{LATIN CAPITAL LETTER E WITH ACUTE} feat. Jay", "Intro") == (
        version_code("Beyonce", "Intro")
    )


@pytest.mark.parametrize("title", ["(Live)", "Live", "Remastered 2011", "???", "- Live", "Edit"])
def test_a_title_that_is_only_a_mark_is_a_title(title: str) -> None:
    assert plain_title(title)


def test_codes_fit_a_signed_column_of_64_bits_and_never_change() -> None:
    assert -(2**63) <= version_code("a", "b") < 2**63
    assert version_code("The Band", "Let It Be (live)") == version_code("the band", "let it be")
