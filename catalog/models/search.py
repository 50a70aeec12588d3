"""The search index: which words names are made of. Database triggers keep these rows.

No code writes here (see `catalog.search.install`), so the keys carry no constraints and Django
cascades nothing.
"""

from __future__ import annotations

from django.db import models

from catalog.models.songs import Album, Artist, Song

#: Characters of a word that are kept.
LONGEST_WORD = 40


class SearchWord(models.Model):
    """The vocabulary, folded: what misspelt words are compared with. Doubles do no harm."""

    word = models.CharField(max_length=LONGEST_WORD, db_index=True)

    def __str__(self) -> str:
        return self.word


class NameWord(models.Model):
    """One word of a name.

    `place` counts its different words from 0, `words` is how many they are.
    """

    word = models.CharField(max_length=LONGEST_WORD)
    place = models.PositiveSmallIntegerField()
    words = models.PositiveSmallIntegerField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.word


class TitleWord(NameWord):
    """A word of a song's title."""

    song = models.ForeignKey(
        Song, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        indexes = [
            models.Index(fields=["word", "place", "words", "song"], name="titleword_found"),
            models.Index(fields=["song", "word", "place", "words"], name="titleword_of_song"),
        ]


class ArtistWord(NameWord):
    """A word of an artist's name."""

    artist = models.ForeignKey(Artist, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        indexes = [
            models.Index(fields=["word", "place", "words", "artist"], name="artistword_found")
        ]


class AlbumWord(NameWord):
    """A word of an album's title."""

    album = models.ForeignKey(Album, models.DO_NOTHING, related_name="+", db_constraint=False)

    class Meta:
        indexes = [models.Index(fields=["word", "place", "words", "album"], name="albumword_found")]
