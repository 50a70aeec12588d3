"""One song's judgements and history, in plain words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from catalog.desk.access import curators, songs_of_all
from catalog.desk.cards import card_of
from catalog.models import Annotation, Mood, Placement, Song
from catalog.models.judgements import Source
from catalog.opinions import WORDS
from moodmusic.templatetags.words import mood_name, signed

#: Judgements and history rows shown.
MOST_JUDGEMENTS, MOST_CHANGES = 200, 50
NAMES = {
    "album": gettext_lazy("Album"),
    "artist": gettext_lazy("Artist"),
    "credit": gettext_lazy("Credit"),
    "duration_s": gettext_lazy("Length"),
    "explicit": gettext_lazy("Explicit"),
    "genre": gettext_lazy("Genre"),
    "hidden": gettext_lazy("Hidden"),
    "isrc": gettext_lazy("ISRC"),
    "language": gettext_lazy("Language"),
    "licence": gettext_lazy("Licence"),
    "origin": gettext_lazy("Origin"),
    "origin_id": gettext_lazy("Name at its origin"),
    "title": gettext_lazy("Title"),
    "track_number": gettext_lazy("Track number"),
    "year": gettext_lazy("Year"),
}
#: Who judges beside people, without and with its name.
JUDGES = {
    Source.MODEL: (gettext_lazy("the model"), gettext_lazy("the model %(name)s")),
    Source.TABLE: (gettext_lazy("a table"), gettext_lazy("a table %(name)s")),
    Source.FOLDER: (gettext_lazy("a folder's name"), gettext_lazy("a folder's name %(name)s")),
    Source.GENERATOR: (gettext_lazy("the generator"), gettext_lazy("the generator %(name)s")),
}
#: How a judgement was given, by the kind of the edit that it is part of.
WAYS = {
    "blind": gettext_lazy("second label"),
    "bulk": gettext_lazy("with many songs"),
    "label": gettext_lazy("at the desk"),
}
#: Reasons as the history keeps them.
REASONS = {
    "demo catalogue": gettext_lazy("demo catalogue"),
    "hidden": gettext_lazy("hidden"),
    "import, folder": gettext_lazy("import, folder"),
    "label": gettext_lazy("label"),
    "listeners": gettext_lazy("listeners"),
    "many songs": gettext_lazy("many songs"),
    "moods, curator": gettext_lazy("moods, curator"),
    "moods, folder": gettext_lazy("moods, folder"),
    "moods, generator": gettext_lazy("moods, generator"),
    "moods, model": gettext_lazy("moods, model"),
    "point, curator": gettext_lazy("point, curator"),
    "shown": gettext_lazy("shown"),
    "undone: blind": gettext_lazy("undone: blind"),
    "undone: bulk": gettext_lazy("undone: bulk"),
    "undone: label": gettext_lazy("undone: label"),
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
        return str(WORDS[Source.LISTENER] % {"number": 1})  # by name it is nobody's business
    if one.source == Source.CURATOR:
        return str(one.author or _("a curator who has left"))
    plain, named = JUDGES[Source(one.source)]
    return named % {"name": one.detail} if one.detail else str(plain)


def _what(one: Annotation | Placement) -> str:
    if isinstance(one, Annotation):
        mood = mood_name(one.mood)
        if one.answers_id is not None:
            return _("takes back what was said of %(mood)s") % {"mood": mood.lower()}
        return mood if one.present else _("Not %(mood)s") % {"mood": mood.lower()}
    if one.answers_id is not None:
        return _("takes back a point")
    if one.valence is None or one.arousal is None:
        return _("Ambiguous") if one.ambiguous else _("Not ambiguous")
    point = {"valence": signed(one.valence), "arousal": signed(one.arousal)}
    if one.ambiguous:
        return _("At valence %(valence)s, arousal %(arousal)s, ambiguous") % point
    return _("At valence %(valence)s, arousal %(arousal)s") % point


def _how(one: Annotation | Placement) -> str:
    kind = one.edit.kind if one.edit else ""
    return str(WAYS.get(kind, ""))


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
                "who": newer.history_user or _("the server"),
                "reason": _reason(newer.history_change_reason or ""),
                "words": [_("Added to the catalogue")]
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
    def named(pk: int) -> dict[str, str]:
        return {"mood": mood_name(names[pk]) if pk in names else _("a mood")}

    return [
        *(_("%(mood)s added") % named(pk) for pk in sorted(after - before)),
        *(_("%(mood)s taken away") % named(pk) for pk in sorted(before - after)),
    ]


def _differences(newer: Any, older: Any) -> list[str]:
    """The plain fields that changed; moods are compared apart, for all rows at once."""
    words = []
    told = newer.diff_against(older, excluded_fields={"moods"}, foreign_keys_are_objs=True)
    for change in told.changes:
        name = NAMES.get(change.field, change.field.replace("_", " ").capitalize())
        words.append(f"{name}: {_value(change.old)} → {_value(change.new)}")
    return words


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _("nothing") if value in (None, "") else str(value)


def _reason(kept: str) -> str:
    """Why a row of the history was written, as the history keeps it, for people."""
    known, _before, table = kept.partition("imported from ")
    if table and not known:
        return _("imported from %(name)s") % {"name": table}
    return str(REASONS.get(kept, kept))
