"""The command line of `ml.emotion`."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from ml.artifacts import ArtifactError
from ml.emotion import weights
from ml.emotion.data import USAGES, DataError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 when the input is not usable."""
    options = _parser().parse_args(arguments)
    try:
        result: int = options.run(options)
    except (DataError, ArtifactError, OSError) as error:
        print(f"ml.emotion: {error}", file=sys.stderr)
        return 2
    return result


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.emotion")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    train = commands.add_parser("train", help="train from scratch, write weights and manifest")
    train.add_argument("--data", type=Path, required=True, help="fer2013.csv, plain, .bz2 or .xz")
    train.add_argument("--ferplus", type=Path, required=True, help="fer2013new.csv")
    train.add_argument("--out", type=Path, default=weights.HOME, help="folder of the weights")
    train.add_argument("--checkpoint", type=Path, default=Path(".data/train"))
    train.add_argument("--phases", default="16x32,8x48", help="epochs x crop side, in order")
    train.add_argument(
        "--widths", default="32,64,128,256", help="channels of the four stages of the network"
    )
    train.add_argument(
        "--precision",
        choices=("float32", "mixed_bfloat16"),
        default="float32",
        help="mixed_bfloat16 is faster where the processor has it",
    )
    train.add_argument("--seed", type=int, default=20261121)
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="figures on one usage of FER2013")
    evaluate.add_argument("--data", type=Path, required=True)
    evaluate.add_argument("--ferplus", type=Path)
    evaluate.add_argument("--train", type=Path, help="FER2013 file whose Training rows were seen")
    evaluate.add_argument("--usage", choices=USAGES, default="PublicTest")
    evaluate.add_argument("--weights", type=Path, default=weights.HOME)
    evaluate.add_argument("--json", action="store_true")
    evaluate.add_argument("--save", type=Path, help="also write the figures to this file")
    evaluate.set_defaults(run=_evaluate)

    faces = commands.add_parser("evaluate-faces", help="figures on aligned faces of another domain")
    faces.add_argument("--npz", type=Path, required=True, help="arrays pixels and label")
    faces.add_argument("--weights", type=Path, default=weights.HOME)
    faces.add_argument("--json", action="store_true")
    faces.set_defaults(run=_evaluate_faces)

    read = commands.add_parser("read", help="read the expression in photographs")
    read.add_argument("images", type=Path, nargs="+", metavar="IMAGE")
    read.add_argument(
        "--detector-model",
        type=Path,
        default=os.environ.get("MOODMUSIC_FACE_DETECTOR_MODEL") or None,
        help="YuNet file (default: $MOODMUSIC_FACE_DETECTOR_MODEL); the Haar cascade without it",
    )
    read.add_argument("--weights", type=Path, default=weights.HOME)
    read.add_argument("--json", action="store_true")
    read.set_defaults(run=_read)
    return parser


def _train(options: argparse.Namespace) -> int:
    from ml.emotion.network import NetworkConfig
    from ml.emotion.recipe import Recipe
    from ml.emotion.train import train

    phases = tuple(
        (int(epochs), int(side))
        for epochs, side in (phase.split("x") for phase in options.phases.split(","))
    )
    manifest = train(
        fer2013=options.data,
        ferplus=options.ferplus,
        home=options.out,
        checkpoint=options.checkpoint,
        recipe=Recipe(phases=phases, precision=options.precision, seed=options.seed),
        network=NetworkConfig(widths=tuple(int(width) for width in options.widths.split(","))),
        report=lambda entry: print(json.dumps(entry), flush=True),
    )
    print(f"wrote {options.out}: version {manifest.version}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from ml.artifacts import write_json
    from ml.emotion.evaluate import evaluate

    figures = evaluate(
        fer2013=options.data,
        ferplus=options.ferplus,
        usage=options.usage,
        home=options.weights,
        seen=options.train,
    )
    if options.save:
        write_json(options.save, figures)
    _print(figures, as_json=options.json)
    return 0


def _evaluate_faces(options: argparse.Namespace) -> int:
    from ml.emotion.evaluate import evaluate_faces

    _print(evaluate_faces(npz=options.npz, home=options.weights), as_json=options.json)
    return 0


def _read(options: argparse.Namespace) -> int:
    from ml.emotion.photographs import read_photographs

    for line in read_photographs(
        options.images, detector_model=options.detector_model, home=options.weights
    ):
        if options.json:
            print(json.dumps(line), flush=True)
        elif line["status"] == "read":
            print(f"{line['file']}: {line['label']} ({line['confidence']:.0%})")
        else:
            print(f"{line['file']}: {line['status']} ({line['reason']})")
    return 0


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        if name == "per_class":
            for emotion, entry in value.items():
                print(f"  {emotion:9}" + "".join(f" {k} {v:.3f}" for k, v in entry.items()))
        elif name == "confusion":
            print("confusion (row: label, column: reading)")
            for row in value:
                print("  " + " ".join(f"{count:5d}" for count in row))
        else:
            print(f"{name}: {value:.4f}" if isinstance(value, float) else f"{name}: {value}")
