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
    train.add_argument("--phases", default="26x32,8x40,22x48", help="epochs x crop side, in order")
    train.add_argument(
        "--widths", default="48,96,192,384", help="channels of the four stages of the network"
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
    evaluate.add_argument("--degradations", action=argparse.BooleanOptionalAction, default=False)
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)

    faces = commands.add_parser("evaluate-faces", help="figures on aligned faces of another domain")
    faces.add_argument("--npz", type=Path, required=True, help="arrays pixels and label")
    faces.add_argument("--weights", type=Path, default=weights.HOME)
    faces.add_argument("--degradations", action=argparse.BooleanOptionalAction, default=True)
    faces.add_argument("--json", action="store_true")
    faces.set_defaults(run=_evaluate_faces)

    baselines = commands.add_parser("baselines", help="fit what the network is compared with")
    baselines.add_argument("--data", type=Path, required=True)
    baselines.add_argument("--ferplus", type=Path, required=True)
    baselines.add_argument("--weights", type=Path, default=weights.HOME)
    baselines.add_argument(
        "--only", action="append", metavar="NAME", help="one of them; repeatable"
    )
    baselines.add_argument(
        "--minutes",
        type=float,
        help="most minutes of training for each deep one (default: the multiply-adds that the "
        "network's own training took)",
    )
    baselines.set_defaults(run=_baselines)

    card = commands.add_parser("card", help="write the model card; with all three files, measure")
    card.add_argument("--data", type=Path)
    card.add_argument("--ferplus", type=Path)
    card.add_argument("--faces", type=Path, help="aligned faces of another domain, .npz")
    card.add_argument("--weights", type=Path, default=weights.HOME)
    card.add_argument("--out", type=Path, default=Path("docs/model-card.md"))
    card.set_defaults(run=_card)

    speed = commands.add_parser("speed", help="size of the network, faces a second by batch size")
    speed.add_argument("--weights", type=Path, default=weights.HOME)
    speed.add_argument("--json", action="store_true")
    speed.set_defaults(run=_speed)

    personal = commands.add_parser("personal", help="what listeners' own corrections do")
    personal.add_argument("--data", type=Path, required=True)
    personal.add_argument("--ferplus", type=Path, required=True)
    personal.add_argument("--usage", choices=USAGES, default="PublicTest")
    personal.add_argument("--weights", type=Path, default=weights.HOME)
    personal.add_argument("--json", action="store_true")
    personal.set_defaults(run=_personal)

    trials = commands.add_parser("trials", help="train with one choice changed, keep the scores")
    trials.add_argument("--data", type=Path, required=True)
    trials.add_argument("--ferplus", type=Path, required=True)
    trials.add_argument("--phases", default="4x32", help="epochs x crop side, in order")
    trials.add_argument("--precision", choices=("float32", "mixed_bfloat16"), default="float32")
    trials.add_argument("--only", action="append", default=[], metavar="NAME", help="repeatable")
    trials.add_argument("--out", type=Path, help="another file than the one the card shows")
    trials.set_defaults(run=_trials)

    cover = commands.add_parser("fit-covering", help="fit what tells covered faces")
    cover.add_argument("--data", type=Path, required=True)
    cover.add_argument("--out", type=Path, help="another file than the one that is used")
    cover.set_defaults(run=_fit_covering)

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


def _phases(text: str) -> tuple[tuple[int, int], ...]:
    """From "26x32,8x40" to ((26, 32), (8, 40))."""
    pairs = (phase.split("x") for phase in text.split(","))
    return tuple((int(epochs), int(side)) for epochs, side in pairs)


def _train(options: argparse.Namespace) -> int:
    from ml.emotion.network import NetworkConfig
    from ml.emotion.recipe import Recipe
    from ml.emotion.train import train

    manifest = train(
        fer2013=options.data,
        ferplus=options.ferplus,
        home=options.out,
        checkpoint=options.checkpoint,
        recipe=Recipe(
            phases=_phases(options.phases), precision=options.precision, seed=options.seed
        ),
        network=NetworkConfig(widths=tuple(int(width) for width in options.widths.split(","))),
        report=lambda entry: print(json.dumps(entry), flush=True),
    )
    print(f"wrote {options.out}: version {manifest.version}")
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from ml.emotion.evaluate import evaluate

    figures = evaluate(
        fer2013=options.data,
        ferplus=options.ferplus,
        usage=options.usage,
        home=options.weights,
        seen=options.train,
        degraded=options.degradations,
    )
    _print(figures, as_json=options.json)
    return 0


