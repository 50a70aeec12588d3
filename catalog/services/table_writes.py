"""What rows of a table become: songs with artists and albums, judgements, history."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from accounts.models import User
from catalog.models import Album, Annotation, Artist, Mood, Placement, Song
from catalog.services.consensus import BATCH, consensus_apply, ids_in_batches
from catalog.services.history import history_write
from catalog.tables.rows import Row

#: Who made songs of tables that name nobody.
UNKNOWN_ARTIST = "Unknown artist"
#: Fields that a row's values replace; where a row is silent, the song keeps its own.
REPLACED = (
    "title", "track_number", "year", "genre", "language", "explicit", "isrc", "duration_s",
    "licence", "credit",
)  # fmt: skip
_WRITTEN = [*REPLACED, "artist", "album", "origin", "origin_id", "hidden", "features", "revision"]

#: (mood, source, present, detail): a judgement that stands already is not written again.
Said = tuple[int, str, bool, str]
#: (source, valence, arousal, ambiguous, detail)
Put = tuple[str, float | None, float | None, bool, str]


@dataclass(slots=True)
class Planned:
    """What rows of one batch are: new songs, and songs that are known.

    `known` has (song, row, whether the row's values replace the song's).
    """

    new: list[tuple[Song, Row]] = field(default_factory=list)
    known: list[tuple[UUID, Row, bool]] = field(default_factory=list)


def song_new(row: Row, revision: int) -> Song:
    """A song of a row, as yet without artist and album."""
    return Song(
        id=row.id or uuid4(),
        title=row.title or row.stand_in,
        track_number=row.track_number,
        year=row.year,
        genre=row.genre,
        language=row.language,
        explicit=row.explicit,
        isrc=row.isrc,
        duration_s=row.duration_s or 0.0,
        licence=row.licence,
        credit=row.credit,
        piece=row.piece,
        origin=row.origin,
        origin_id=row.origin_id,
        hidden=row.hidden,
        features=row.features,
        revision=revision,
    )


class Writer:
    """Writes batches of one import; remembers artists, albums and moods between them."""

    def __init__(self, *, by: User | None, reason: str) -> None:
        self.by, self.reason = by, reason
        self._artists: dict[str, int] = {}
        self._albums: dict[tuple[int, str], int] = {}
        self._moods = dict(Mood.objects.values_list("slug", "pk"))

    def write(self, planned: Planned, revision: int, *, dry_run: bool) -> int:
        """Write a batch in the caller's transaction; returns how many known songs' rows changed
        something. With `dry_run` nothing is written and the number is what it would be."""
        replaced = self._replaced(planned, revision, dry_run)
        judgements, judging = self._judgements(planned)
        placements, placing = _placements(planned)
        changed = replaced | judging | placing
        if not dry_run:
            self._names_give(planned)
            Song.objects.bulk_create([song for song, _ in planned.new], batch_size=BATCH)
            Annotation.objects.bulk_create(judgements, batch_size=BATCH)
            Placement.objects.bulk_create(placements, batch_size=BATCH)
            self._follow(planned, replaced, judgements, placements, revision)
        return len(changed)

    def _follow(
        self,
        planned: Planned,
        replaced: set[int],
        judgements: list[Annotation],
        placements: list[Placement],
        revision: int,
    ) -> None:
        """Derive moods, and write down who changed what."""
        judged = {one.song_id for one in judgements} | {one.song_id for one in placements}
        followed: set[UUID] = set()
        for song_ids in ids_in_batches(sorted(judged)):
            followed.update(consensus_apply(song_ids=song_ids, revision=revision))
        created = [song.pk for song, _ in planned.new]
        followed |= {planned.known[number][0] for number in replaced}
        followed -= set(created)
        history_write(song_ids=created, by=self.by, reason=self.reason, created=True)
        history_write(song_ids=followed, by=self.by, reason=self.reason)

    def _replaced(self, planned: Planned, revision: int, dry_run: bool) -> set[int]:
        """Let rows' values replace those of known songs; numbers of the rows that differed."""
        wanted = {pk: number for number, (pk, _, replaces) in enumerate(planned.known) if replaces}
        if not wanted:
            return set()
        differing: dict[UUID, Song] = {}
        songs = Song.objects.filter(pk__in=wanted).select_related("artist", "album")
        for song in songs:
            row = planned.known[wanted[song.pk]][1]
            if self._replace(song, row, dry_run):
                song.revision = revision
                differing[song.pk] = song
        if not dry_run:
            # One statement with all values, where an UPDATE would need a case for each of them.
            Song.objects.bulk_create(
                differing.values(),
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=_WRITTEN,
            )
        return {wanted[pk] for pk in differing}

    def _replace(self, song: Song, row: Row, dry_run: bool) -> bool:
        differs = False
        for name in REPLACED:
            value = getattr(row, name)
            if value not in ("", None) and value != getattr(song, name):
                setattr(song, name, value)
                differs = True
        features = {**song.features, **row.features}
        if features != song.features:
            song.features, differs = features, True
        if row.id is not None and row.hidden != song.hidden:
            song.hidden, differs = row.hidden, True
        if row.origin_id and not song.origin_id:
            song.origin, song.origin_id, differs = row.origin, row.origin_id, True
        artist = row.artist or song.artist.name
        album = row.album or (song.album.title if song.album else "")
        album_now = song.album.title if song.album else ""
        if (artist, album) != (song.artist.name, album_now):
            differs = True
            if not dry_run:
                self._ensure({artist}, {})
                song.artist_id = self._artists[artist]
                self._ensure(set(), {(song.artist_id, album): row.year} if album else {})
                song.album_id = self._albums.get((song.artist_id, album))
        return differs

    def _names_give(self, planned: Planned) -> None:
        """Give new songs their artists and albums, which are made where there are none."""
        names = {row.artist or UNKNOWN_ARTIST for _, row in planned.new}
        self._ensure(names, {})
        albums: dict[tuple[int, str], int | None] = {}
        for song, row in planned.new:
            song.artist_id = self._artists[row.artist or UNKNOWN_ARTIST]
            if row.album:
                albums.setdefault((song.artist_id, row.album), row.year)
        self._ensure(set(), albums)
        for song, row in planned.new:
            song.album_id = self._albums.get((song.artist_id, row.album))

    def _ensure(self, names: set[str], albums: dict[tuple[int, str], int | None]) -> None:
        missing = sorted(names - self._artists.keys())
        if missing:
            Artist.objects.bulk_create(
                [Artist(name=name) for name in missing], ignore_conflicts=True
            )
            found = Artist.objects.filter(name__in=missing)
            self._artists.update(found.values_list("name", "pk"))
        absent = {key: year for key, year in albums.items() if key not in self._albums}
        if absent:
            Album.objects.bulk_create(
                [
                    Album(artist_id=artist, title=title, year=year)
                    for (artist, title), year in absent.items()
                ],
                ignore_conflicts=True,
            )
            these = Album.objects.filter(
                artist_id__in={artist for artist, _ in absent},
                title__in={title for _, title in absent},
            )
            for pk, artist, title in these.values_list("pk", "artist_id", "title"):
                self._albums[artist, title] = pk

    def _judgements(self, planned: Planned) -> tuple[list[Annotation], set[int]]:
        """Judgements to write, and the numbers of known songs' rows that made any."""
        said: dict[UUID, set[Said]] = defaultdict(set)
        asked = {pk for pk, row, _ in planned.known if row.judgements}
        rows = Annotation.objects.filter(song_id__in=asked)
        for pk, *one in rows.values_list("song_id", "mood_id", "source", "present", "detail"):
            said[pk].add(tuple(one))  # type: ignore[arg-type]
        made: list[Annotation] = []

        def judge(pk: UUID, row: Row) -> bool:
            before = len(made)
            for one in row.judgements:
                key = (self._moods[one.mood], one.source, one.present, one.detail)
                if key in said[pk]:
                    continue
                said[pk].add(key)
                values: dict[str, Any] = dict(zip(_SAID, key, strict=True))
                made.append(Annotation(song_id=pk, confidence=one.confidence, **values))
            return len(made) > before

        for song, row in planned.new:
            judge(song.pk, row)
        return made, {number for number, (pk, row, _) in enumerate(planned.known) if judge(pk, row)}


_SAID = ("mood_id", "source", "present", "detail")
_PUT = ("source", "valence", "arousal", "ambiguous", "detail")


def _placements(planned: Planned) -> tuple[list[Placement], set[int]]:
    """Points to write, and the numbers of known songs' rows that gave any."""
    there: dict[UUID, set[Put]] = defaultdict(set)
    asked = {pk for pk, row, _ in planned.known if row.placements}
    for pk, *one in Placement.objects.filter(song_id__in=asked).values_list("song_id", *_PUT):
        there[pk].add(tuple(one))
    made: list[Placement] = []

    def place(pk: UUID, row: Row) -> bool:
        before = len(made)
        for one in row.placements:
            if tuple(one) in there[pk]:
                continue
            there[pk].add(one)
            values: dict[str, Any] = dict(zip(_PUT, one, strict=True))
            made.append(Placement(song_id=pk, **values))
        return len(made) > before

    for song, row in planned.new:
        place(song.pk, row)
    return made, {number for number, (pk, row, _) in enumerate(planned.known) if place(pk, row)}
