"""One song's judgements and history, in plain words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from catalog.desk.access import curators, songs_of_all
from catalog.desk.cards import card_of
from catalog.models import Annotation, Mood, Placement, Song
from catalog.models.judgements import Source
from moodmusic.templatetags.words import signed

#: Judgements and history rows shown.
MOST_JUDGEMENTS, MOST_CHANGES = 200, 50
NAMES = {
    "artist": "artist",
    "track_number": "track number",
    "isrc": "ISRC",
    "duration_s": "length",
    "origin_id": "name at its origin",
}


@curators
@require_safe
def song(request: HttpRequest, song_id: UUID) -> HttpResponse:
    """All that was judged and changed, and the form for a judgement of one's own."""
    found = get_object_or_404(songs_of_all().prefetch_related("moods"), pk=song_id)
    context = {
        "card": card_of(request, found),
        "song": found,
        "judgements": judgements_of(found),
        "changes": changes_of(found),
        "edits": found.edits.select_related("by").order_by("-created_at")[:MOST_CHANGES],
    }
    return render(request, "catalog/desk_song.html", context)


def judgements_of(song: Song) -> list[dict[str, Any]]:
    """Every judgement, newest first: who or what, when, what, how sure, and whether it counts."""
    said = list(
        song.annotations.select_related("mood", "author", "edit").order_by("-pk")[:MOST_JUDGEMENTS]
    )
    placed = list(
        song.placements.select_related("author", "edit").order_by("-pk")[:MOST_JUDGEMENTS]
    )
    rows = [_row(one, {other.answers_id for other in said}) for one in said]
    rows += [_row(one, {other.answers_id for other in placed}) for one in placed]
    rows.sort(key=lambda row: row["at"], reverse=True)
    return rows


def _row(one: Annotation | Placement, taken_back: set[int | None]) -> dict[str, Any]:
    return {
        "at": one.created_at,
        "who": _who(one),
        "what": _what(one),
        "confidence": getattr(one, "confidence", None),
        "how": _how(one),
        "counts": one.answers_id is None and one.pk not in taken_back,
        "answer": one.answers_id is not None,
    }


def _who(one: Annotation | Placement) -> str:
    if one.source == Source.LISTENER:
        return "a listener"  # by name it is nobody's business
    if one.source == Source.CURATOR:
        return str(one.author or "a curator who has left")
    words = {"model": "the model", "table": "a table", "folder": "a folder's name"}
    return words.get(one.source, f"the {one.source}") + (f" {one.detail}" if one.detail else "")


def _what(one: Annotation | Placement) -> str:
    if isinstance(one, Annotation):
        if one.answers_id is not None:
            return f"takes back what was said of {one.mood.name.lower()}"
        return one.mood.name if one.present else f"Not {one.mood.name.lower()}"
    if one.answers_id is not None:
        return "takes back a point"
    if one.valence is None or one.arousal is None:
        return "Ambiguous" if one.ambiguous else "Not ambiguous"
    point = f"At valence {signed(one.valence)}, arousal {signed(one.arousal)}"
    return f"{point}, ambiguous" if one.ambiguous else point


def _how(one: Annotation | Placement) -> str:
    kind = one.edit.kind if one.edit else ""
    return {"blind": "second label", "bulk": "with many songs", "label": "at the desk"}.get(
        kind, ""
    )


def changes_of(song: Song) -> list[dict[str, Any]]:
    """The history's rows with what changed in each, newest first."""
    rows = list(song.history.select_related("history_user")[: MOST_CHANGES + 1])
    names = dict(Mood.objects.values_list("pk", "name"))
    moods: dict[int, set[int]] = {row.pk: set() for row in rows}
    held = apps.get_model("catalog", "HistoricalSong_moods")._default_manager
    for row, mood in held.filter(history_id__in=moods).values_list("history_id", "mood_id"):
        moods[row].add(mood)
    told = []
    for newer, older in zip(rows, [*rows[1:], None], strict=True):
        told.append(
            {
                "at": newer.history_date,
                "who": newer.history_user or "the server",
                "reason": newer.history_change_reason or "",
                "words": ["Added to the catalogue"]
                if newer.history_type == "+"
                else []
                if older is None
                else [
                    *_moods_changed(moods[newer.pk], moods[older.pk], names),
                    *_differences(newer, older),
                ],
            }
        )
    return told[:MOST_CHANGES]


def _moods_changed(after: set[int], before: set[int], names: dict[int, str]) -> list[str]:
    return [
        *(f"{names.get(pk, 'a mood')} added" for pk in sorted(after - before)),
        *(f"{names.get(pk, 'a mood')} taken away" for pk in sorted(before - after)),
    ]


def _differences(newer: Any, older: Any) -> list[str]:
    """The plain fields that changed; moods are compared apart, for all rows at once."""
    words = []
    told = newer.diff_against(older, excluded_fields={"moods"}, foreign_keys_are_objs=True)
    for change in told.changes:
        name = NAMES.get(change.field, change.field.replace("_", " "))
        words.append(f"{name.capitalize()}: {_value(change.old)} → {_value(change.new)}")
    return words


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)
