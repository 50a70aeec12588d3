"""What the command lines of the packages share."""

from __future__ import annotations

import argparse
import sys


def run(
    parser: argparse.ArgumentParser,
    arguments: list[str] | None,
    unusable: tuple[type[Exception], ...],
) -> int:
    """Run the command that was asked for, its `run` in the parsed options.

    Returns
    -------
    int
        What the command says; 2 when the input is not usable: the exceptions named are told in a
        line.
    """
    options = parser.parse_args(arguments)
    try:
        result: int = options.run(options)
    except unusable as error:
        print(f"{parser.prog.removeprefix('python -m ')}: {error}", file=sys.stderr)
        return 2
    return result


def positive(text: str) -> int:
    """An argument that counts something, at least 1."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return number


def say(line: str) -> None:
    """Tell on the error stream how far a command is: what it finds goes to the other."""
    print(line, file=sys.stderr)
