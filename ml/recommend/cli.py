"""Commands of the recommender's proof."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from ml.cli import positive, run, say
from ml.mood.proof.songs import SongsError
from ml.recommend.card.proofs import NAMES, PROOFS
from ml.recommend.proof.situnes import SitunesError
from ml.recommend.proof.tables import InteractionsError


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when done, 2 when the input is not usable."""
    return run(_parser(), arguments, (InteractionsError, SitunesError, SongsError))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.recommend")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    evaluate = commands.add_parser("evaluate", help="rank all items of an interaction file")
    evaluate.add_argument(
        "--interactions", type=Path, required=True, help="CSV: user,item[,value][,timestamp]"
    )
    evaluate.add_argument(
        "--protocol", choices=("ratio", "leave-last-out", "fixed"), default="ratio"
    )
    evaluate.add_argument("--test", type=Path, help="test pairs of the protocol fixed")
    evaluate.add_argument("--tags", type=Path, help="CSV: item,tag[,user], for ours with tags")
    evaluate.add_argument("--seeds", type=positive, default=5)
    evaluate.add_argument(
        "--search-seconds", type=float, default=120.0, help="for each choice of hyper-parameters"
    )
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(run=_evaluate)

    curve = commands.add_parser("learning-curve", help="lists of new users, play by play")
    curve.add_argument("--interactions", type=Path, required=True)
    curve.add_argument("--search-seconds", type=float, default=120.0)
    curve.add_argument("--samples", type=positive, default=5)
    curve.add_argument("--seed", type=int, default=0)
    curve.add_argument("--json", action="store_true")
    curve.set_defaults(run=_learning_curve)

    lists = commands.add_parser("mood-lists", help="lists for a mood: mood, community, and both")
    lists.add_argument("--plays", type=Path, required=True, help="userID, artistID, weight")
    lists.add_argument("--tags", type=Path, required=True, help="userID, artistID, tagID")
    lists.add_argument("--tag-names", type=Path, required=True, help="tagID, tagValue")
    lists.add_argument("--seeds", type=positive, default=5)
    lists.add_argument("--json", action="store_true")
    lists.set_defaults(run=_mood_lists)

    situnes = commands.add_parser("situnes", help="likes and changes of mood in public listens")
    situnes.add_argument("--data", type=Path, required=True, help="the SiTunes folder")
    situnes.add_argument("--seeds", type=positive, default=10, help="published splits, at most 10")
    situnes.add_argument("--json", action="store_true")
    situnes.set_defaults(run=_situnes)

    simulated = commands.add_parser("simulate", help="simulated listeners, word by word")
    simulated.add_argument("--seed", type=int, default=0)
    simulated.add_argument("--json", action="store_true")
    simulated.set_defaults(run=_simulate)

    hetrec = commands.add_parser("hetrec", help="HetRec 2011 Last.fm as the CSVs of evaluate")
    hetrec.add_argument("folder", type=Path, metavar="DIR", help="the published files")
    hetrec.add_argument("out", type=Path, metavar="OUT", help="gets plays.csv and tags.csv")
    hetrec.set_defaults(run=_hetrec)

    card = commands.add_parser("card", help="write the book of proofs; with --data, measure")
    card.add_argument("--data", type=Path, help="the folder that holds music/")
    card.add_argument(
        "--only", nargs="+", choices=NAMES, metavar="NAME", help=f"of {', '.join(NAMES)}"
    )
    card.add_argument("--out", type=Path, default=Path("docs/recommender.md"))
    card.set_defaults(run=_card)
    return parser


def _evaluate(options: argparse.Namespace) -> int:
    from ml.recommend.proof.run import evaluate

    found = evaluate(
        options.interactions,
        options.protocol,
        test=options.test,
        tags=options.tags,
        seeds=options.seeds,
        search_seconds=options.search_seconds,
        say=say,
    )
    if options.json:
        print(json.dumps(found))
    else:
        _table(found)
    return 0


