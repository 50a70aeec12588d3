"""Command line: `python -m ml.faces fetch DEST` and `python -m ml.faces evaluate PHOTOS_DIR`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 on success, 1 when it failed, 2 for wrong usage."""
    parser = argparse.ArgumentParser(prog="python -m ml.faces", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    fetch = commands.add_parser("fetch", help="download the YuNet model once and check its hash")
    fetch.add_argument("destination", type=Path, metavar="DEST")
    fetch.add_argument("--url", help="another address of the same file")
    fetch.add_argument("--timeout", type=float, metavar="SECONDS", help="for the whole download")
    evaluate = commands.add_parser("evaluate", help="measure on photographs that show a face")
    evaluate.add_argument("photos", type=Path, metavar="PHOTOS_DIR")
    evaluate.add_argument("--detector", choices=("yunet", "haar"), default="haar")
    evaluate.add_argument("--model", type=Path, help="the YuNet model file (for yunet)")
    evaluate.add_argument("--json", action="store_true", help="one JSON object")
    options = parser.parse_args(arguments)
    if options.command == "fetch":
        return _fetch(options)
    if options.detector == "yunet" and options.model is None:
        parser.error("--detector yunet needs --model PATH")
    return _evaluate(options)


def _fetch(options: argparse.Namespace) -> int:
    from ml.faces.fetch import TIMEOUT_S, YUNET_URL, fetch_yunet

    outcome = fetch_yunet(
        options.destination,
        url=options.url or YUNET_URL,
        timeout_s=options.timeout or TIMEOUT_S,
    )
    if outcome.ok:
        print(f"face detector: {outcome.path} ({outcome.detail})")
        return 0
    print(f"face detector: not fetched, {outcome.detail}; faces are found with Haar cascades")
    return 1


def _evaluate(options: argparse.Namespace) -> int:
    from ml.faces.evaluation import evaluate
    from ml.faces.finding import detector
    from ml.faces.yunet import ModelFileError, YuNetDetector

    try:
        using = YuNetDetector(options.model) if options.detector == "yunet" else detector()
        result: dict[str, Any] = evaluate(options.photos, using)
    except (ModelFileError, OSError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.json:
        print(json.dumps(result))
    else:
        for key, value in result.items():
            print(f"{key:18}{value}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
