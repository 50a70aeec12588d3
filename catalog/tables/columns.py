"""Which of a table's columns is which of ours."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from moodmusic.problems import DomainError

#: Audio features on the scales of Spotify's and Echo Nest's tables, {name: (least, most)}.
FEATURES: dict[str, tuple[float, float]] = {
    "danceability": (0, 1),
    "energy": (0, 1),
    "valence": (0, 1),
    "acousticness": (0, 1),
    "instrumentalness": (0, 1),
    "speechiness": (0, 1),
    "liveness": (0, 1),
    "tempo": (0, 300),  # beats a minute; 0: none found
    "loudness": (-80, 10),  # dB
    "key": (-1, 11),  # pitch class, 0 = C; -1: none found
    "mode": (0, 1),  # 1 = major
}
#: {our name: theirs}, the first that a table has counts.
THEIRS: dict[str, tuple[str, ...]] = {
    "title": ("title", "track_name", "song_name", "track_title", "song_title", "name", "song",
              "track"),
    "artist": ("artist", "track_artist", "artist_name", "artists", "performer", "creator"),
    "album": ("album", "track_album_name", "album_name", "album_title", "release"),
    "track_number": ("track_number", "tracknumber", "track_no"),
    "year": ("year", "release_date", "track_album_release_date", "album_release_date",
             "releasedate", "release_year", "date"),
    "genre": ("genre", "playlist_genre", "track_genre", "genre_top", "general_genre", "genres"),
    "language": ("language", "language_code", "lang"),
    "explicit": ("explicit", "is_explicit"),
    "isrc": ("isrc", "track_isrc"),
    "duration_ms": ("duration_ms", "length_ms", "track_duration_ms"),
    "duration_s": ("duration_s", "duration_sec", "seconds"),
    "duration": ("duration", "length", "time"),
    "licence": ("licence", "license", "track_license"),
    "credit": ("credit", "attribution", "copyright"),
    "origin_id": ("origin_id", "track_id", "track_uri", "spotify_id", "uri", "song_id", "id"),
    "moods": ("moods", "mood", "mood_label", "tags"),
    **{name: (name,) for name in FEATURES},
}  # fmt: skip
#: Columns that only a table of ours has.
OWN = (
    "id", "origin", "piece", "hidden", "album_artist", "album_year", "features", "annotations",
    "placements",
)  # fmt: skip
_OTHER = re.compile(r"[^a-z0-9]+")


def heading_of(text: str) -> str:
    """A heading as `THEIRS` writes it."""
    return _OTHER.sub("_", text.strip().lstrip("\ufeff").casefold()).strip("_")


def columns_map(
    header: list[str], *, own: bool = False, given: dict[str, str] | None = None
) -> dict[str, int]:
    """Where each of our columns stands, {our name: index}.

    Parameters
    ----------
    given : {our name: their heading} as the importer wants it, before what is found

    Raises
    ------
    DomainError
        unknown_column: `given` names a column that is not ours, or a heading that is not there.
    """
    headings = [heading_of(text) for text in header]
    found: dict[str, int] = {}
    for ours, heading in (given or {}).items():
        if ours not in THEIRS:
            names = ", ".join(THEIRS)
            words = _("There is no column %(column)s; ours are %(names)s.")
            raise DomainError("unknown_column", words % {"column": ours, "names": names})
        if heading_of(heading) not in headings:
            names = ", ".join(text for text in header if text)
            words = _("The file has no column %(column)s; it has %(names)s.")
            raise DomainError("unknown_column", words % {"column": heading, "names": names})
        found[ours] = headings.index(heading_of(heading))
    taken = set(found.values())
    for ours in OWN if own else ():
        if ours in headings:
            found[ours] = headings.index(ours)
            taken.add(found[ours])
    for ours, spellings in THEIRS.items():
        if ours in found:
            continue
        for name in spellings:
            if name in headings and headings.index(name) not in taken:
                found[ours] = headings.index(name)
                taken.add(found[ours])
                break
    return found


def delimiter_of(line: str) -> str:
    """What parts the columns of a header: comma, semicolon, tab or bar."""
    return max(
        ",;\t|",
        key=lambda mark: (len(columns_map(line.rstrip("\r\n").split(mark))), line.count(mark)),
    )