def _learning_curve(options: argparse.Namespace) -> int:
    from ml.recommend.proof.curve import learning_curve

    found = learning_curve(
        options.interactions,
        search_seconds=options.search_seconds,
        samples=options.samples,
        seed=options.seed,
        say=say,
    )
    if options.json:
        print(json.dumps(found))
        return 0
    print(
        f"{found['listeners']} listeners held out, {found['samples']} samples, "
        f"{found['seconds']} s; NDCG@10"
    )
    print(f"{'plays':>6}{'ours':>10}{'sd':>8}{'als':>10}{'plain als':>12}{'popularity':>12}")
    for plays, ours in found["curve"].items():
        print(
            f"{plays:>6}{ours['mean']:10.4f}{ours['sd']:8.4f}"
            f"{found['als'][plays]['mean']:10.4f}{found['plain_als'][plays]['mean']:12.4f}"
            f"{found['popularity'][plays]['mean']:12.4f}"
        )
    return 0


def _mood_lists(options: argparse.Namespace) -> int:
    from ml.recommend.proof.mood_lists import METHODS, mood_lists

    found = mood_lists(
        options.plays,
        options.tags,
        options.tag_names,
        seeds=options.seeds,
        say=say,
    )
    if options.json:
        print(json.dumps(found))
        return 0
    print(
        f"{found['pairs']} pairs of {found['listeners']} listeners and moods, "
        f"{found['artists']:,} artists, {found['seeds']} seeds, {found['seconds']} s; NDCG@10"
    )
    print(f"{'plays':>6}" + "".join(f"{name:>18}" for name in (*METHODS, "gain")))
    for plays, one in found["plays"].items():
        cells = [f"{one[name]['mean']:.4f} +- {one[name]['sd']:.4f}" for name in METHODS]
        cells.append(f"{one['gain']['mean']:.4f} +- {one['gain']['standard_error']:.4f}")
        print(f"{plays:>6}" + "".join(f"{cell:>18}" for cell in cells))
    return 0


def _situnes(options: argparse.Namespace) -> int:
    from ml.recommend.proof.situnes_run import evaluate, table

    found = evaluate(options.data, seeds=options.seeds, say=say)
    print(json.dumps(found) if options.json else "\n".join(table(found)))
    return 0


def _simulate(options: argparse.Namespace) -> int:
    from ml.recommend.proof.simulated import AFTER, simulate

    found = simulate(seed=options.seed)
    if options.json:
        print(json.dumps(found))
        return 0
    print(
        f"{found['listeners']} listeners in {found['rounds']} rounds, seed {found['seed']}: share "
        "whose list moved the right way after so many events"
    )
    print(f"{'':40}" + "".join(f"{after:>14}" for after in AFTER))
    for life, methods in found["lives"].items():
        for method, shares in methods.items():
            cells = (f"{one['mean']:.2f} +- {one['sd']:.2f}" for one in shares.values())
            print(f"{life:32}{method:8}" + "".join(f"{cell:>14}" for cell in cells))
    return 0


def _hetrec(options: argparse.Namespace) -> int:
    from ml.recommend.card.hetrec import convert

    for path in convert(options.folder, options.out):
        print(f"wrote {path}")
    return 0


def _card(options: argparse.Namespace) -> int:
    from ml.artifacts import write_atomically
    from ml.recommend.card.files import HOME, gather
    from ml.recommend.card.measure import measure
    from ml.recommend.card.text import markdown

    if options.only and options.data is None:
        print("ml.recommend: to measure, give --data", file=sys.stderr)
        return 2

    def write() -> None:
        text = markdown(gather(HOME)).encode()
        write_atomically(options.out, lambda stream: stream.write(text))

    for proof in PROOFS:
        if options.data is not None and proof.name in (options.only or NAMES):
            say(f"{proof.name}:")
            measure(proof, options.data, HOME, say=say)
            write()
    write()
    print(f"wrote {options.out}")
    return 0


def _table(found: dict[str, Any]) -> None:
    print(
        f"{found['interactions']:,} interactions of {found['users']:,} users with "
        f"{found['items']:,} items, {found['protocol']}, {found['seeds']} seeds, "
        f"{found['seconds']} s"
    )
    names = list(found["methods"]["ours"])
    print(f"{'':12}" + "".join(f"{name:>22}" for name in names))
    for method, measures in found["methods"].items():
        cells = (f"{one['mean']:.4f} +- {one['sd']:.4f}" for one in measures.values())
        print(f"{method:12}" + "".join(f"{cell:>22}" for cell in cells))
