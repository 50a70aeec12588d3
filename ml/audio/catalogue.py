"""The demo catalogue: which pieces exist, and what each is meant to feel like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ml.audio.dice import dice
from ml.audio.names import artist_names, titles

PIECES_PER_MOOD = 156
ARTISTS_PER_MOOD = 48
SHORTEST_S = 45.5
LONGEST_S = 51.5
JITTER = 0.06
# Chosen so that no two pieces of a mood share key, tempo, progression and lead instrument.
_SALT = 845

#: Intended (valence, arousal) of each song mood, both in -1..1 (circumplex of Russell, 1980).
MOOD_POINTS: dict[str, tuple[float, float]] = {
    "happy": (0.8, 0.5),
    "energetic": (0.5, 0.85),
    "calm": (0.5, -0.7),
    "romantic": (0.6, -0.2),
    "sad": (-0.65, -0.45),
    "dark": (-0.5, -0.1),
    "angry": (-0.6, 0.8),
}

GENRES: dict[str, tuple[str, ...]] = {
    "happy": ("indie pop", "ukulele folk", "tropical", "swing"),
    "energetic": ("house", "synth-pop", "trance", "breakbeat"),
    "calm": ("ambient", "piano", "new age", "acoustic"),
    "romantic": ("soul", "bossa nova", "chamber", "jazz ballad"),
    "sad": ("piano", "chamber", "folk", "slowcore"),
    "dark": ("dark ambient", "cinematic", "trip hop", "doom"),
    "angry": ("metal", "hardcore", "industrial", "thrash"),
}


@dataclass(frozen=True, slots=True)
class PieceSpec:
    """One demo piece before a note of it is written.

    Attributes
    ----------
    slug : unique name such as ``"happy-017"``
    seed : every choice in the piece follows from it
    mood : one of the seven song moods
    valence, arousal : intended point, each -1..1
    title, artist, genre : invented labels
    duration_s : length in seconds, fade-out included
    """

    slug: str
    seed: int
    mood: str
    valence: float
    arousal: float
    title: str
    artist: str
    genre: str
    duration_s: float


@lru_cache(maxsize=len(MOOD_POINTS))
def _mood_pieces(mood: str) -> dict[str, PieceSpec]:
    valence, arousal = MOOD_POINTS[mood]
    artists = artist_names(mood, ARTISTS_PER_MOOD)
    named = titles(mood, PIECES_PER_MOOD)
    genres = GENRES[mood]
    made = []
    for index in range(PIECES_PER_MOOD):
        slug = f"{mood}-{index + 1:03d}"
        roll = dice("piece", slug, _SALT)
        artist_number = index % ARTISTS_PER_MOOD
        # An artist has a home genre and leaves it now and then.
        genre = genres[artist_number % len(genres)] if roll.random() < 0.8 else roll.choice(genres)
        made.append(
            PieceSpec(
                slug=slug,
                seed=roll.getrandbits(31),
                mood=mood,
                valence=round(max(-1.0, min(1.0, valence + roll.gauss(0, JITTER))), 3),
                arousal=round(max(-1.0, min(1.0, arousal + roll.gauss(0, JITTER))), 3),
                title=named[index],
                artist=artists[artist_number],
                genre=genre,
                duration_s=round(roll.uniform(SHORTEST_S, LONGEST_S), 2),
            )
        )
    return {piece.slug: piece for piece in made}


@lru_cache(maxsize=1)
def pieces() -> tuple[PieceSpec, ...]:
    """Return all demo pieces, mood by mood, always the same and in the same order."""
    return tuple(piece for mood in MOOD_POINTS for piece in _mood_pieces(mood).values())


def piece(slug: str) -> PieceSpec:
    """Return the piece called ``slug``.

    Raises
    ------
    KeyError
        if the catalogue has no such piece; the message says how slugs look.
    """
    # Only the mood in question is listed: a render from a cold start has no time to spare.
    mood = slug.rpartition("-")[0]
    found = _mood_pieces(mood).get(slug) if mood in MOOD_POINTS else None
    if found is None:
        raise KeyError(
            f"no demo piece is called {slug!r}; slugs run from 'happy-001' to "
            f"'angry-{PIECES_PER_MOOD:03d}'"
        )
    return found
