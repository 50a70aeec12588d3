"""``python -m ml.audio``: render and analyse music from the shell."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

# Imports live in the commands: rendering must start fast and never loads the analyser.


def _render(options: argparse.Namespace) -> int:
    from ml.audio.encode import render_mp3

    try:
        render_mp3(options.slug, options.out)
    except KeyError as error:
        print(error.args[0], file=sys.stderr)
        return 2
    except OSError as error:
        print(f"cannot write {options.out}: {error}", file=sys.stderr)
        return 1
    return 0


def _analyse(options: argparse.Namespace) -> int:
    from ml.audio.analyse import analyse_file

    failed = 0
    for name in options.files:
        try:
            features = analyse_file(name)
        except (ValueError, OSError) as error:
            failed = 1
            print(f"{name}: {error}", file=sys.stderr)
            continue
        values = {key: round(value, 5) for key, value in features.as_dict().items()}
        if options.json:
            row = {"file": name, "duration_s": round(features.duration_s, 2), **values}
            print(json.dumps(row))
        else:
            print(f"{name} ({features.duration_s:.1f} s)")
            print("\n".join(f"  {key:18s} {value:>12}" for key, value in values.items()))
    return failed


def _build(options: argparse.Namespace) -> int:
    from tqdm import tqdm

    from ml.audio.build import build_features
    from ml.audio.catalogue import pieces

    with tqdm(total=len(pieces()), unit="piece") as bar:
        for done in build_features(options.out, options.workers):
            bar.update(done - bar.n)
    print(options.out)
    return 0


def _evaluate(options: argparse.Namespace) -> int:
    from ml.audio.evaluate import evaluate_demo

    report = evaluate_demo()
    if options.json:
        print(json.dumps(report))
    else:
        print("\n".join(f"{key}: {value}" for key, value in report.items()))
    return 0


def _measure(options: argparse.Namespace) -> int:
    from ml.audio.measures import measure_file
    from ml.audio.reading import AudioError

    failed = 0
    for name in options.files:
        try:
            print(json.dumps({"file": name, **measure_file(name).as_json()}))
        except AudioError as error:
            failed = 1
            print(json.dumps({"file": name, "reason": error.reason, "detail": str(error)}))
    return failed


def _measure_files(options: argparse.Namespace) -> int:
    from ml.audio.measurer import serve

    return serve(options.idle)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit status."""
    data = Path(__file__).parent / "data" / "demo_features.csv"
    parser = argparse.ArgumentParser(prog="python -m ml.audio", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="command")
    render = commands.add_parser("render", help="render a demo piece to an MP3 file")
    render.add_argument("slug", help="such as happy-017")
    render.add_argument("out", type=Path)
    render.set_defaults(run=_render)
    analyse = commands.add_parser("analyse", help="measure audio files")
    analyse.add_argument("files", nargs="+", metavar="FILE")
    analyse.add_argument("--json", action="store_true", help="one JSON line per file")
    analyse.set_defaults(run=_analyse)
    build = commands.add_parser("build-features", help="measure the whole demo catalogue")
    build.add_argument("--workers", type=int, default=1)
    build.add_argument("--out", type=Path, default=data)
    build.set_defaults(run=_build)
    measure = commands.add_parser("measure", help="all that is measured of files, as JSON lines")
    measure.add_argument("files", nargs="+", metavar="FILE")
    measure.set_defaults(run=_measure)
    serving = commands.add_parser("measure-files", help="the same, of paths on standard input")
    serving.add_argument("--idle", type=float, default=60.0, help="seconds to wait for work")
    serving.set_defaults(run=_measure_files)
    evaluate = commands.add_parser("evaluate-demo", help="how plainly the moods differ")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    sys.exit(main())
