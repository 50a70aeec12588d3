"""The command line of `ml.emotion`."""

from __future__ import annotations

import argparse
import json
from typing import Any

from ml.artifacts import ArtifactError
from ml.cli import run
from ml.emotion.arguments import Command, parser, phases_of
from ml.emotion.data import DataError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 when the input is not usable."""
    return run(parser(COMMANDS), arguments, (DataError, ArtifactError, OSError))


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
            phases=phases_of(options.phases), precision=options.precision, seed=options.seed
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
    from ml.emotion.baselines import run as baselines

    for name in options.only or ():
        if name not in baselines.BASELINES:
            raise DataError(f"--only {name}: choose from {', '.join(baselines.BASELINES)}")
    baselines.run(
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
        phases=phases_of(options.phases),
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


COMMANDS: dict[str, Command] = {
    "train": _train,
    "evaluate": _evaluate,
    "evaluate-faces": _evaluate_faces,
    "baselines": _baselines,
    "card": _card,
    "speed": _speed,
    "personal": _personal,
    "trials": _trials,
    "fit-covering": _fit_covering,
    "read": _read,
}
