"""What words of other people's tables say of our seven moods, and why.

Only words that name a feeling are here: what names a use (advertising, film, trailer), a sound
or a genre says nothing honest about mood. Where a word could be two moods it is left out. A mood
that an admin added is found by its own name and needs no line here.
"""

from __future__ import annotations

#: {their word: (our mood, why)}, words as `word_of` makes them.
WORDS: dict[str, tuple[str, str]] = {
    "happy": ("happy", "the same word"),
    "happiness": ("happy", "the same word"),
    "joyful": ("happy", "a synonym"),
    "joy": ("happy", "a synonym"),
    "cheerful": ("happy", "a synonym"),
    "positive": ("happy", "pleasant feeling, as the taggers use it beside happy"),
    "fun": ("happy", "amused and pleased"),
    "funny": ("happy", "amused and pleased"),
    "uplifting": ("happy", "said of what raises the spirits"),
    "energetic": ("energetic", "the same word"),
    "energy": ("energetic", "the same word"),
    "powerful": ("energetic", "strength and drive, whatever the pleasantness"),
    "motivational": ("energetic", "said of what drives on"),
    "excited": ("energetic", "high arousal, pleasant"),
    "calm": ("calm", "the same word"),
    "relaxing": ("calm", "a synonym"),
    "relaxed": ("calm", "a synonym"),
    "peaceful": ("calm", "a synonym"),
    "meditative": ("calm", "low arousal, at rest"),
    "chill": ("calm", "a synonym in playlists"),
    "romantic": ("romantic", "the same word"),
    "love": ("romantic", "the feeling itself"),
    "sad": ("sad", "the same word"),
    "sadness": ("sad", "the same word"),
    "melancholic": ("sad", "a quiet sadness"),
    "melancholy": ("sad", "a quiet sadness"),
    "dark": ("dark", "the same word"),
    "horror": ("dark", "fear and threat, the mood that dark stands for"),
    "angry": ("angry", "the same word"),
    "anger": ("angry", "the same word"),
    "aggressive": ("angry", "a synonym"),
}
#: What precedes the word in MTG-Jamendo's tags.
_PREFIX = "mood/theme---"


def word_of(text: str) -> str:
    """A word as `WORDS` and moods' slugs write it."""
    return text.strip().casefold().removeprefix(_PREFIX).replace(" ", "-")


def mood_of(text: str, known: frozenset[str]) -> str | None:
    """The slug of the mood that a word names, of those there are; None where it names none."""
    word = word_of(text)
    if word in known:
        return word
    mood = WORDS.get(word, ("", ""))[0]
    return mood if mood in known else None
