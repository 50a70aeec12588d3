"""What all command lines do with arguments and with files that are not usable."""

from __future__ import annotations

import argparse

import pytest

from ml.cli import positive, run


def a_parser(told: Exception | None) -> argparse.ArgumentParser:
    def command(options: argparse.Namespace) -> int:
        if told is not None:
            raise told
        return int(options.count)

    parser = argparse.ArgumentParser(prog="python -m ml.thing")
    parser.add_argument("--count", type=positive, default=3)
    parser.set_defaults(run=command)
    return parser


def test_the_command_says_how_it_ended() -> None:
    assert run(a_parser(None), ["--count", "7"], (OSError,)) == 7


def test_what_is_not_usable_is_told_in_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(a_parser(FileNotFoundError("no such file")), [], (KeyError, OSError)) == 2

    assert capsys.readouterr().err == "ml.thing: no such file\n"


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(ValueError, match="a fault of ours"):
        run(a_parser(ValueError("a fault of ours")), [], (OSError,))


@pytest.mark.parametrize("text", ["0", "-2", "two"])
def test_a_count_is_at_least_one(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(a_parser(None), ["--count", text], (OSError,))

    assert "argument --count" in capsys.readouterr().err
