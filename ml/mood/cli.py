"""Commands of the proof that songs' moods can be told from how they measure."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from ml.artifacts import ArtifactError
from ml.cli import positive, run, say
from ml.mood.proof.songs import SongsError
from ml.mood.suggest import FIGURES, HOME


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 when the input is not usable."""
    return run(_parser(), arguments, (SongsError, ArtifactError))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.mood")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    evaluate = commands.add_parser("evaluate", help="find and tell the moods of labelled songs")
    evaluate.add_argument(
        "--songs", type=Path, required=True, help="CSV with mood, artist and numeric features"
    )
    evaluate.add_argument("--seeds", type=positive, default=3, help="of folds and models")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)
    tell = commands.add_parser("tell", help="compare ways to tell moods from table features")
    _asked_of(tell)
    tell.add_argument("--json", action="store_true")
    tell.set_defaults(run=_tell)
    fit = commands.add_parser("fit", help="fit the model that suggests moods")
    source = fit.add_mutually_exclusive_group(required=True)
    source.add_argument("--songs", type=Path, help="a labelled table of your own")
    source.add_argument(
        "--reference", type=Path, help="the shipped model: Echo Nest features of real music"
    )
    fit.add_argument("--out", type=Path, default=HOME)
    fit.set_defaults(run=_fit)
    plane = commands.add_parser("plane", help="compare the model with where people heard songs")
    _people_of(plane, required=True)
    plane.add_argument("--json", action="store_true")
    plane.set_defaults(run=_plane)
    card = commands.add_parser("card", help="write the model card from its figures")
    _asked_of(card)
    _people_of(card, required=False)
    card.add_argument(
        "--figures", type=Path, default=FIGURES, help="where the figures are kept for the page"
    )
    card.add_argument("--out", type=Path, default=Path("docs") / "song-moods.md")
    card.set_defaults(run=_card)
    return parser


def _asked_of(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--songs", type=Path, required=True, help="CSV with mood, artist and numeric features"
    )
    parser.add_argument("--seeds", type=positive, default=3, help="of folds and models")


def _people_of(parser: argparse.ArgumentParser, *, required: bool) -> None:
    parser.add_argument(
        "--people", type=Path, required=required, help="JSON: songs with title, artist, v and a"
    )
    parser.add_argument(
        "--table", type=Path, required=required, help="CSV: titles, artists and features"
    )


def _evaluate(options: argparse.Namespace) -> int:
    from ml.mood.proof.run import evaluate

    found = evaluate(options.songs, seeds=options.seeds, say=say)
    if options.json:
        print(json.dumps(found))
    else:
        _table(found)
    return 0


def _tell(options: argparse.Namespace) -> int:
    from ml.mood.told.report import figures, lines

    found = figures(options.songs, seeds=options.seeds)
    print(json.dumps(found) if options.json else "\n".join(lines(found)))
    return 0


def _fit(options: argparse.Namespace) -> int:
    from ml.mood.suggest import write
    from ml.mood.told.fit import fit_generated, fit_table

    numbers, about = fit_table(options.songs) if options.songs else fit_generated(options.reference)
    write(options.out, numbers, about)
    left_out = about["left_out"]
    print(
        f"{options.out}: {about['fitted_on']}; accuracy {left_out['accuracy']:.3f}, macro F1 "
        f"{left_out['macro_f1']:.3f} on artists left out"
    )
    return 0


def _plane(options: argparse.Namespace) -> int:
    from ml.mood.told.report import on_the_plane, plane_lines

    found = on_the_plane(options.people, options.table)
    print(json.dumps(found) if options.json else "\n".join(plane_lines(found)))
    return 0


def _card(options: argparse.Namespace) -> int:
    from ml.artifacts import write_atomically, write_json
    from ml.mood.told.report import card, figures, on_the_plane

    found = figures(options.songs, seeds=options.seeds)
    if options.people and options.table:
        found["plane"] = on_the_plane(options.people, options.table)
    write_json(options.figures, found)
    text = card(found)
    write_atomically(options.out, lambda stream: stream.write(text.encode()))
    print(options.out)
    return 0


def _table(found: dict[str, Any]) -> None:
    moods = list(found["moods"])
    counts = ", ".join(f"{mood} {count}" for mood, count in found["moods"].items())
    print(
        f"{found['songs']} songs of {found['artists']} artists ({counts}), {found['seeds']} seeds, "
        f"{found['seconds']} s"
    )
    print("\nFinding the songs of a mood: average precision, folds disjoint by artist")
    print(f"{'':28}{'mean of moods':>20}" + "".join(f"{mood:>12}" for mood in moods))
    for method, one in found["retrieval"].items():
        cells = "".join(f"{one['per_mood'][mood]:12.3f}" for mood in moods)
        print(f"{method:28}{_spread(one):>20}{cells}")
    print("\nTelling the mood of a song: accuracy")
    names = list(found["accuracy"])
    print(f"{'':28}" + "".join(f"{name:>20}" for name in names))
    for method in found["accuracy"][names[0]]:
        cells = "".join(
            f"{_spread(by_method[method]) if method in by_method else '-':>20}"
            for by_method in found["accuracy"].values()
        )
        print(f"{method:28}{cells}")


def _spread(one: dict[str, float]) -> str:
    return f"{one['mean']:.4f} +- {one['sd']:.4f}"
