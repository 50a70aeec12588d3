"""The journal as a file: JSON as it is, or CSV with a row for each reading."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from emotions.journal.periods import Period
from emotions.journal.tallies import readings_in
from emotions.models import Reading
from emotions.selectors import valence_arousal_in_force
from moodmusic.problems import DomainError
from recommendations.journal.after import answers_of
from recommendations.models import MoodAfter

FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
COLUMNS = (
    "id", "time", "source", "emotion", "read_as", "confidence", "unsure", "said", "valence",
    "arousal", "note", "after",
)  # fmt: skip
#: What a spreadsheet would take for a formula; such a text gets an apostrophe before it, as does
#: one that begins with an apostrophe, so that reading the file back is exact.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")
#: Rows read at once.
CHUNK = 1000


def records_of(*, user: User, period: Period) -> Iterator[dict[str, Any]]:
    """One record for each reading, oldest first, times with the listener's offset from UTC.

    `emotion`, `valence` and `arousal` are in force; `read_as` is what the face was read as (null
    by hand), `said` the listener's correction (null for none).
    """
    answers: dict[Any, list[dict[str, Any]]] = {}
    lists = answers_of(user=user).filter(song_list__reading__created_at__gte=period.start)
    for one in lists.select_related("song_list").order_by("closed_at", "pk"):
        answers.setdefault(one.song_list.reading_id, []).append(_after(one))
    readings = readings_in(user=user, period=period).order_by("created_at", "pk")
    for reading in readings.defer("network_probabilities", "burst").iterator(CHUNK):
        yield _record(reading, answers.get(reading.pk, []))


def _record(reading: Reading, after: list[dict[str, Any]]) -> dict[str, Any]:
    face = reading.source == Reading.Source.FACE
    valence, arousal = valence_arousal_in_force(reading)
    if not reading.corrected_to:
        valence, arousal = reading.valence, reading.arousal
    return {
        "id": str(reading.pk),
        "time": timezone.localtime(reading.created_at).isoformat(),
        "source": reading.source,
        "emotion": reading.emotion,
        "read_as": reading.label if face else None,
        "confidence": reading.confidence if face else None,
        "unsure": reading.unsure,
        "said": reading.corrected_to or None,
        "valence": valence,
        "arousal": arousal,
        "note": reading.note,
        "after": after,
    }


def _after(one: MoodAfter) -> dict[str, Any]:
    return {
        "goal": one.song_list.goal,
        "answer": one.answer,
        "emotion": one.emotion or None,
        "valence": one.valence,
        "arousal": one.arousal,
        "time": timezone.localtime(one.closed_at).isoformat(),
    }


def journal_json(*, user: User, period: Period) -> str:
    """`{"moodmusic_journal": 1, "readings": [...]}`, a line for each reading."""
    rows = (json.dumps(row, ensure_ascii=False) for row in records_of(user=user, period=period))
    return '{"moodmusic_journal": 1, "readings": [\n' + ",\n".join(rows) + "\n]}\n"


def journal_csv(*, user: User, period: Period) -> str:
    """A table with a header; empty cells for null, `after` as JSON."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for record in records_of(user=user, period=period):
        writer.writerow([_cell(name, record[name]) for name in COLUMNS])
    return file.getvalue()


def _cell(name: str, value: Any) -> Any:
    if name == "after":
        return json.dumps(value, ensure_ascii=False) if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else value


def journal_file(*, user: User, period: Period, format: str) -> HttpResponse:
    """The journal of a period to keep.

    Raises
    ------
    DomainError
        unknown_format 400.
    """
    if format not in FORMATS:
        words = _("The journal can be had as %(formats)s.") % {"formats": ", ".join(FORMATS)}
        raise DomainError("unknown_format", words)
    made = journal_csv if format == "csv" else journal_json
    response = HttpResponse(made(user=user, period=period), content_type=FORMATS[format])
    response["Content-Disposition"] = f'attachment; filename="moodmusic-journal.{format}"'
    return response
