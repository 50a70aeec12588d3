"""Everything that is held of a listener, as one zip of JSON and CSV files."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.consent import CURRENT
from accounts.holdings import Row, Subject, holdings
from accounts.models import User
from moodmusic.problems import DomainError

#: Downloads that one listener may make in so many seconds: each reads all that is theirs.
EXPORTS, EXPORTS_PERIOD_S = 10, 3600
#: Bytes of own audio files that go in; the README names those that were left out.
FILES_MOST = 256 * 1024 * 1024
#: A zip of this size or less is never written to the disk.
IN_MEMORY = 4 * 1024 * 1024
#: Characters by which a spreadsheet takes a cell for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_write(*, user: User) -> IO[bytes]:
    """A zip of all that is held of the listener, as a file at its beginning.

    Rows are read and written a few at a time, so that memory stays bounded; the file has no name
    and is gone when it is closed. It is whole or not at all: nothing is sent before it is ready.

    Raises
    ------
    DomainError
        `throttled` (429) after `EXPORTS` in an hour.
    """
    _slow_down(user)
    subjects = [subject for holding in holdings() for subject in holding.subjects]
    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - handed to the caller
    try:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
            counts = {one.name: _write(archive, one, user) for one in subjects}
            left_out = _write_files(archive, user)
            _write_consent(archive)
            archive.writestr("README.txt", _readme(user, subjects, counts, left_out))
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def export_name(*, now: datetime) -> str:
    """The name under which a download is offered; it names nobody."""
    return f"moodmusic-{now:%Y-%m-%d}.zip"


def _slow_down(user: User) -> None:
    key = f"accounts:export:{user.pk}"
    cache.add(key, 0, EXPORTS_PERIOD_S)
    if cache.incr(key) > EXPORTS:
        raise DomainError(
            "throttled",
            _("That was often. Try again in an hour."),
            429,
            retry_after=EXPORTS_PERIOD_S,
        )


def _write(archive: zipfile.ZipFile, subject: Subject, user: User) -> int:
    """Both files of one subject; returns the number of rows."""
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in subject.rows(user):
            count += 1
            yield row

    with archive.open(f"{subject.name}.json", "w", force_zip64=True) as raw:
        _write_json(raw, counted())
    with archive.open(f"{subject.name}.csv", "w", force_zip64=True) as raw:
        _write_csv(raw, subject.rows(user))
    return count


def _write_json(raw: IO[bytes], rows: Iterable[Row]) -> None:
    """A list with a row on each line."""
    encode = DjangoJSONEncoder(ensure_ascii=False).encode
    # The wrapper gathers rows: compressing each by itself would take several times as long.
    with io.TextIOWrapper(raw, encoding="utf-8", newline="") as text:
        before = "[\n"
        for row in rows:
            text.write(before + encode(row))
            before = ",\n"
        text.write("\n]\n" if before == ",\n" else "[]\n")


def _write_csv(raw: IO[bytes], rows: Iterable[Row]) -> None:
    """A table with a head; a file without rows is empty."""
    with io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        writer = csv.writer(text)
        for number, row in enumerate(rows):
            if not number:
                writer.writerow(row)
            writer.writerow([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return value


def _write_files(archive: zipfile.ZipFile, user: User) -> list[str]:
    """The listener's own audio, as much as there is room for; the names of what is left out."""
    left_out, room = [], FILES_MOST
    for name, place in _own_files(user):
        try:
            if place is not None and (size := place.stat().st_size) <= room:
                archive.write(place, f"files/{name}", compress_type=zipfile.ZIP_STORED)
                room -= size
                continue
        except OSError:
            pass
        left_out.append(name)
    return left_out


def _own_files(user: User) -> Iterator[tuple[str, Path | None]]:
    for holding in holdings():
        if holding.files:
            yield from holding.files(user)


def _write_consent(archive: zipfile.ZipFile) -> None:
    """The text in force, as it is asked."""
    points = "\n\n".join(f"{heading}\n{words}" for heading, words in CURRENT.points)
    text = f"{CURRENT.title} ({CURRENT.version})\n\n{CURRENT.summary}\n\n{points}\n\n"
    archive.writestr("consent-text.txt", f"{text}{CURRENT.question}\n")


def _readme(
    user: User, subjects: list[Subject], counts: dict[str, int], left_out: list[str]
) -> str:
    here = timezone.localtime()
    width = max(len(subject.name) for subject in subjects)
    lines = [
        _("MoodMusic: everything that is kept of %(email)s") % {"email": user.email},
        _("Made on %(day)s.") % {"day": f"{here:%Y-%m-%d %H:%M %Z}"},
        "",
        _("Each subject is there twice: as JSON, exact, and as CSV for spreadsheets, where a text "
          "that a spreadsheet would take for a formula has an apostrophe in front."),
        _("There are no pictures of your face: each was deleted as soon as it had been read."),
        "",
        *(
            f"{subject.name:<{width}}  {counts[subject.name]:>7}  {subject.about}"
            for subject in subjects
        ),
        "",
        _("consent-text.txt is the text about reading expressions that is in force."),
    ]  # fmt: skip
    if left_out:
        lines += ["", _("Audio files that were missing or too large to go in:"), *left_out]
    why_not = {
        label: reason for holding in holdings() for label, reason in holding.not_told.items()
    }
    lines += ["", _("Not in here, and why:")]
    lines += [f"{label}: {reason}" for label, reason in why_not.items()]
    return "\n".join(lines) + "\n"
