"""What the commands of `ml.emotion` are called, and what they take."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from pathlib import Path

from ml.emotion import weights
from ml.emotion.data import USAGES

Command = Callable[[argparse.Namespace], int]


def parser(runners: Mapping[str, Command]) -> argparse.ArgumentParser:
    """A parser whose options hold, as `run`, the runner of the command that was named."""
    whole = argparse.ArgumentParser(prog="python -m ml.emotion")
    commands = whole.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, words: str) -> argparse.ArgumentParser:
        one: argparse.ArgumentParser = commands.add_parser(name, help=words)
        one.set_defaults(run=runners[name])
        return one

    train = command("train", "train from scratch, write weights and manifest")
    _data(train)
    _ferplus(train)
    train.add_argument("--out", type=Path, default=weights.HOME, help="folder of the weights")
    train.add_argument("--checkpoint", type=Path, default=Path(".data/train"))
    train.add_argument("--phases", default="26x32,8x40,22x48", help="epochs x crop side, in order")
    train.add_argument(
        "--widths", default="48,96,192,384", help="channels of the four stages of the network"
    )
    _precision(train)
    train.add_argument("--seed", type=int, default=20261121)

    evaluate = command("evaluate", "figures on one usage of FER2013")
    _data(evaluate)
    _ferplus(evaluate, required=False)
    evaluate.add_argument("--train", type=Path, help="FER2013 file whose Training rows were seen")
    evaluate.add_argument("--usage", choices=USAGES, default="PublicTest")
    _weights(evaluate)
    evaluate.add_argument("--degradations", action=argparse.BooleanOptionalAction, default=False)
    _json(evaluate)

    faces = command("evaluate-faces", "figures on aligned faces of another domain")
    faces.add_argument("--npz", type=Path, required=True, help="arrays pixels and label")
    _weights(faces)
    faces.add_argument("--degradations", action=argparse.BooleanOptionalAction, default=True)
    _json(faces)

    baselines = command("baselines", "fit what the network is compared with")
    _data(baselines)
    _ferplus(baselines)
    _weights(baselines)
    baselines.add_argument(
        "--only", action="append", metavar="NAME", help="one of them; repeatable"
    )
    baselines.add_argument(
        "--minutes",
        type=float,
        help="most minutes of training for each deep one (default: the multiply-adds that the "
        "network's own training took)",
    )

    card = command("card", "write the model card; with all three files, measure")
    _data(card, required=False)
    _ferplus(card, required=False)
    card.add_argument("--faces", type=Path, help="aligned faces of another domain, .npz")
    _weights(card)
    card.add_argument("--out", type=Path, default=Path("docs/model-card.md"))

    speed = command("speed", "size of the network, faces a second by batch size")
    _weights(speed)
    _json(speed)

    personal = command("personal", "what listeners' own corrections do")
    _data(personal)
    _ferplus(personal)
    personal.add_argument("--usage", choices=USAGES, default="PublicTest")
    _weights(personal)
    _json(personal)

    trials = command("trials", "train with one choice changed, keep the scores")
    _data(trials)
    _ferplus(trials)
    trials.add_argument("--phases", default="4x32", help="epochs x crop side, in order")
    _precision(trials)
    trials.add_argument("--only", action="append", default=[], metavar="NAME", help="repeatable")
    trials.add_argument("--out", type=Path, help="another file than the one the card shows")

    cover = command("fit-covering", "fit what tells covered faces")
    _data(cover)
    cover.add_argument("--out", type=Path, help="another file than the one that is used")

    read = command("read", "read the expression in photographs")
    read.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    read.add_argument(
        "--detector-model",
        type=Path,
        default=os.environ.get("MOODMUSIC_FACE_DETECTOR_MODEL") or None,
        help="YuNet file (default: $MOODMUSIC_FACE_DETECTOR_MODEL); the Haar cascade without it",
    )
    _weights(read)
    _json(read)
    return whole


def phases_of(text: str) -> tuple[tuple[int, int], ...]:
    """From "26x32,8x40" to ((26, 32), (8, 40))."""
    pairs = (phase.split("x") for phase in text.split(","))
    return tuple((int(epochs), int(side)) for epochs, side in pairs)


def _data(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument(
        "--data", type=Path, required=required, help="fer2013.csv, plain, .bz2 or .xz"
    )


def _ferplus(command: argparse.ArgumentParser, *, required: bool = True) -> None:
    command.add_argument("--ferplus", type=Path, required=required, help="fer2013new.csv")


def _weights(command: argparse.ArgumentParser) -> None:
    command.add_argument("--weights", type=Path, default=weights.HOME, help="folder of the weights")


def _precision(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has it",
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print JSON")