def _evaluate_faces(options: argparse.Namespace) -> int:
    from ml.emotion.evaluate import evaluate_faces

    figures = evaluate_faces(npz=options.npz, home=options.weights, degraded=options.degradations)
    _print(figures, as_json=options.json)
    return 0


def _baselines(options: argparse.Namespace) -> int:
    from ml.emotion.baselines.run import BASELINES, run

    for name in options.only or ():
        if name not in BASELINES:
            raise DataError(f"--only {name}: choose from {', '.join(BASELINES)}")
    run(
        fer2013=options.data,
        ferplus=options.ferplus,
        home=options.weights,
        only=options.only or (),
        minutes=options.minutes,
        say=lambda line: print(line, flush=True),
    )
    return 0


def _card(options: argparse.Namespace) -> int:
    from ml.artifacts import write_atomically, write_json
    from ml.emotion.card import gather
    from ml.emotion.card.files import EVALUATION_NAME
    from ml.emotion.card.text import markdown

    files = (options.data, options.ferplus, options.faces)
    if any(files) and not all(files):
        raise DataError("to measure, give all of --data, --ferplus and --faces")
    if all(files):
        from ml.emotion.evaluate import measure

        figures = measure(
            fer2013=options.data,
            ferplus=options.ferplus,
            faces=options.faces,
            home=options.weights,
        )
        write_json(options.weights / EVALUATION_NAME, figures)
    text = markdown(gather(options.weights))
    write_atomically(options.out, lambda stream: stream.write(text.encode()))
    print(f"wrote {options.out}")
    return 0


def _speed(options: argparse.Namespace) -> int:
    from ml.emotion.speed import measure

    found = measure(options.weights)
    if options.json:
        print(json.dumps(found))
        return 0
    print(f"{found['version']}: {found['parameters']:,} parameters, {found['mmac']} MMAC")
    print(f"{found['backend']} on {', '.join(found['devices'])}")
    for size, batch in found["batches"].items():
        print(f"batch {size:>3}: {batch['ms']:8.2f} ms  {batch['faces_per_second']:8.1f} faces/s")
    return 0


def _personal(options: argparse.Namespace) -> int:
    from ml.emotion.listeners import measure

    found = measure(
        fer2013=options.data, ferplus=options.ferplus, usage=options.usage, home=options.weights
    )
    if options.json:
        print(json.dumps(found))
        return 0
    for step, share in found["habit"].items():
        print(
            f"after {step} corrections of faces alike: {share['followed']:.1%} of further ones "
            f"follow, {share['strayed']:.1%} of other faces change"
        )
    agree = found["ordinary"]
    print(f"without a habit: {agree['network']:.1%} right alone, {agree['moved']:.1%} when moved")
    return 0


def _trials(options: argparse.Namespace) -> int:
    from ml.emotion import trials

    unknown = sorted(set(options.only) - set(trials.CHANGES))
    if unknown:
        known = ", ".join(trials.CHANGES)
        raise DataError(f"no such trial: {', '.join(unknown)}; there are {known}")
    trials.run(
        fer2013=options.data,
        ferplus=options.ferplus,
        phases=_phases(options.phases),
        precision=options.precision,
        only=options.only,
        path=options.out or trials.PATH,
        say=print,
    )
    return 0


def _fit_covering(options: argparse.Namespace) -> int:
    from ml.emotion.data import read_fer2013
    from ml.faces.covering import MODEL, write_model
    from ml.faces.covering_fit import fit

    faces = read_fer2013(options.data)
    learned, limited = (
        faces.where(faces.usage == usage).pixels for usage in ("Training", "PublicTest")
    )
    model, figures = fit(learned, limited, print)
    write_model(model, options.out or MODEL)
    _print(figures, as_json=False)
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
        if isinstance(value, dict) and all(isinstance(row, dict) for row in value.values()):
            print(name)
            for row, entry in value.items():
                print(f"  {row:14}" + "".join(f" {key} {_short(v)}" for key, v in entry.items()))
        elif isinstance(value, list) and isinstance(value[0], dict):
            print(name)
            for entry in value:
                print("  " + " ".join(f"{key} {_short(v)}" for key, v in entry.items()))
        elif isinstance(value, list):
            print(f"{name} (row: label, column: reading)")
            for counts in value:
                print("  " + " ".join(f"{count:5d}" for count in counts))
        else:
            print(f"{name}: {_short(value)}")


def _short(value: Any) -> str:
    return f"{value:.4f}" if isinstance(value, float) else str(value)
