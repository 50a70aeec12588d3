"""What rows of a table become: songs with artists and albums, judgements, history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from accounts.models import User
from catalog.models import Album, Annotation, Artist, Mood, Placement, Song
from catalog.models.judgements import Source
from catalog.services.consensus import BATCH, consensus_apply, ids_in_batches
from catalog.services.history import history_write
from catalog.services.inserts import rows_insert
from catalog.services.priority import doubt_of, gain_of, rarities
from catalog.tables.rows import Row

#: Who made songs of tables that name nobody.
UNKNOWN_ARTIST = "Unknown artist"
#: Fields that a row's values replace; where a row is silent, the song keeps its own.
REPLACED = (
    "title", "track_number", "year", "genre", "language", "explicit", "isrc", "duration_s",
    "licence", "credit",
)  # fmt: skip
_WRITTEN = [*REPLACED, "artist", "album", "origin", "origin_id", "hidden", "features", "revision"]


@dataclass(slots=True)
class Planned:
    """What rows of one batch are: new songs, and songs that are known.

    `new` has (key, row), `known` (key, row, whether the row's values replace the song's).
    """

    new: list[tuple[UUID, Row]] = field(default_factory=list)
    known: list[tuple[UUID, Row, bool]] = field(default_factory=list)


def _song_values(pk: UUID, row: Row, artist: int, album: int | None, revision: int) -> list[Any]:
    """A row of the table of songs, in the order of `_NEW`."""
    return [
        pk,
        row.title or row.stand_in,
        artist,
        album,
        row.duration_s or 0.0,
        revision,
        *(getattr(row, name) for name in _AS_THEY_ARE),
    ]


_AS_THEY_ARE = (
    "track_number", "year", "genre", "language", "explicit", "isrc", "licence", "credit", "piece",
    "origin", "origin_id", "hidden", "features",
)  # fmt: skip
_NEW = (
    "id", "title", "artist_id", "album_id", "duration_s", "revision", *_AS_THEY_ARE,
    "valence", "arousal", "placed", "mood_confidence", "doubt", "gain",
)  # fmt: skip


class Writer:
    """Writes batches of one import; remembers artists, albums and moods between them."""

    def __init__(self, *, by: User | None, reason: str) -> None:
        self.by, self.reason = by, reason
        self._artists: dict[str, int] = {}
        self._albums: dict[tuple[int, str], int] = {}
        moods = list(Mood.objects.all())
        self._moods = {mood.slug: mood.pk for mood in moods}
        self._rarity = rarities()
        self._points = {mood.slug: (mood.valence, mood.arousal) for mood in moods}

    def write(self, planned: Planned, revision: int, *, dry_run: bool) -> int:
        """Write a batch in the caller's transaction; returns how many known songs' rows changed
        something. With `dry_run` nothing is written and the number is what it would be."""
        replaced = self._replaced(planned, revision, dry_run)
        judgements, judging = self._judgements(planned)
        placements, placing = _placements(planned)
        changed = replaced | judging | placing
        if not dry_run:
            rows_insert(Song, _NEW, self._songs(planned, revision))
            links = [[pk, self._moods[slug]] for pk, row in planned.new for slug in _moods_of(row)]
            rows_insert(Song.moods.through, ("song_id", "mood_id"), links)
            rows_insert(Annotation, _JUDGED, judgements)
            rows_insert(Placement, _PLACED, placements)
            judged = {row[0] for row in (*judgements, *placements)}
            self._follow(planned, replaced, judged - _settled(planned), revision)
        return len(changed)

    def _follow(
        self, planned: Planned, replaced: set[int], judged: set[UUID], revision: int
    ) -> None:
        """Derive moods, and write down who changed what."""
        followed: set[UUID] = set()
        for song_ids in ids_in_batches(sorted(judged)):
            followed.update(consensus_apply(song_ids=song_ids, revision=revision))
        created = [pk for pk, _ in planned.new]
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

    def _songs(self, planned: Planned, revision: int) -> list[list[Any]]:
        """Rows of new songs, whose artists and albums are made where there are none."""
        names = {row.artist or UNKNOWN_ARTIST for _, row in planned.new}
        self._ensure(names | {_album_artist(row) for _, row in planned.new}, {})
        albums: dict[tuple[int, str], int | None] = {}
        for _, row in planned.new:
            if row.album:
                artist = self._artists[_album_artist(row)]
                albums.setdefault((artist, row.album), row.album_year or row.year)
        self._ensure(set(), albums)
        songs = []
        for pk, row in planned.new:
            artist = self._artists[row.artist or UNKNOWN_ARTIST]
            album = self._albums.get((self._artists[_album_artist(row)], row.album))
            values = _song_values(pk, row, artist, album, revision)
            songs.append([*values, *self._derived(row)])
        return songs

    def _derived(self, row: Row) -> tuple[float, float, bool, float | None, str, float]:
        """Point, whether it is known, confidence, doubt and gain, as the consensus will find them.

        Written with the song they save two UPDATEs of it; where judges contradict one another
        the consensus finds other moods, and writes them all anew.
        """
        moods = _moods_of(row)
        points = [self._points[slug] for slug in moods]
        sure = min(moods.values(), default=None)
        doubt, chance = doubt_of(confidence=sure, disputed=False, ambiguous=False)
        keys = [self._moods[slug] for slug in moods]
        gain = gain_of(reach=0, doubt=chance, moods=keys, rarity=self._rarity)
        if not points:
            return 0.0, 0.0, False, None, doubt, gain
        valence, arousal = (sum(axis) / len(points) for axis in zip(*points, strict=True))
        return valence, arousal, True, sure, doubt, gain

    def _ensure(self, names: set[str], albums: dict[tuple[int, str], int | None]) -> None:
        missing = sorted(names - self._artists.keys())
        if missing:
            rows_insert(Artist, ["name"], [[name] for name in missing], skip_known=True)
            found = Artist.objects.filter(name__in=missing)
            self._artists.update(found.values_list("name", "pk"))
        absent = {key: year for key, year in albums.items() if key not in self._albums}
        if absent:
            rows = [[artist, title, year] for (artist, title), year in absent.items()]
            rows_insert(Album, ["artist_id", "title", "year"], rows, skip_known=True)
            these = Album.objects.filter(
                artist_id__in={artist for artist, _ in absent},
                title__in={title for _, title in absent},
            )
            for pk, artist, title in these.values_list("pk", "artist_id", "title"):
                self._albums[artist, title] = pk

    def _judgements(self, planned: Planned) -> tuple[list[list[Any]], set[int]]:
        """Rows of judgements to write, and the numbers of known songs' rows that made any."""
        said: dict[UUID, set[tuple[Any, ...]]] = defaultdict(set)
        asked = {pk for pk, row, _ in planned.known if row.judgements}
        for pk, *one in Annotation.objects.filter(song_id__in=asked).values_list(
            "song_id", "mood_id", "source", "present", "detail"
        ):
            said[pk].add(tuple(one))
        made: list[list[Any]] = []

        def judge(pk: UUID, row: Row) -> bool:
            before = len(made)
            for one in row.judgements:
                # One that stands already is not written again.
                key = (self._moods[one.mood], one.source, one.present, one.detail)
                if key not in said[pk]:
                    said[pk].add(key)
                    made.append([pk, *key, one.confidence])
            return len(made) > before

        return made, _numbers(planned, judge)


