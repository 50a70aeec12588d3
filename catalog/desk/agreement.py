"""First and second labels of the same songs, and how far they agree."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.models import Edit, Mood
from ml.mood.agreement import Agreement, kappa_of, kappa_overall

#: Kappa from which on it is called so (Landis and Koch 1977, Biometrics 33:159-174).
WORDS = (
    (0.8, gettext_lazy("almost perfect")),
    (0.6, gettext_lazy("substantial")),
    (0.4, gettext_lazy("moderate")),
    (0.2, gettext_lazy("fair")),
    (0.0, gettext_lazy("slight")),
    (-1.0, gettext_lazy("poor")),
)


def label_pairs() -> list[tuple[set[str], set[str]]]:
    """(moods of the first label, moods of the second) for every song labelled twice.

    The second was given blind; the first is the last that another curator had given by then.
    What was undone counts for nothing.
    """
    seconds = list(Edit.objects.filter(kind=Edit.Kind.BLIND, undone_at=None).order_by("created_at"))
    firsts: dict[Any, list[Edit]] = {}
    for first in Edit.objects.filter(
        kind=Edit.Kind.LABEL, undone_at=None, song__in={second.song_id for second in seconds}
    ).order_by("created_at"):
        firsts.setdefault(first.song_id, []).append(first)
    pairs = []
    for second in seconds:
        before = [
            first
            for first in firsts.get(second.song_id, [])
            if first.created_at < second.created_at and first.by_id != second.by_id
        ]
        if before:
            pairs.append((set(before[-1].what["moods"]), set(second.what["moods"])))
    return pairs


def agreements() -> list[dict[str, Any]]:
    """A row for all moods together and one for each mood, with counts, kappa and interval."""
    moods = list(Mood.objects.all())
    pairs = label_pairs()
    shape = (len(pairs), len(moods))
    first, second = (
        np.array([[mood.slug in pair[side] for mood in moods] for pair in pairs]).reshape(shape)
        for side in (0, 1)
    )
    rows = [_row("", _("All moods"), kappa_overall(first, second))]
    for at, mood in enumerate(moods):
        rows.append(_row(mood.slug, mood.name, kappa_of(first[:, at], second[:, at])))
    return rows


def _row(slug: str, name: str, found: Agreement) -> dict[str, Any]:
    """Plain numbers; None for what cannot be told."""

    def known(value: float) -> float | None:
        return None if math.isnan(value) else round(value, 4)

    kappa = known(found.kappa)
    return {
        "slug": slug,
        "name": name,
        "n": found.n,
        "both": found.both,
        "first": found.first,
        "second": found.second,
        "neither": found.neither,
        "observed": known(found.observed),
        "kappa": kappa,
        "low": known(found.low),
        "high": known(found.high),
        "words": ""
        if kappa is None
        else str(next(words for least, words in WORDS if kappa >= least)),
    }
