"""Sections of the Markdown card that come from the evaluation of the weights.

Each takes the card and gives its lines; none where there is no evaluation.
"""

from __future__ import annotations

from typing import Any

from ml.emotion.card.cells import share, table
from ml.emotion.card.files import Card, margin
from ml.emotion.degrade import DEGRADATIONS, MOST_PER_CLASS
from ml.emotion.labels import EMOTIONS

KEYS = ("precision", "recall", "f1")


def figures(card: Card) -> list[str]:
    found = card.evaluation
    if not found:
        return ["## Figures", "", "No evaluation lies beside these weights."]
    faces, n, seven = found["faces"], found["n"], found["ferplus7_n"]
    command, theirs = found["commands"]["evaluate"], found["commands"]["faces"]

    def about(value: float, rows: int) -> str:
        return f"{share(value)} ± {share(margin(value, rows))}"

    return [
        "## Figures",
        "",
        f"All of weights `{card.manifest['version']}`, on {found['date']}. ± is half a 95 % "
        "interval from the number of faces. The weights were trained on FER2013 Training alone; "
        "PublicTest chose temperature, threshold and recipe, so its figures are a little kind. "
        "PrivateTest was kept aside.",
        "",
        *table(
            ("what", "faces", "figure", "command"),
            [
                ("FER2013 accuracy", n, about(found["accuracy"], n), "A"),
                (
                    "the same without pixel copies of training rows",
                    found["dedup_n"],
                    about(found["accuracy_dedup"], found["dedup_n"]),
                    "A",
                ),
                ("FER2013 macro F1", n, share(found["macro_f1"]), "A"),
                (
                    "FER+ accuracy, served head, seven classes",
                    seven,
                    about(found["ferplus7_accuracy"], seven),
                    "A",
                ),
                ("the same on the surest 70 %", round(0.7 * seven),
                 share(found["selective_accuracy_70"]), "A"),
                ("calibration error (ECE, 15 equal bins)", seven, share(found["ece"]), "A"),
                ("another domain: accuracy", faces["n"], about(faces["accuracy"], faces["n"]),
                 "B"),
                ("another domain: macro recall", faces["n"], share(faces["macro_recall"]), "B"),
                ("another domain: calibration error", faces["n"], share(faces["ece"]), "B"),
            ],
        ),
        "",
        f"- A: `{command}` (FER2013 {found['usage']})",
        f"- B: `{theirs}` (aligned faces of press photos and film stills)",
    ]  # fmt: skip


def per_class(card: Card) -> list[str]:
    found = card.evaluation
    if not found:
        return []
    served, theirs = found["served_per_class"], found["per_class"]
    counts = {
        "served": [sum(row) for row in found["served_confusion"]],
        "theirs": [sum(row) for row in found["confusion"]],
    }
    return [
        "## Emotion by emotion",
        "",
        f"{found['usage']}, command A. Left against the FER+ plurality (served head), right "
        "against the FER2013 labels.",
        "",
        *table(
            ("emotion", "faces", *KEYS, "faces", *KEYS),
            [
                (
                    emotion,
                    counts["served"][i],
                    *(share(served[emotion][key]) for key in KEYS),
                    counts["theirs"][i],
                    *(share(theirs[emotion][key]) for key in KEYS),
                )
                for i, emotion in enumerate(EMOTIONS)
            ],
        ),
    ]


def confusions(card: Card) -> list[str]:
    found = card.evaluation
    if not found:
        return []

    def counted(rows: list[list[int]]) -> list[str]:
        named = zip(EMOTIONS, rows, strict=True)
        return table(("label", *EMOTIONS), [(emotion, *row) for emotion, row in named])

    return [
        "## Confusion",
        "",
        "Row: label; column: answer. Served head against FER+, command A:",
        "",
        *counted(found["served_confusion"]),
        "",
        "FER2013 head against FER2013 labels, command A:",
        "",
        *counted(found["confusion"]),
    ]


def reliability(card: Card) -> list[str]:
    if not card.evaluation:
        return []
    bins = [entry for entry in card.evaluation["reliability"] if entry["count"]]
    return [
        "## Reliability",
        "",
        "Of the answers given with this probability, how many agree with FER+ (served head, "
        "command A; empty bins left out).",
        "",
        *table(
            ("probability", "faces", "mean probability", "right"),
            [
                (
                    f"{share(entry['lower'])} to {share(entry['upper'])}",
                    entry["count"],
                    share(entry["confidence"]),
                    share(entry["accuracy"]),
                )
                for entry in bins
            ],
        ),
    ]


def other_domain(card: Card) -> list[str]:
    if not card.evaluation:
        return []
    faces = card.evaluation["faces"]
    fear = faces["classes_n"]["fear"]
    lines = [
        "## Another domain",
        "",
        "Aligned faces of press photos and film stills, labelled by students; nothing was trained "
        "or chosen on them. Command B. "
        f"Only {fear} faces are labelled fear, so its recall says little and still counts one "
        f"seventh of the macro recall. {faces['left_out']} faces of contempt, which is none of "
        "the seven, are left out.",
        "",
        *table(
            ("emotion", "faces", *KEYS),
            [
                (
                    emotion,
                    faces["classes_n"][emotion],
                    *(share(faces["per_class"][emotion][key]) for key in KEYS),
                )
                for emotion in EMOTIONS
            ],
        ),
    ]
    if "by_source" in faces:
        lines += [
            "",
            *table(
                ("part", "faces", "accuracy", "macro recall"),
                [
                    (name, part["n"], share(part["accuracy"]), share(part["macro_recall"]))
                    for name, part in faces["by_source"].items()
                ],
            ),
        ]
    return lines


def degradations(card: Card) -> list[str]:
    found = card.evaluation
    if not found:
        return []
    sets = (found, found["faces"])
    clean = [part["degradations_clean"] for part in sets]
    rows: list[tuple[Any, ...]] = [
        ("as they are", *(cell for part in clean for cell in _cells(part)))
    ]
    for degradation in DEGRADATIONS:
        cells = [c for part in sets for c in _cells(part["degradations"][degradation.name])]
        rows.append((f"`{degradation.name}`: {degradation.words}", *cells))
    heads = ("accuracy", "macro recall", "cost")
    return [
        "## Hard conditions",
        "",
        f"Served head, left {found['usage']} against FER+ ({clean[0]['n']} faces), right the other "
        f"domain ({clean[1]['n']} faces): at most {MOST_PER_CLASS} of each class, drawn with a "
        "fixed seed and weighted so that accuracy means what it means for all. Cost: points of "
        "accuracy lost by the same faces, ± its standard error. Commands A and B.",
        "",
        *table(("crop", *heads, *heads), rows),
    ]


def _cells(part: dict[str, Any]) -> tuple[str, str, str]:
    cost = f"{part['cost']:.1f} ± {part['cost_se']:.1f}" if "cost" in part else ""
    return share(part["accuracy"]), share(part["macro_recall"]), cost
