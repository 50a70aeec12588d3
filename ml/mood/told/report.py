"""Figures of the models of songs' moods, as a table and as the model card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ml.audio.catalogue import MOOD_POINTS
from ml.mood.suggest import HOME, Suggester
from ml.mood.told.compare import compare, served
from ml.mood.told.plane import plane


def figures(path: Path, *, seeds: int) -> dict[str, Any]:
    """What `compare` found, and under `served` how the shipped model does on the same songs.

    Raises
    ------
    SongsError
        when the file is not usable.
    ArtifactError
        when the shipped model is missing or damaged.
    """
    model = Suggester.load()
    about = json.loads(HOME.read_text(encoding="utf-8"))["about"]
    return {
        **compare(path, seeds=seeds),
        "served": {**served(path, model), "moods": sorted(model.suggested), "about": about},
    }


def on_the_plane(people: Path, table: Path) -> dict[str, Any]:
    """How the shipped model's moods lie on the plane, beside where people heard the songs.

    Raises
    ------
    SongsError, ArtifactError
        as `figures` does.
    """
    return plane(people, table, Suggester.load(), MOOD_POINTS)


def plane_lines(found: dict[str, Any]) -> list[str]:
    """The figures of the plane, for a terminal."""
    return [
        f"{found['songs']} songs that people placed; correlation with them, 95 % interval",
        *(
            f"{axis:8} {found['model']}: {_interval(found[axis]['model'])}"
            + (
                f"   the table's own column: {_interval(one)}"
                if (one := found[axis]["table"])
                else ""
            )
            for axis in ("valence", "arousal")
        ),
    ]


def _interval(one: dict[str, float]) -> str:
    return f"{one['r']:.2f} ({one['low']:.2f} to {one['high']:.2f})"


def _plane_said(found: dict[str, Any]) -> str:
    rows = [
        "| | of the suggestions | of the table's own column |",
        "|---|---|---|",
        *(
            f"| {axis} | {_interval(found[axis]['model'])} | "
            f"{_interval(found[axis]['table']) if found[axis]['table'] else '-'} |"
            for axis in ("valence", "arousal")
        ),
    ]
    return (
        f"{found['songs']} pop songs on which at least ten people each said how they hear them "
        "(PMEmo, Zhang et al. 2018), with features of the same interface; used to evaluate only. "
        "A song lies at the mean of the moods' points, weighted by what the model holds likely. "
        "Correlation (Pearson) with where people put it, 95 % interval:\n\n"
        + "\n".join(rows)
        + "\n\n"
        + " ".join(plane_verdicts(found))
    )


def plane_verdicts(found: dict[str, Any]) -> list[str]:
    """Of each axis of which the model's place does not go with people's, that it says nothing."""
    return [
        f"Of {axis} the suggestions say nothing that shows here."
        for axis in ("valence", "arousal")
        if found[axis]["model"]["low"] <= 0
    ]


def lines(found: dict[str, Any]) -> list[str]:
    """The figures for a terminal."""
    counts = ", ".join(f"{mood} {count}" for mood, count in found["moods"].items())
    said = [
        f"{found['songs']} songs of {found['artists']} artists ({counts}); 5 folds disjoint by "
        f"artist, {found['seeds']} seeds, {found['seconds']} s",
        f"features: {', '.join(found['features'])}",
    ]
    for method, one in found["methods"].items():
        best = "   best" if method == found["best"] else ""
        said += [
            "",
            f"{method}: accuracy {_spread(one['accuracy'])}, macro F1 {_spread(one['macro_f1'])}, "
            f"calibration error {_spread(one['ece'])}{best}",
        ]
        said += [
            f"  {mood:12} precision {_spread(row['precision'])}   recall {_spread(row['recall'])}"
            f"   F1 {_spread(row['f1'])}"
            for mood, row in one["per_mood"].items()
        ]
    one = found["served"]
    said += [
        "",
        f"served ({one['model']}), which learnt none of these songs: accuracy "
        f"{one['accuracy']:.3f}, macro F1 {one['macro_f1']:.3f}",
    ]
    said += [
        f"  {mood:12} precision {row['precision']:.3f}   recall {row['recall']:.3f}"
        f"   F1 {row['f1']:.3f}"
        for mood, row in one["per_mood"].items()
    ]
    return [*said, _suggesting(one)]


def _spread(one: dict[str, float]) -> str:
    return f"{one['mean']:.3f} +- {one['sd']:.3f}"


def _suggesting(one: dict[str, Any]) -> str:
    if one["right"] is None:
        return "  it is unsure of every song"
    return (
        f"  it suggests a mood for {one['suggested']:.1%} of the songs, and is right in "
        f"{one['right']:.1%} of those (it states {one['confidence']:.1%})"
    )


def card(found: dict[str, Any]) -> str:
    """The model card, Markdown."""
    one, about = found["served"], found["served"]["about"]
    rows = [
        "| | accuracy | macro F1 | calibration error |",
        "|---|---|---|---|",
        *(
            f"| {method} | {_spread(row['accuracy'])} | {_spread(row['macro_f1'])} "
            f"| {_spread(row['ece'])} |"
            for method, row in found["methods"].items()
        ),
    ]
    moods = [
        "| | mood | precision | recall | F1 |",
        "|---|---|---|---|---|",
        *(
            f"| {method} | {mood} | {_spread(row['precision'])} | {_spread(row['recall'])} "
            f"| {_spread(row['f1'])} |"
            for method, whole in found["methods"].items()
            for mood, row in whole["per_mood"].items()
        ),
    ]
    shipped = [
        "| mood | precision | recall | F1 |",
        "|---|---|---|---|",
        *(
            f"| {mood} | {row['precision']:.3f} | {row['recall']:.3f} | {row['f1']:.3f} |"
            for mood, row in one["per_mood"].items()
        ),
    ]
    counts = ", ".join(f"{count} {mood.lower()}" for mood, count in found["moods"].items())
    left = about["left_out"]
    paragraphs = [
        "# Moods suggested for songs",
        "Written by `python -m ml.mood card`; every figure comes from it.",
        "## What it does",
        "Imported audio is measured (`ml.audio`), the measures are brought to the scales of public "
        f"feature tables by stated rules, and five small networks suggest a mood: "
        f"{', '.join(one['moods'])}. A suggestion is an annotation of source `model` with its "
        "confidence; every judgement by a person, a table or a folder outranks it. Below a "
        "confidence of 0.5 nothing is suggested. Romantic, dark and angry are never suggested: the "
        "model knows them, so that such a song does not pass for another, but no labelled real "
        "songs were at hand to test it on them.",
        "## Which way tells moods best",
        f"{found['songs']} labelled songs of {found['artists']} artists ({counts}) with features "
        "of the Spotify Web API; five folds that no two share an artist, mean and standard "
        f"deviation over {found['seeds']} seeds. Features: {', '.join(found['features'])}.",
        "\n".join(rows),
        "\n".join(moods),
        f"The best by macro F1 is **{found['best']}**. Served is a mean of perceptrons of the same "
        "make: its parameters are a few numbers that numpy can use, and hold no song.",
        "## What the served model was fitted on",
        f"{about['fitted_on']}, of {about['artists']} invented artists; what is average in real "
        f"music is taken from {about.get('average_of', 'the same songs')}. The songs above were "
        "used to evaluate only: their features come from an interface whose terms do not allow "
        "training models on them, so no parameter was learnt from them; but which five features "
        "count, and how far its certainty is drawn back, were chosen with their figures in sight. "
        f"On artists left out of the fit: accuracy {left['accuracy']:.3f} of seven moods, "
        "calibration error "
        f"{left['ece']:.3f}.",
        "## How it does on real songs",
        f"On the same {one['songs']} songs, of which it learnt nothing, choosing among their "
        f"{len(one['per_mood'])} moods (chance {1 / len(one['per_mood']):.2f}): accuracy "
        f"**{one['accuracy']:.3f}**, macro F1 {one['macro_f1']:.3f}.",
        "\n".join(shipped),
        _suggesting(one).strip().capitalize() + ". So it is surer than it should be on real songs: "
        "the gap cannot be closed without labelled songs that a shipped "
        "model may learn from.",
        *(["## On the plane", _plane_said(found["plane"])] if "plane" in found else []),
        "## What it cannot do",
        "- It was tested on table features, not on audio: no annotated recordings are at hand. How "
        "far our estimates of valence, danceability and acousticness agree with the tables' on "
        "real recordings is not known.\n"
        "- It learnt from generated pieces, which are plainer than real ones, and does far worse "
        "than a model fitted on real songs would. An installation that may use a labelled table "
        "of its own fits one with `python -m ml.mood fit --songs TABLE.csv --out "
        "DATA_DIR/models/song_moods.json`; it is used from then on.\n"
        "- A mood is more than sound: words, language and memories are unknown to it.",
        "## Commands",
        "```sh\npython -m ml.mood tell --songs data_moods.csv        # the comparison above\n"
        "python -m ml.mood fit --reference echonest-metrics.json.gz   # the shipped model anew\n"
        "python -m ml.mood plane --people scatter.json --table spotify_songs.csv.gz\n"
        "python -m ml.mood card --songs data_moods.csv --people scatter.json "
        "--table spotify_songs.csv.gz   # this page\n"
        "python manage.py eval_music_mood data_moods.csv      # precision, recall and F1 per mood\n"
        "```",
        f"Model: {one['model']}.",
    ]
    return "\n\n".join(paragraphs) + "\n"
