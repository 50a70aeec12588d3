"""What a live session means for the music: when two readings agree, the songs to come change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from emotions.captures import UNFINISHED
from emotions.live import live_refresh
from emotions.models import LiveSession, Reading
from emotions.reasons import title_of
from moodmusic.templatetags.words import feeling
from recommendations.models import SongList

#: Readings further apart than this do not speak of the same moment.
TOGETHER = timedelta(seconds=75)


@dataclass(frozen=True)
class Look:
    """How a live session stands.

    Attributes
    ----------
    busy : whether the latest picture is still being read.
    reading : the latest reading of the session.
    change : the reading that the rest of the list should follow from now on; None: leave it.
    said : a sentence for the listener; "" when there is nothing to say.
    """

    session: LiveSession
    busy: bool = False
    reading: Reading | None = None
    change: Reading | None = None
    said: str = ""


def live_look(*, session: LiveSession, song_list: SongList | None) -> Look:
    """Look at a session, ending it where it is over, and decide about the list that plays."""
    session = live_refresh(session=session)
    if session.ended_at is not None:
        return Look(session, said=_ended(session.end))
    latest = session.captures.order_by("-created_at").first()
    readings = list(session.readings.order_by("-created_at")[:2])
    reading = readings[0] if readings else None
    if latest is None or latest.state in UNFINISHED:
        return Look(session, busy=latest is not None, reading=reading)
    if reading is None or reading.capture_id != latest.pk:
        return Look(session, reading=reading, said=title_of(latest.reason))
    playing = song_list.emotion if song_list else ""
    agreed = agreement(readings)
    due = agreed is not None and bool(playing) and agreed.emotion != playing
    return Look(
        session,
        reading=reading,
        change=agreed if due and not session.locked else None,
        said=_words(reading, playing=playing, agreed=agreed is not None, locked=session.locked),
    )


def agreement(readings: list[Reading]) -> Reading | None:
    """The newer of two readings, newest first, that name the same mood; else None.

    A reading we would not stand by agrees with nothing, and neither do two far apart.
    """
    if len(readings) < 2:
        return None
    newer, older = readings[:2]
    alike = newer.emotion == older.emotion and not newer.unsure and not older.unsure
    return newer if alike and newer.created_at - older.created_at <= TOGETHER else None


def _words(reading: Reading, *, playing: str, agreed: bool, locked: bool) -> str:
    felt = feeling(reading.emotion)
    if reading.unsure:
        return _("Not sure this time.")
    if not playing or reading.emotion == playing:
        return _("Looks %(feeling)s, and so does the music.") % {"feeling": felt}
    if locked:
        return _("Looks %(feeling)s. The list is locked.") % {"feeling": felt}
    if agreed:
        return _("Looks %(feeling)s twice in a row: the songs to come follow.") % {"feeling": felt}
    return _("Looks %(feeling)s. If the next look agrees, the songs to come follow.") % {
        "feeling": felt
    }


def _ended(reason: str) -> str:
    """Why it is over, in words; the camera is off by then."""
    words = {
        LiveSession.End.TIME: _("An hour is over, so following your face has stopped."),
        LiveSession.End.AWAY: _("No face for two minutes, so following has stopped."),
        LiveSession.End.CONSENT: _("You withdrew your consent, so following has stopped."),
    }
    return words.get(LiveSession.End(reason), _("Following your face has stopped."))
