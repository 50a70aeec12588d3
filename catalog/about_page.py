"""The page that says how moods are suggested for songs, and how well."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog.analysis import suggester
from catalog.models import Mood
from ml.artifacts import ArtifactError, read_json
from ml.mood.suggest import FIGURES, HOME, Suggester


@require_safe
def about_moods(request: HttpRequest) -> HttpResponse:
    """How songs' moods are suggested, from the figures that lie beside the model."""
    try:
        model: Suggester | None = suggester()
    except ArtifactError:
        model = None
    found: dict[str, Any] = read_json(FIGURES, {})
    served = found.get("served", {})
    if model is None or served.get("model") != model.name:
        found = {}  # figures of another model are no claim about this one
    names = dict(Mood.objects.values_list("slug", "name"))
    context = {
        "model": model,
        "own": (settings.MODELS_DIR / HOME.name).is_file(),
        "suggested": [(mood, names.get(mood, mood)) for mood in sorted(model.suggested)]
        if model
        else [],
        "found": found,
        "served": served if found else {},
        "per_mood": [
            {"mood": mood, "name": names.get(mood, mood), **row}
            for mood, row in served.get("per_mood", {}).items()
        ],
        "methods": [
            {"name": name, "best": name == found["best"], **row}
            for name, row in found.get("methods", {}).items()
        ],
        "plane": _plane(found.get("plane")),
    }
    return render(request, "catalog/about_moods.html", context)


def _plane(found: dict[str, Any] | None) -> dict[str, Any] | None:
    if not found:
        return None
    axes = [{"axis": axis, **found[axis]} for axis in ("valence", "arousal")]
    for one in axes:
        one["nothing"] = one["model"]["low"] <= 0
    return {"songs": found["songs"], "axes": axes}
