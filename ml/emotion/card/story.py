"""Sections of the Markdown card around the figures: what it is for, trained on, compared with."""

from __future__ import annotations

from typing import Any

from ml.emotion.card.cells import minutes, share, table
from ml.emotion.card.files import Card

#: Rows, about, that the training run gets: every so many epochs one.
HISTORY_ROWS = 12


def head(card: Card) -> list[str]:
    network = card.evaluation.get("network", {})
    size = ""
    if network:
        size = (
            f", {network['parameters']:,} weights, {network['mmac']} million multiply-adds for a"
            " crop"
        )
    return [
        "# Model card: the expression network",
        "",
        "Written by `make evaluate` from the JSON files beside the weights; do not edit.",
        "",
        f"- Version `{card.manifest.get('version', 'none')}`, weights sha256 "
        f"`{card.manifest.get('weights_sha256', 'none')}`",
        f"- Measured on {card.evaluation.get('date', 'no day: no evaluation of these weights')}",
        f"- A residual convolutional network{size}; two heads on one trunk, one speaking the "
        "FER2013 labels (for comparison), one the FER+ votes (served)",
        "- Input: one aligned 48 x 48 grey crop; answer: seven probabilities, averaged over the "
        "crop and its mirror image, made honest by one temperature",
    ]


def purpose(card: Card) -> list[str]:
    unsure = card.manifest.get("unsure_below")
    below = "its threshold" if unsure is None else share(unsure)
    return [
        "## Use",
        "",
        "**For:** suggesting a mood to choose music by, to a listener who asked for it, sees how "
        f"sure the answer is and can overrule it. Below {below} the answer is called unsure.",
        "",
        "**Not for:** any diagnosis or judgement of health; hiring, schooling, credit, police or "
        "border work; watching people who did not ask; finding out what somebody feels. An "
        "expression is not a feeling. Reading the emotions of staff, pupils or students is "
        "forbidden in the European Union (AI Act, Article 5(1)(f)).",
    ]


def baselines(card: Card) -> list[str]:
    lines = [
        "## Compared here",
        "",
        "Fitted to FER2013 Training and tested on PublicTest like the network: the deep ones from "
        "scratch by its recipe (both heads, augmentation, mirror averaging, temperature; "
        "ResNet50V2 with a peak rate of .004, since it does not learn with .1), for as many "
        "multiply-adds as its training took or for the minutes named in the command, whichever is "
        "less; the support vector machines once for each kind of label, penalty and kernel width "
        "chosen on training rows. One run each.",
        "",
    ]
    rows: list[tuple[Any, ...]] = []
    if card.evaluation:
        rows.append((f"**this network** `{card.manifest['version']}`", *_compared(card.evaluation),
                     minutes(sum(e["seconds"] for e in card.history)), "1.0"))  # fmt: skip
    for entry in card.baselines.values():
        spent = entry.get("budget_share")
        rows.append(
            (entry["words"], *_compared(entry), minutes(entry["seconds"]),
             "" if spent is None else f"{spent:.1f}")
        )  # fmt: skip
    lines += table(
        ("system", "FER2013", "without copies", "macro F1", "FER+", "ECE", "surest 70 %",
         "minutes", "share of budget"),
        rows,
    )  # fmt: skip
    if card.baselines:
        lines += [
            "",
            *(
                f"- {entry['words']}: `{entry['command']}`, {entry['date']}, weights "
                f"`{entry['weights_sha256'][:12]}`{_budget(entry)}"
                for entry in card.baselines.values()
            ),
        ]
    return lines


def _budget(entry: dict[str, Any]) -> str:
    return f", budget of network `{entry['budget_of']}`" if "budget_of" in entry else ""


def _compared(entry: dict[str, Any]) -> tuple[str, ...]:
    keys = ("accuracy", "accuracy_dedup", "macro_f1", "ferplus7_accuracy", "ece",
            "selective_accuracy_70")  # fmt: skip
    return tuple("" if entry.get(key) is None else share(entry[key]) for key in keys)


def claims(card: Card) -> list[str]:
    if not card.claims:
        return []
    keys = ("name", "figure", "set", "protocol", "stands")
    return [
        "## What others claim",
        "",
        "As published or measured elsewhere, on splits that are not the one above. One "
        "network with both figures (WuJie1010) reads PrivateTest 1.7 points better than "
        "PublicTest.",
        "",
        *table(
            ("system", "figure", "set", "protocol", "does it stand?"),
            [tuple(claim[key] for key in keys) for claim in card.claims],
        ),
    ]


