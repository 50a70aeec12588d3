"""What a listener's events on a song say, as one signed number; one scale for every use."""

from __future__ import annotations

import math

#: Months in which a play loses half of what it says: what somebody put on half a year ago is a weak
#: sign of what they want now. Stars do not fade. A listener sees them beside the song and changes
#: them at will, and fading old ratings made predictions worse where it was measured (Y. Koren,
#: Collaborative filtering with temporal dynamics, KDD 2009, section 3).
HALF_LIFE_MONTHS = 6.0

#: Confidences, of the size of log1p(play counts) in public listening data, where the factors'
#: defaults were tuned.
COMPLETED = 2.0
STAR = 2.0
SKIPPED = -1.0
NEVER = -6.0


def faded(plays: int, *, months: int) -> float:
    """What so many plays, so many months old, still count."""
    return float(plays * 0.5 ** (max(months, 0) / HALF_LIFE_MONTHS))


def signed_value(
    *, stars: float | None = None, completed: float = 0, skipped: float = 0, never: bool = False
) -> float:
    """Signed confidence for the collaborative model; 0 says nothing.

    Positive: the listener wants this song, with that confidence. Negative: a confident zero, the
    listener does not (Hu, Koren, Volinsky 2008, with `implicit`'s meaning of negative values).
    Words outweigh deeds: a rating below 3 is negative however often the song was played, one
    above 3 positive however often it was skipped, and "never" is final.

    Parameters
    ----------
    stars : mean of the listener's ratings of the song, 1..5
    completed, skipped : plays of either outcome, as `faded`
    """
    if never:
        return NEVER
    heard = COMPLETED * math.log1p(completed)
    if stars is not None and stars != 3:
        said = STAR * (stars - 3)
        return said + heard if stars > 3 else said
    return heard + SKIPPED * math.log1p(skipped) / math.log(2)


#: Effects of plays on the liking of a song, and their bounds.
HEARD_LIKING, HEARD_MOST = 0.2, 0.6
SKIP_LIKING, SKIP_MOST = -0.25, -0.5


def liking_value(*, stars: float | None = None, completed: float = 0, skipped: float = 0) -> float:
    """How much a listener likes a song in one mood, -1..1, for the taste without a model.

    Five stars are 1, one star is -1, three say nothing; plays say less than words, and nothing
    against them.
    """
    heard = min(HEARD_LIKING * math.log2(1 + completed), HEARD_MOST)
    passed = max(SKIP_LIKING * math.log2(1 + skipped), SKIP_MOST)
    if stars is None or stars == 3:
        return heard + passed
    said = (stars - 3) / 2
    return min(said + heard, 1.0) if said > 0 else said
