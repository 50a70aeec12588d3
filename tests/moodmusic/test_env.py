"""The typed readers of the environment: values, and errors that name variable and cure."""

from __future__ import annotations

from pathlib import Path

import pytest

from moodmusic.env import Environment, SettingError


def test_text_is_stripped_and_empty_means_unset() -> None:
    env = Environment({"A": "  word ", "B": "  "})

    assert env.text("A", "x") == "word"
    assert env.text("B", "x") == "x"
    assert env.text("C", "x") == "x"


@pytest.mark.parametrize(
    ("raw", "value"),
    [("1", True), ("Yes", True), ("ON", True), ("0", False), ("no", False), ("off", False)],
)
def test_flag_reads_the_usual_words(raw: str, value: bool) -> None:
    assert Environment({"A": raw}).flag("A", not value) is value


@pytest.mark.parametrize("default", [True, False])
def test_flag_defaults_when_unset(default: bool) -> None:
    assert Environment({}).flag("A", default) is default


def test_a_wrong_flag_names_the_words() -> None:
    with pytest.raises(SettingError, match=r"A='perhaps': use 1/true/yes/on or 0/false/no/off"):
        Environment({"A": "perhaps"}).flag("A", True)


@pytest.mark.parametrize("raw", ["0", "11", "ten", "1.5", "-3"])
def test_a_number_out_of_range_names_the_range(raw: str) -> None:
    with pytest.raises(SettingError, match=rf"A='{raw}': use a whole number from 1 to 10"):
        Environment({"A": raw}).integer("A", 5, least=1, most=10)


def test_a_number_within_range_is_read() -> None:
    assert Environment({"A": "10"}).integer("A", 5, least=1, most=10) == 10
    assert Environment({}).integer("A", 5, least=1, most=10) == 5


def test_a_path_is_absolute_and_knows_the_home() -> None:
    env = Environment({"A": "~/x", "B": "relative"})

    assert env.path("A", Path("/default")) == Path.home() / "x"
    assert env.path("B", Path("/default")) == Path.cwd() / "relative"
    assert env.path("C", Path("/default")) == Path("/default")


def test_words_are_split_at_commas() -> None:
    assert Environment({"A": " a, b ,,c"}).words("A") == ["a", "b", "c"]
    assert Environment({}).words("A") == []


def test_a_wrong_choice_names_the_choices() -> None:
    assert Environment({}).choice("A", "x", ("x", "y")) == "x"
    with pytest.raises(SettingError, match="A='z': use one of x, y"):
        Environment({"A": "z"}).choice("A", "x", ("x", "y"))


def test_an_unknown_variable_is_refused_with_the_nearest_name() -> None:
    env = Environment({"MOODMUSIC_PROT": "1", "PATH": "/bin"})
    env.text("MOODMUSIC_PORT")

    with pytest.raises(SettingError, match=r"MOODMUSIC_PROT is not .* Did you mean MOODMUSIC_PORT"):
        env.refuse_unknown("MOODMUSIC_")
