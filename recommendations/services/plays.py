"""Recording how far a song was listened to."""

from __future__ import annotations

import math
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Song
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.history import BROWSING_S, FINISHED
from recommendations.models import Play, SongList
from recommendations.services.context import emotion_of, moment_of, private_now, situation_of

#: Heard to so great a share, or for so many seconds, a song counts as played (as ListenBrainz).
COMPLETED_SHARE, COMPLETED_S = 0.5, 240.0
#: Stopped before so many seconds, or so great a share, it counts as skipped.
SKIPPED_S, SKIPPED_SHARE = 30.0, 0.25


@transaction.atomic
def play_start(
    *,
    user: User,
    song: Song,
    song_list: SongList | None = None,
    play_id: UUID | None = None,
    at: datetime | None = None,
) -> Play:
    """Record that a song was started; every start is a play of its own.

    A device that may lose the network names its plays itself: told twice of one `play_id`, the
    first time counts. `at` is when it started (see `moment_of`). Started in a private stretch it
    stays private, also when it ends after it.

    Raises
    ------
    DomainError
        `not_found` (404) for another listener's list; `id_taken` (409) where the id names a play
        of somebody else or of another song.
    """
    emotion = emotion_of(user=user, song_list=song_list)
    moment = moment_of(at)
    play, _new = Play.objects.get_or_create(
        pk=play_id or uuid4(),
        defaults={
            "user": user,
            "song": song,
            "song_list": song_list,
            "emotion": emotion,
            "private": private_now(user=user, at=moment),
            "started_at": moment,
            **situation_of(song_list),
        },
    )
    if play.user_id != user.pk or play.song_id != song.pk:
        raise DomainError("id_taken", _("This id is taken. Give every play an id of its own."), 409)
    return play


@transaction.atomic
def play_update(*, play: Play, position_s: float, outcome: str | None = None) -> Play:
    """Record how far a play got, and that it ended when `outcome` is given.

    The position only grows, and what a play was is decided once, by the position: completed as
    soon as half of the song or four minutes are reached; when the client reports a skip before,
    skipped if it came early and after five seconds (less is browsing); else abandoned. Repeating a
    report changes nothing. An abandoned play that goes on after all, as after a reload of the
    page, is completed where it gets that far.

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown outcome or a position that is no time.
    """
    from recommendations.tasks import refold_taste

    if outcome is not None and outcome not in Play.Outcome.values:
        outcomes = {"outcomes": ", ".join(Play.Outcome.values)}
        raise DomainError("invalid", _("The outcome is one of %(outcomes)s.") % outcomes)
    if not math.isfinite(position_s) or position_s < 0:
        raise DomainError("invalid", _("The position is a number of seconds, 0 or more."))
    kept = Play.objects.select_for_update(of=("self",)).select_related("song").get(pk=play.pk)
    position = max(kept.position_s, min(position_s, kept.song.duration_s))
    goes_on = kept.outcome == Play.Outcome.ABANDONED and position > kept.position_s
    if kept.outcome != Play.Outcome.PLAYING and not goes_on:
        # Ended: further positions are kept, but the event and its time stay what they were.
        Play.objects.filter(pk=kept.pk).update(position_s=position)
    else:
        now = _outcome(position, kept.song.duration_s, outcome)
        kept.outcome = kept.outcome if goes_on and now not in FINISHED else now
        kept.position_s = position
        kept.save(update_fields=["position_s", "outcome", "updated_at"])
        if kept.outcome in FINISHED and not kept.private:
            ring(refold_taste, kept.user_id)
    play.refresh_from_db()
    return play


def _outcome(position: float, duration: float, reported: str | None) -> Play.Outcome:
    if position >= min(COMPLETED_SHARE * duration, COMPLETED_S):
        return Play.Outcome.COMPLETED
    if reported is None or reported == Play.Outcome.PLAYING:
        return Play.Outcome.PLAYING
    early = position < SKIPPED_S or position < SKIPPED_SHARE * duration
    if reported == Play.Outcome.SKIPPED and early and position >= BROWSING_S:
        return Play.Outcome.SKIPPED
    return Play.Outcome.ABANDONED
