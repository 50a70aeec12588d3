"""What the catalogue has of the files in hand: the same file, the same content, the same song."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q

from catalog.library.names import UNKNOWN_ARTIST, printable
from catalog.library.reading import ReadFile
from catalog.library.scan import Entry
from catalog.models import Artist, AudioFile, Song
from ml.recommend.versions import plain

#: Seconds by which two files of one recording may differ: encoders add silence.
SAME_LENGTH_S = 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """A file of a folder, with what the import makes of it.

    Attributes
    ----------
    path : as `AudioFile.path` is kept
    source : as `AudioFile.source` is kept, "" where the file stays in its place
    mood : key of the mood that its folder says, and the folder's name
    """

    entry: Entry
    file: ReadFile
    artist: str
    title: str
    path: str
    source: str = ""
    mood: tuple[int, str] | None = None


@dataclass(frozen=True, slots=True)
class KnownSong:
    """A song that a file may belong to."""

    song_id: UUID
    duration_s: float


def same_recording(song: KnownSong, file: ReadFile) -> bool:
    """Whether a file holds a song of the same artist and title (see `plain`), not only a version
    of it: a live take or a remix has another title or another length.

    Fingerprints are measured after the import; what they find is joined by `joining.file_join`.
    """
    return abs(song.duration_s - file.duration_s) <= SAME_LENGTH_S


def files_known(*, entries: Collection[Entry], copied: bool) -> dict[str, AudioFile]:
    """Rows of the files, with their songs, by printable path."""
    paths = [printable(entry.path) for entry in entries]
    rows = AudioFile.objects.select_related("song").defer("song__features")
    if copied:
        return {row.source: row for row in rows.filter(source__in=paths, copied=True)}
    return {row.path: row for row in rows.filter(path__in=paths, copied=False)}


class Artists:
    """Keys of artists by name; names that differ in case, accents or punctuation are one artist."""

    def __init__(self) -> None:
        self._exact: dict[str, int] = {}
        self._plain: dict[str, list[int]] = defaultdict(list)
        for pk, name in Artist.objects.order_by("pk").values_list("pk", "name").iterator():
            self._add(pk, name)

    def _add(self, pk: int, name: str) -> None:
        if name not in self._exact:
            self._exact[name] = pk
            self._plain[plain(name)].append(pk)

    def key_of(self, name: str) -> int | None:
        """The artist so called, by this very name if there is one."""
        return self._exact.get(name) or next(iter(self._plain.get(plain(name), ())), None)

    def keys_of(self, name: str) -> list[int]:
        """All artists so called."""
        return self._plain.get(plain(name), [])

    def make(self, names: Collection[str]) -> None:
        """Make those that there are not; in the caller's transaction."""
        missing = {plain(name): name for name in names if self.key_of(name) is None}
        if not missing:
            return
        Artist.objects.bulk_create(
            [Artist(name=name) for name in missing.values()], ignore_conflicts=True
        )
        for pk, name in Artist.objects.filter(name__in=missing.values()).values_list("pk", "name"):
            self._add(pk, name)


class Shelf:
    """Songs of one owner (None: everybody's) that files may be copies of.

    `load` takes in what the database has of some files, `add` what is planned in a dry run or
    earlier in the same batch.
    """

    def __init__(self, *, owner_id: int | None, artists: Artists) -> None:
        self._owner_id = owner_id
        self._artists = artists
        self._contents: dict[str, UUID] = {}
        self._songs: dict[tuple[str, str], list[KnownSong]] = defaultdict(list)
        #: Rows of files in their place, by content; one of them may have moved.
        self.moved: dict[str, AudioFile] = {}
        #: Paths of copies there are.
        self.copies: set[str] = set()

    def forget(self) -> None:
        """Drop everything: what was planned is in the database now."""
        self._contents.clear()
        self._songs.clear()
        self.copies.clear()

    def load(self, found: Collection[Found]) -> None:
        """Take in what the database has of these files' contents, artists and titles."""
        self.moved = {}
        rows = AudioFile.objects.filter(
            digest__in={one.file.digest for one in found}, song__owner=self._owner_id
        )
        for row in rows.select_related("song").defer("song__features").order_by("pk"):
            self._contents.setdefault(row.digest, row.song_id)
            if row.copied:
                self.copies.add(row.path)
            else:
                self.moved[row.digest] = row
        wanted = Q()
        for one in found:
            ids = self._artists.keys_of(one.artist)
            if ids:
                low, high = _lengths(one.file)
                wanted |= Q(artist_id__in=ids, duration_s__range=(low, high))
        if not wanted:
            return
        # A generated piece sounds as its generator wants; a file is never one of it.
        songs = Song.objects.filter(wanted, owner=self._owner_id, piece="").order_by("created_at")
        for pk, artist, title, length in songs.values_list(
            "pk", "artist__name", "title", "duration_s"
        ):
            self._songs[plain(artist), plain(title)].append(KnownSong(pk, length))

    def song_of(self, found: Found) -> UUID | None:
        """The song that a file is a copy of, by its content, else by its tags.

        "Intro" by nobody knows whom is not one song in every folder.
        """
        same = self._contents.get(found.file.digest)
        if same is not None or found.artist == UNKNOWN_ARTIST:
            return same
        alike = [
            song
            for song in self._songs.get((plain(found.artist), plain(found.title)), ())
            if same_recording(song, found.file)
        ]
        nearest = min(
            alike, key=lambda song: abs(song.duration_s - found.file.duration_s), default=None
        )
        return nearest.song_id if nearest else None

    def add(self, song_id: UUID, found: Found) -> None:
        """Remember that this file belongs to this song."""
        self._contents.setdefault(found.file.digest, song_id)
        if found.source:
            self.copies.add(found.path)
        key = plain(found.artist), plain(found.title)
        if all(song.song_id != song_id for song in self._songs[key]):
            self._songs[key].append(KnownSong(song_id, found.file.duration_s))


def _lengths(file: ReadFile) -> tuple[float, float]:
    return file.duration_s - SAME_LENGTH_S, file.duration_s + SAME_LENGTH_S
