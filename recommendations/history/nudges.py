"""What a listener asked for more or less of, as it counts by now."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from ml.recommend.feedback import faded
from ml.recommend.nudges import LESS, MORE, OVER_HOURS, passing
from recommendations.history.reading import month_of
from recommendations.history.said import History, Turned
from recommendations.models import Nudge

#: How long "less like this now" leads away, and anything said in a private stretch.
OVER = timedelta(hours=OVER_HOURS)
#: Of more songs than these, those said of last count.
LATEST = 20
#: Time in which an effect stays the same, so that what is made again at once comes out the same.
STEP = timedelta(minutes=10)


def nudges_in_force(
    *, history: History, emotion: str, now: datetime, in_private: bool
) -> dict[UUID, float]:
    """{song: effect on itself} in lists of this emotion, by id.

    Parameters
    ----------
    in_private : whether a private stretch is running; what was said in one counts only while one
        does, and only for hours
    """
    nudges = history.nudges
    by_time = sorted(nudges, key=lambda song: max(turned.at for turned in nudges[song].values()))
    # In one order, so that the same nudges give the same sums to the last bit.
    latest = sorted(by_time[-LATEST:], key=lambda song: song.int)
    effects = {song: _effect(nudges[song], emotion, now, in_private) for song in latest}
    return {song: effect for song, effect in effects.items() if effect}


def _effect(
    nudges: dict[tuple[str, str], Turned], emotion: str, now: datetime, in_private: bool
) -> float:
    """Of all that was said of one song; "more" takes the place of a "less" said before it."""
    here = {
        key: turned
        for key, turned in nudges.items()
        if (in_private or not turned.private)
        and (key[0] == Nudge.Kind.LESS or key[1] in (emotion, ""))
    }
    more = [turned for (kind, _where), turned in here.items() if kind == Nudge.Kind.MORE]
    since = max((turned.at for turned in more), default=None)
    less = [
        turned
        for (kind, _where), turned in here.items()
        if kind == Nudge.Kind.LESS and (since is None or turned.at > since)
    ]
    effect = 0.0
    if less:
        effect += passing(LESS, hours=_hours(max(turned.at for turned in less), now))
    lasting = [turned.at for turned in more if not turned.private]
    if lasting:
        effect += MORE * faded(1, months=month_of(now) - month_of(max(lasting)))
    elif since is not None:
        effect += passing(MORE, hours=_hours(since, now))
    return effect


def _hours(at: datetime, now: datetime) -> float:
    return (now - at) // STEP * STEP / timedelta(hours=1)