def training(card: Card) -> list[str]:
    lines = [
        "## Training",
        "",
        "| data | rows | use | terms |",
        "|---|---|---|---|",
        "| FER2013 Training | 28,709 | fitting | photos found by a web search; their authors "
        "state no open licence: used locally, never part of this repository |",
        "| FER+ votes for the same rows | 28,709 | fitting | MIT |",
        "| FER2013 and FER+ PublicTest | 3,589 | choosing recipe, temperature and threshold; the "
        "figures above | the same |",
        "| press photos and film stills | see above | testing only | local evaluation only |",
    ]
    if not card.history:
        return lines
    every = -(-len(card.history) // HISTORY_ROWS)
    shown = [e for e in card.history if e["epoch"] % every == 0 or e is card.history[-1]]
    whole = minutes(sum(e["seconds"] for e in card.history))
    return [
        *lines,
        "",
        f"{len(card.history)} epochs in {whole} minutes: `{train_command(card)}`. All choices: "
        f"{_recipe(card.manifest['training'].get('recipe', {}))}. PublicTest accuracy is that of "
        "the averaged weights.",
        "",
        *table(
            ("epoch", "crop side", "loss", "FER2013 PublicTest", "FER+ PublicTest"),
            [
                (e["epoch"], e["side"], f"{e['loss']:.3f}", share(e["public_accuracy"]),
                 share(e["public_ferplus7"]))
                for e in shown
            ],
        ),
    ]  # fmt: skip


def train_command(card: Card) -> str:
    """The command that trains this network again."""
    recipe = card.manifest["training"].get("recipe", {})
    flags = {
        "phases": ",".join(f"{epochs}x{side}" for epochs, side in recipe.get("phases", [])),
        "widths": ",".join(str(width) for width in card.manifest["network"]["widths"]),
        "precision": recipe.get("precision", "float32"),
        "seed": recipe.get("seed", ""),
    }
    given = " ".join(f"--{name} {value}" for name, value in flags.items() if value)
    return f"python -m ml.emotion train --data fer2013.csv.bz2 --ferplus fer2013new.csv {given}"


def _recipe(recipe: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in sorted(recipe.items()))


def trials(card: Card) -> list[str]:
    if not card.trials:
        return []
    return [
        "## Hyper-parameters tried",
        "",
        "Scored on PublicTest. Size and speed are of a 48 px crop: millions of multiply-adds of "
        "one pass, milliseconds of one face read alone (both mirror images) on two processor "
        "cores. Short runs by `python -m ml.emotion trials --data fer2013.csv.bz2 --ferplus "
        "fer2013new.csv`.",
        "",
        *table(
            ("what", "epochs", "parameters", "MMAC", "ms", "FER2013", "FER+", "minutes", "date"),
            [
                (t["what"], t["epochs"], f"{t['parameters']:,}", f"{t['mmac']:.0f}",
                 f"{t['ms']:.1f}", share(t["public_accuracy"]), share(t["public_ferplus7"]),
                 t["minutes"], t["date"])
                for t in card.trials
            ],
        ),
    ]  # fmt: skip


def limits(card: Card) -> list[str]:
    return [
        "## What the data cannot tell",
        "",
        "- **Age, skin colour, sex, culture.** No row of FER2013, FER+ or the other domain says "
        "who is shown, so how well the network reads different people has not been measured, and "
        "no figure here promises that it reads them alike. Dark skin is rare in sets of this kind "
        "(about 2 % of AffectNet) and read less well (F1 lower by up to .08; TrustSkin, arXiv "
        "2505.20637).",
        "- **Feelings.** The labels are what onlookers saw in a still picture: one person for "
        "FER2013 (who agrees with ten others on 66 % of faces), ten for FER+. Nobody asked the "
        "person shown.",
        "- **Posed or real.** Many pictures are acted or press pictures; everyday faces are "
        "weaker.",
        "- **Rare emotions.** Disgust is 1.5 % of the training rows, fear 3 % by FER+ votes. "
        "Contempt is learned but not served.",
        "- **Movement.** A reading is of still frames.",
        "- **Copies.** 280 rows of PublicTest are pixel copies of training rows and more are near "
        "copies: trust the figure without copies first.",
    ]
