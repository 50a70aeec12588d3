"""Rating songs."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from catalog.models import Song
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.models import Rating, SongList
from recommendations.services.context import emotion_of


@transaction.atomic
def rating_set(*, user: User, song: Song, stars: int, song_list: SongList | None = None) -> Rating:
    """Rate a song 1-5 in the mood of the list it was heard in; a second rating there replaces it.

    Raises
    ------
    DomainError
        `invalid` (400) for other stars; `not_found` (404) for another listener's list.
    """
    from recommendations.tasks import refold_taste

    if isinstance(stars, bool) or not isinstance(stars, int) or not 1 <= stars <= 5:
        raise DomainError("invalid", "Give 1 to 5 stars.", errors={"stars": ["Give 1 to 5."]})
    emotion = emotion_of(user=user, song_list=song_list)
    rating, _new = Rating.objects.update_or_create(
        user=user, song=song, emotion=emotion, defaults={"stars": stars, "song_list": song_list}
    )
    ring(refold_taste, user.pk)
    return rating


@transaction.atomic
def rating_clear(*, user: User, song: Song) -> None:
    """Take back every rating of a song, in whatever mood; nothing happens without one."""
    from recommendations.tasks import refold_taste

    removed, _each = Rating.objects.filter(user=user, song=song).delete()
    if removed:
        ring(refold_taste, user.pk)
