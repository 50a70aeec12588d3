"""Sections of the book on lists: finding plays, the learning curve, lists for a mood."""

from __future__ import annotations

from typing import Any

from ml.recommend.card.told import Comparison, Plot, Table, Told, figure, spread, verdict

Figures = dict[str, Any]
Rivals = list[dict[str, Any]]

METHODS = {
    "popularity": "the most played for everybody",
    "item_knn": "artists with the same listeners (item-kNN)",
    "als": "ALS alone",
    "ours": "ours",
    "ours_wide": "ours, wider reach",
    "ours_tags": "ours with tags",
}
MEASURES = {
    "recall@10": "Recall@10",
    "ndcg@10": "NDCG@10",
    "hit@10": "Hit@10",
    "mrr@10": "MRR@10",
    "coverage@10": "coverage@10",
    "popularity_lift@10": "popularity lift@10",
}
#: As many as the published tables have.
DIGITS = 4
LIFT_DIGITS = 2
#: Those on which others have figures to beat.
COMPARED = ("recall@10", "ndcg@10")


def plays(found: Figures, rivals: Rivals) -> Told:
    """Every method, ours and others', and ours against the best of the others."""
    best = {name: max(rival["figures"][name] for rival in rivals) for name in COMPARED}
    comparisons = {
        (method, name): Comparison(one[name]["mean"], best[name], DIGITS)
        for method, one in found["methods"].items()
        if method.startswith("ours")
        for name in COMPARED
    }
    rows = [
        (METHODS[method], *(_known(one, name) for name in MEASURES))
        for method, one in found["methods"].items()
    ]
    published = [
        (f"{rival['name']}, published",
         *(figure(rival["figures"].get(name), DIGITS) for name in MEASURES))
        for rival in rivals
    ]  # fmt: skip
    return Told(
        facts=f"{found['users']:,} listeners, {found['items']:,} artists, "
        f"{found['interactions']:,} pairs of them; {found['seeds']} random splits 8:1:1, ± is the "
        "standard deviation over them. Hyper-parameters were chosen on the validation parts, "
        "broadly on the first and near those on the others. “Wider reach” gives later places to "
        "less famous artists. “With tags” reads tags too, but for those that a listener gave to a "
        "hidden artist; MHCN and SEPT read friendships.",
        tables=(
            Table("Measured here, and published by others",
                  ("method", *MEASURES.values()), (*rows, *published)),
            Table("Ours against the best figure of others",
                  ("method", "measure", "ours", "to beat", "difference"),
                  tuple((METHODS[method], MEASURES[name], figure(one.ours, DIGITS),
                         figure(one.beat, DIGITS), one.cell)
                        for (method, name), one in comparisons.items())),
        ),
        verdict=verdict(comparisons.values()),
    )  # fmt: skip


def _known(one: Figures, name: str) -> str:
    digits = LIFT_DIGITS if name == "popularity_lift@10" else DIGITS
    return spread(one[name], digits) if name in one else figure(None)


def curve(found: Figures, rivals: Rivals) -> Told:
    """A row for each number of known plays."""
    numbers = tuple(found["curve"])
    to_beat = rivals[0]["figures"]
    comparisons = {
        number: Comparison(found["curve"][number]["mean"], to_beat.get(number))
        for number in numbers
    }
    drawn = {"ours": "curve", "plain ALS": "plain_als", "most played": "popularity"}
    lines = {
        words: tuple(found[key][number]["mean"] for number in numbers)
        for words, key in drawn.items()
    }
    return Told(
        facts=f"{found['listeners']} listeners held out in each of {found['samples']} samples. "
        "Means over these of NDCG@10 on 20 hidden artists, ± is the standard error over the "
        "listeners. Plain ALS is a common recipe, folded in for the same listeners (the most "
        "played where nothing is known). The figures to beat are those of the same recipe in an "
        "earlier sample, in which the most played alone found .108.",
        tables=(
            Table(
                "Lists after so many known plays",
                ("plays", *lines, "earlier sample", "ours against it"),
                tuple(
                    (
                        number,
                        f"{figure(lines['ours'][place])} ± "
                        + figure(found["curve"][number]["standard_error"]),
                        figure(lines["plain ALS"][place]),
                        figure(lines["most played"][place]),
                        figure(one.beat),
                        one.cell,
                    )
                    for place, (number, one) in enumerate(comparisons.items())
                ),
            ),
        ),
        plots=(Plot("curve", "Lists after so many known plays", "known plays", "NDCG@10",
                    numbers, lines),),
        verdict=verdict(comparisons.values()),
    )  # fmt: skip


def _beside(one: Comparison) -> str:
    return figure(one.beat) if one.beat is None else f"{figure(one.beat)} ({one.cell})"


def mood_lists(found: Figures, rivals: Rivals) -> Told:
    """A row for each number of known plays, for each way of making the list."""
    to_beat: Figures = {}
    for rival in rivals:
        to_beat |= rival["figures"]
    methods = {
        "mood": "mood alone",
        "collaborative": "community alone",
        "blend": "both, blended",
        "product": "both, as lists are made here",
    }
    drawn = tuple(methods)[:3]
    rows = found["plays"]
    comparisons = [
        [
            Comparison(one[key]["mean"], to_beat.get(key, {}).get(number))
            for key in drawn
        ]
        for number, one in rows.items()
    ]  # fmt: skip
    return Told(
        facts=f"{found['pairs']} pairs of {found['listeners']} listeners and a mood, "
        f"{found['artists']:,} artists, {found['seeds']} draws of the hidden half; ± is the "
        "standard deviation over them, ± of the gain its standard error. Gain: both blended over "
        "the better one alone. NDCG@10. What the listener called them is never used; weights are "
        "chosen on other listeners.",
        tables=(
            Table(
                "Lists for a mood",
                ("known plays", *methods.values(), "gain"),
                tuple(
                    (number, *(spread(one[key]) for key in methods), spread(one["gain"]))
                    for number, one in rows.items()
                ),
            ),
            Table(
                "The figures to beat, and in brackets ours less those",
                ("known plays", *(methods[key] for key in drawn)),
                tuple(
                    (number, *(_beside(one) for one in compared))
                    for number, compared in zip(rows, comparisons, strict=True)
                ),
            ),
        ),
        plots=(
            Plot("mood-lists", "Lists for a mood after so many known plays", "known plays",
                 "NDCG@10", tuple(rows),
                 {words: tuple(one[key]["mean"] for one in rows.values())
                  for words, key in (("both", "blend"), ("community", "collaborative"),
                                     ("mood", "mood"))}),
        ),
        verdict=verdict(one for compared in comparisons for one in compared),
    )  # fmt: skip
