"""The catalogue's rows, by subject."""

from catalog.models.edits import Edit
from catalog.models.files import Analysis, AudioFile
from catalog.models.imports import ImportProblem, ImportRun
from catalog.models.judgements import Annotation, Placement
from catalog.models.listeners import HiddenArtist
from catalog.models.moods import Mood, Revision
from catalog.models.search import AlbumWord, ArtistWord, SearchWord, TitleWord
from catalog.models.songs import Album, Artist, Song

__all__ = [
    "Album",
    "AlbumWord",
    "Analysis",
    "Annotation",
    "Artist",
    "ArtistWord",
    "AudioFile",
    "Edit",
    "HiddenArtist",
    "ImportProblem",
    "ImportRun",
    "Mood",
    "Placement",
    "Revision",
    "SearchWord",
    "Song",
    "TitleWord",
]
