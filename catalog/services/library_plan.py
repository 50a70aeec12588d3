"""What is to become of a batch of files that were read; nothing is written here.

Each file goes one way: a new song, a further file of a song there is, a file that changed or moved,
or nothing new. A dry run ends with this.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import AudioFile, Song
from catalog.services.imports import Problem
from catalog.services.shelves import Found, Shelf

ORIGIN = "folder"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How files are imported: whose songs they become, under which licence, and who says so."""

    owner_id: int | None
    licence: str
    copied: bool
    by: User | None


@dataclass(slots=True)
class Plan:
    """What is to be written.

    Attributes
    ----------
    songs : new songs, with the file each is made of
    files : new rows of files
    moved : rows whose file has another place, and nothing else
    changed : rows whose file has another content, with the file as it is now
    seen : rows whose file has another date, or is back, and nothing else
    moods : (song, mood, name of the folder) -> whether the song has it
    counts : how many files went which way, see `Tally`
    """

    songs: list[tuple[Song, Found]] = field(default_factory=list)
    files: list[AudioFile] = field(default_factory=list)
    moved: list[AudioFile] = field(default_factory=list)
    changed: list[tuple[AudioFile, Found]] = field(default_factory=list)
    seen: list[AudioFile] = field(default_factory=list)
    moods: dict[tuple[UUID, int, str], bool] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)

    @property
    def writes(self) -> bool:
        """Whether there is anything to write."""
        lists = (self.songs, self.files, self.moved, self.changed, self.seen, self.moods)
        return any(lists)

    def judge(self, song_id: UUID, mood: tuple[int, str] | None, *, present: bool = True) -> None:
        """Note what a folder says of a song."""
        if mood is not None:
            key, name = mood
            self.moods[song_id, key, name] = present


def batch_plan(
    *,
    found: Collection[Found],
    known: dict[str, AudioFile],
    shelf: Shelf,
    wishes: Wishes,
    mood_before: Callable[[str], tuple[int, str] | None] = lambda path: None,
) -> Plan:
    """Decide what becomes of each file.

    Parameters
    ----------
    known : rows of these files by place (see `files_known`), read in the same transaction
    mood_before : path of a file -> the mood its folder said, for files that have moved
    """
    plan = Plan()
    shelf.load(found)
    for one in found:
        row = known.get(one.source or one.path)
        if row is not None:
            _known_again(plan, row, one, wishes, shelf)
            continue
        moved = shelf.moved.pop(one.file.digest, None)
        if moved is not None and not wishes.copied and not moved.location.exists():
            plan.judge(moved.song_id, mood_before(moved.path), present=False)
            plan.judge(moved.song_id, one.mood)
            moved.path = one.path
            as_read(moved, one)
            plan.moved.append(moved)
            plan.counts["updated"] += 1
            continue
        song_id = shelf.song_of(one)
        if song_id is None:
            song = _song(one, wishes)
            song_id = song.pk
            plan.songs.append((song, one))
            plan.counts["created"] += 1
        elif one.path in shelf.copies:
            plan.judge(song_id, one.mood)
            plan.counts["unchanged"] += 1
            continue
        else:
            plan.counts["updated"] += 1
        shelf.add(song_id, one)
        plan.judge(song_id, one.mood)
        row = AudioFile(song_id=song_id, path=one.path, copied=wishes.copied, source=one.source)
        as_read(row, one)
        plan.files.append(row)
    return plan


def _known_again(plan: Plan, row: AudioFile, one: Found, wishes: Wishes, shelf: Shelf) -> None:
    """A file whose place is known, but which is not as it was at the last look."""
    if row.song.owner_id != wishes.owner_id:
        refuse_foreign(plan, one.entry.place)
        return
    plan.judge(row.song_id, one.mood)
    same, back = row.digest == one.file.digest, row.missing_since is not None
    if not same and one.path in shelf.copies:
        # A source that became a copy of another: what was copied of it is not thrown away.
        plan.counts["unchanged"] += 1
        return
    plan.counts["unchanged" if same and not back else "updated"] += 1
    if same:
        as_read(row, one)
        plan.seen.append(row)
    else:
        plan.changed.append((row, one))
        shelf.copies.add(one.path)


def refuse_foreign(plan: Plan, place: str) -> None:
    """A file that is part of another owner's songs, or of everybody's."""
    detail = _("This file belongs to songs that were imported for somebody else, or for everybody.")
    plan.problems.append(Problem(place, "belongs_to_others", detail))
    plan.counts["refused"] += 1


def as_read(row: AudioFile, one: Found) -> None:
    """Take what was read of a file into its row."""
    for name in (
        "size", "modified_ns", "digest", "content_type", "duration_s", "sample_rate", "channels",
        "bitrate_kbps",
    ):  # fmt: skip
        setattr(row, name, getattr(one.file, name))
    row.missing_since = None


def _song(one: Found, wishes: Wishes) -> Song:
    """A new song of a file, still without artist and album."""
    file = one.file
    return Song(
        title=one.title,
        track_number=file.track_number,
        year=file.year,
        genre=file.genre,
        language=file.language,
        isrc=file.isrc,
        duration_s=file.duration_s,
        licence=wishes.licence,
        origin=ORIGIN,
        owner_id=wishes.owner_id,
        has_files=True,
    )
