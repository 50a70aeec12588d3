"""Sections of the book on moods and likings: SiTunes, labelled songs, simulated listeners."""

from __future__ import annotations

from typing import Any

from ml.recommend.card.lists import Figures, Rivals
from ml.recommend.card.told import BELOW, Comparison, Table, Told, figure, spread, verdict

SETTINGS = {"2": "setting 2", "3": "setting 3"}
CHANGE = {"accuracy": "accuracy", "macro_f1": "macro F1"}


def situnes(found: Figures, rivals: Rivals) -> Told:
    """Both questions, for each kind of knowledge and both settings."""
    liked = {
        (row, setting): Comparison(
            one["mean"],
            _best(rival["figures"]["liked"].get(row, {}).get(setting) for rival in rivals),
        )
        for row, by_setting in found["liked"].items()
        for setting, one in by_setting.items()
    }
    # Others' best answers to the second question know the mood before, so only such rows of ours
    # are held against them.
    change = {
        (row, setting, key): Comparison(
            by_setting[setting][key]["mean"],
            _best(r["figures"]["change"].get(setting, {}).get(key) for r in rivals)
            if row in ("+ mood before", "+ both")
            else None,
        )
        for row, by_setting in found["change"].items()
        for setting in by_setting
        for key in CHANGE
    }
    return Told(
        facts=f"{found['seeds']} published splits, ± is the standard deviation over them. Setting "
        "2 asks about listens of the study that was learnt from, on days that may be the same; "
        "setting 3 about a later study, most of it with other songs. "
        f"{_mixed(found)}The figure to beat is the highest of published and plain models.",
        tables=(
            Table(
                "Will the song be liked? AUC",
                ("known", "asked in", "ours", "to beat", "difference"),
                tuple(
                    (row, SETTINGS[setting], spread(found["liked"][row][setting]),
                     figure(one.beat), one.cell)
                    for (row, setting), one in liked.items()
                ),
            ),
            Table(
                "Will the mood go up, stay or go down?",
                ("known", "asked in", "measure", "ours", "to beat", "difference"),
                tuple(
                    (row, SETTINGS[setting], CHANGE[key],
                     spread(found["change"][row][setting][key]), figure(one.beat), one.cell)
                    for (row, setting, key), one in change.items()
                ),
            ),
        ),
        verdict=verdict([*liked.values(), *change.values()]),
    )  # fmt: skip


def labelled_songs(found: Figures, rivals: Rivals) -> Told:
    """Finding the songs of a mood, and telling the mood of a song."""
    moods = tuple(found["moods"])
    to_beat: Figures = {}
    for rival in rivals:
        to_beat |= rival["figures"]
    finding = Comparison(found["retrieval"]["ours"]["mean"], to_beat["retrieval"])
    random = found["accuracy"]["10 random folds"]["ours"]["mean"]
    telling = Comparison(random, to_beat["accuracy"])
    compared = (
        ("finding the songs", "average precision", finding),
        ("telling the mood, random folds", "accuracy", telling),
    )
    methods = {method for by_method in found["accuracy"].values() for method in by_method}
    return Told(
        facts=f"{found['songs']} songs of {found['artists']} artists, {found['seeds']} seeds of "
        "folds and models, ± is the standard deviation over them. “Ours, sound alone” sees "
        "neither the length of a song nor its fame.",
        tables=(
            Table(
                "Finding the songs of a mood: average precision, no artist on both sides",
                ("way", "mean of moods", *moods),
                tuple(
                    (method, spread(one), *(figure(one["per_mood"][mood]) for mood in moods))
                    for method, one in found["retrieval"].items()
                ),
            ),
            Table(
                "Telling the mood of a song: accuracy",
                ("way", *found["accuracy"]),
                tuple(
                    (method, *(spread(by[method]) if method in by else figure(None)
                               for by in found["accuracy"].values()))
                    for method in sorted(methods)
                ),
            ),
            Table(
                "Against the figures to beat",
                ("question", "measure", "ours", "to beat", "difference"),
                tuple((question, measure, figure(one.ours), figure(one.beat), one.cell)
                      for question, measure, one in compared),
            ),
        ),
        verdict=verdict((finding, telling)),
    )  # fmt: skip


def simulated(found: Figures, rivals: Rivals) -> Told:
    """Shares of lists that moved the right way; the learner in batches is what ours is held to."""
    lives = found["lives"]
    after = tuple(next(iter(lives.values()))["ours"])
    comparisons = {
        (life, number): Comparison(
            methods["ours"][number]["mean"], methods["bandit"][number]["mean"], 2
        )
        for life, methods in lives.items()
        for number in after
    }

    def cell(life: str, method: str, number: str) -> str:
        shown = spread(lives[life][method][number], 2)
        missed = method == "ours" and (comparisons[life, number].lead or 0) < 0
        return f"{shown}, {BELOW}" if missed else shown

    words = {"ours": "ours", "bandit": "learner in batches of twenty"}
    return Told(
        facts=f"{found['listeners']} invented listeners of each kind in {found['rounds']} rounds "
        f"with songs of their own, seed {found['seed']}; ± is the standard deviation over the "
        "rounds. The figure to beat is that of the learner in batches, on the same listeners; "
        "before its first batch it cannot move at all, so the later columns say more.",
        tables=(
            Table(
                "Share of lists that moved the right way",
                ("listeners", "way", *(f"after {number}" for number in after)),
                tuple(
                    (life, words[method], *(cell(life, method, number) for number in after))
                    for life, methods in lives.items()
                    for method in methods
                ),
            ),
        ),
        verdict=verdict(comparisons.values()),
    )


def _mixed(found: Figures) -> str:
    """What answers the first question, where the figures were measured with that told."""
    models = found.get("models")
    if not models:
        return ""
    return (
        f"The first question is answered by the mean of some of {len(models)} models, two of them "
        "plain; which, is chosen in folds inside what was learnt from. A mean of all of them was "
        "compared with that on these splits, and was not better on the whole. "
    )


def _best(figures: Any) -> float | None:
    return max((one for one in figures if one is not None), default=None)
