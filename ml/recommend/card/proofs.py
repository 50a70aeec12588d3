"""The proofs that the book has: their names, words and commands."""

from __future__ import annotations

from dataclasses import dataclass

_HETREC = "$MOODMUSIC_DATA/music/lastfm_hetrec"
_CONVERT = f"python -m ml.recommend hetrec {_HETREC} hetrec"


@dataclass(frozen=True)
class Proof:
    """One proof; `words` are for listeners, `command` gives the same figures again."""

    name: str
    heading: str
    words: str
    command: str


PROOFS = (
    Proof(
        "plays",
        "Finding what somebody plays",
        "Listeners of Last.fm told how often they play each artist. A tenth of the artists of each "
        "was hidden, and all artists that the listener was not known to play were ranked. Recall "
        "is the share of the hidden ones that were among the first ten; NDCG also counts how far "
        "up they stood. Coverage is the share of artists that anybody was shown, lift how much "
        "more famous they are than what the listener plays.",
        f"{_CONVERT} && python -m ml.recommend evaluate --interactions hetrec/plays.csv "
        "--tags hetrec/tags.csv --protocol ratio --seeds 5 --json",
    ),
    Proof(
        "curve",
        "How soon it knows you",
        "Listeners whom nothing was learnt from play a few artists, and get a list at once. The "
        "more plays are known, the more of their other twenty artists should be near the top.",
        f"{_CONVERT} && python -m ml.recommend learning-curve --interactions hetrec/plays.csv "
        "--samples 5 --seed 0 --json",
    ),
    Proof(
        "mood_lists",
        "A mood and a taste together",
        "Listeners called some artists calm, sad or happy. Half of these were hidden. Lists for "
        "that mood were made from the mood alone, from what people with a like taste play, and "
        "from both. Both together should find more than either.",
        f"python -m ml.recommend mood-lists --plays {_HETREC}/user_artists.dat.gz "
        f"--tags {_HETREC}/user_taggedartists.dat.gz --tag-names {_HETREC}/tags.dat "
        "--seeds 5 --json",
    ),
    Proof(
        "situnes",
        "Real listens, with the mood before and after",
        "In SiTunes people said how they felt before and after a song, and how they liked it. Two "
        "questions: will the song be liked, and will the mood go up, stay or go down? AUC is how "
        "often a liked song is put before one that was not.",
        "python -m ml.recommend situnes --data $MOODMUSIC_DATA/music/situnes --seeds 10 --json",
    ),
    Proof(
        "labelled_songs",
        "The mood of a song from how it measures",
        "Songs that people called sad, calm, energetic or happy. Can the mood be found from the "
        "numbers of the song alone? No artist is both learnt from and asked about, but in the "
        "random folds, which others used.",
        "python -m ml.mood evaluate --songs $MOODMUSIC_DATA/music/data_moods/data_moods.csv "
        "--seeds 3 --json",
    ),
    Proof(
        "simulated",
        "The first few words",
        "Invented listeners with a known taste give stars to songs of their lists. How many of "
        "their lists have moved the right way after 1, 3, 5, 10 and 20 words? Beside ours stands "
        "a learner that learns after every twenty words, as many do.",
        "python -m ml.recommend simulate --seed 0 --json",
    ),
)
NAMES = tuple(proof.name for proof in PROOFS)
