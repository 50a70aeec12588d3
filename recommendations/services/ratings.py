"""Rating songs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Song
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.models import Rating, SongList
from recommendations.services.context import emotion_of, moment_of, private_now, situation_of


@transaction.atomic
def rating_set(
    *,
    user: User,
    song: Song,
    stars: int,
    song_list: SongList | None = None,
    at: datetime | None = None,
) -> Rating:
    """Rate a song 1-5 in the mood of the list it was heard in; a second rating there replaces it,
    with the situation it was given in.

    In a private stretch the rating is kept beside the one that counts, as a note for the listener;
    the next rating that counts replaces both.

    A device that was offline says when the stars were given (`at`, see `moment_of`): the later word
    stands, whichever arrives first, and saying it again changes nothing.

    Raises
    ------
    DomainError
        `invalid` (400) for other stars; `not_found` (404) for another listener's list.
    """
    from recommendations.tasks import refold_taste

    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise DomainError("invalid", _("Give 1 to 5 stars."), errors={"stars": [_("Give 1 to 5.")]})
    emotion = emotion_of(user=user, song_list=song_list)
    moment = moment_of(at)
    private = private_now(user=user, at=moment)
    # One at a time for a listener, so that the later of two words stands.
    User.objects.select_for_update().get(pk=user.pk)
    mine = Rating.objects.filter(user=user, song=song, emotion=emotion)
    if at is not None and (newer := mine.filter(private=private, rated_at__gte=moment).first()):
        return newer
    rating, _new = Rating.objects.update_or_create(
        user=user,
        song=song,
        emotion=emotion,
        private=private,
        defaults={
            "stars": stars,
            "song_list": song_list,
            "rated_at": moment,
            **situation_of(song_list),
        },
    )
    if not private:
        mine.filter(private=True, rated_at__lte=moment).delete()
        ring(refold_taste, user.pk)
    return rating


@transaction.atomic
def rating_clear(*, user: User, song: Song, at: datetime | None = None) -> None:
    """Take back every rating of a song, in whatever mood; nothing happens without one.

    Ratings given after `at` stay: a device that was offline took back older ones.

    In a private stretch, what was said privately is taken back first, and nothing else with it.
    """
    from recommendations.tasks import refold_taste

    moment = moment_of(at)
    ratings = Rating.objects.filter(user=user, song=song, rated_at__lte=moment)
    if private_now(user=user, at=moment) and ratings.filter(private=True).exists():
        ratings.filter(private=True).delete()
        return
    removed, _each = ratings.delete()
    if removed:
        ring(refold_taste, user.pk)