_JUDGED = ("song_id", "mood_id", "source", "present", "detail", "confidence")
_PLACED = ("song_id", "source", "valence", "arousal", "ambiguous", "detail")


def _placements(planned: Planned) -> tuple[list[list[Any]], set[int]]:
    """Rows of points to write, and the numbers of known songs' rows that gave any."""
    there: dict[UUID, set[tuple[Any, ...]]] = defaultdict(set)
    asked = {pk for pk, row, _ in planned.known if row.placements}
    for pk, *one in Placement.objects.filter(song_id__in=asked).values_list(*_PLACED):
        there[pk].add(tuple(one))
    made: list[list[Any]] = []

    def place(pk: UUID, row: Row) -> bool:
        before = len(made)
        for one in row.placements:
            if tuple(one) not in there[pk]:
                there[pk].add(tuple(one))
                made.append([pk, *one])
        return len(made) > before

    return made, _numbers(planned, place)


def _moods_of(row: Row) -> dict[str, float]:
    """{mood: confidence} as a row has them; its later judgements count, whoever judged."""
    said = {one.mood: one for one in row.judgements}
    return {
        slug: 1.0 if one.confidence is None else one.confidence
        for slug, one in said.items()
        if one.present
    }


def _settled(planned: Planned) -> set[UUID]:
    """New songs whose moods, point and doubt the consensus would leave as they were written.

    It derives the same from one judgement a mood, unless that is a listener's, of whom one has an
    opinion only. A later row about such a song is for the consensus again.
    """
    again = {pk for pk, _, _ in planned.known}
    return {pk for pk, row in planned.new if pk not in again and _is_plain(row)}


def _is_plain(row: Row) -> bool:
    judged = {one.mood for one in row.judgements if one.source != Source.LISTENER}
    return len(judged) == len(row.judgements) and not row.placements


def _album_artist(row: Row) -> str:
    return row.album_artist or row.artist or UNKNOWN_ARTIST


def _numbers(planned: Planned, add: Callable[[UUID, Row], bool]) -> set[int]:
    """Add to new songs, then to known ones; the numbers of the latter's rows that added any."""
    for pk, row in planned.new:
        add(pk, row)
    return {number for number, (pk, row, _) in enumerate(planned.known) if add(pk, row)}
