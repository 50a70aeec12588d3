"""Changing what the system believes of a listener, and taking changes back.

Every change alters the listener's own events, which all beliefs are made of, and keeps them as they
were in a `TasteEdit`. An undo puts the very rows back, so that lists are what they were, to the
last bit. After KEPT the rows as they were are deleted, and the change is final.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import HiddenArtist
from emotions.models import Emotion
from moodmusic.enqueue import ring
from moodmusic.problems import DomainError
from recommendations.beliefs.events import Event
from recommendations.beliefs.rows import KINDS, Row, row_of, rows_restore
from recommendations.favourites import MOST_FAVOURITES
from recommendations.models import (
    Favourite,
    ListWishes,
    Nudge,
    Play,
    Rating,
    SongList,
    TasteEdit,
    Verdict,
)

One = TypeVar("One", bound=Event)
#: For how long a change can be taken back.
KEPT = timedelta(days=30)
_KINDS: dict[type[Model], TasteEdit.Kind] = {
    Rating: TasteEdit.Kind.RATING,
    Verdict: TasteEdit.Kind.VERDICT,
    Favourite: TasteEdit.Kind.FAVOURITE,
    HiddenArtist: TasteEdit.Kind.ARTIST,
    Play: TasteEdit.Kind.HEARD,
    Nudge: TasteEdit.Kind.NUDGE,
}


@transaction.atomic
def rating_change(*, user: User, rating: Rating, stars: int) -> TasteEdit | None:
    """Give a rating other stars, in the mood it was given in; None where it has them already.

    Raises
    ------
    DomainError
        `invalid` (400) for other stars than 1 to 5; `not_found` (404) when it is gone by now.
    """
    if not 1 <= stars <= 5:
        words = _("Give 1 to 5 stars.")
        raise DomainError("invalid", words, errors={"stars": [words]})
    kept = _now(rating)
    if kept.stars == stars:
        return None
    before = row_of(kept)
    # A device that was offline may still send what was said before this.
    kept.stars, kept.rated_at = stars, timezone.now()
    kept.save(update_fields=["stars", "rated_at", "updated_at"])
    edit = TasteEdit.objects.create(
        user=user,
        kind=TasteEdit.Kind.STARS,
        name=kept.song.title,
        before={"Rating": [before]},
        after=row_of(kept),
    )
    _refold(user.pk)
    return edit


@transaction.atomic
def event_remove(*, user: User, event: Event) -> TasteEdit:
    """Take away a rating, a verdict, a nudge, a favourite, a hidden artist, or a play with its
    place in the history.

    Raises
    ------
    DomainError
        `not_found` (404) when it is gone by now.
    """
    kept = _now(event)
    edit = TasteEdit.objects.create(
        user=user,
        kind=_KINDS[type(kept)],
        name=_name(kept),
        before={type(kept).__name__: [row_of(kept)]},
    )
    kept.delete()
    _refold(user.pk)
    return edit


@transaction.atomic
def play_disuse(*, user: User, play: Play) -> TasteEdit | None:
    """Use a play no more: it stays in the history, as one of a private stretch does; None where it
    is not used already.

    Raises
    ------
    DomainError
        `not_found` (404) when it is gone by now.
    """
    kept = _now(play)
    if kept.private:
        return None
    edit = TasteEdit.objects.create(user=user, kind=TasteEdit.Kind.PLAY, name=kept.song.title)
    # Not saved as a whole: the time of its last change is part of what is learnt.
    Play.objects.filter(pk=play.pk).update(private=True, unused_by=edit)
    _refold(user.pk)
    return edit


@transaction.atomic
def play_reuse(*, user: User, play: Play) -> None:
    """Use a play again; what was played in a private stretch stays private."""
    edit = play.unused_by
    if edit is None:
        return
    Play.objects.filter(pk=play.pk).update(private=False, unused_by=None)
    if edit.kind == TasteEdit.Kind.PLAY:
        edit.delete()
    _refold(user.pk)


@transaction.atomic
def taste_reset(*, user: User, emotion: str | None) -> TasteEdit:
    """Start over in one mood, with what holds in any mood (""), or with everything (None).

    Stars, verdicts, nudges and favourites are taken away, plays stay in the history but are not
    used, and lists that were made no longer count as lately shown. What holds in any mood is what
    was said without naming a mood, `never` and `not_now`, favourites, hidden artists, and the dial
    from familiar to new. After a reset of everything, lists are those of a new listener.

    Raises
    ------
    DomainError
        `invalid` (400) for an unknown mood.
    """
    if emotion and emotion not in Emotion.values:
        words = _("There is no such mood.")
        raise DomainError("invalid", words, errors={"emotion": [words]})
    edit = TasteEdit.objects.create(
        user=user, kind=TasteEdit.Kind.RESET, emotion=emotion or "", whole=emotion is None
    )
    edit.before = {}
    for rows in _said(user, emotion):
        found = [row_of(one) for one in rows]
        if found:
            edit.before[rows.model.__name__] = found
            # Those alone that are kept: more may have come in since they were read.
            rows.model._default_manager.filter(pk__in=[row["id"] for row in found]).delete()
    edit.save(update_fields=["before"])
    plays = Play.objects.filter(user=user, private=False)
    lists = SongList.objects.filter(user=user, unused_by=None)
    if emotion is not None:
        plays, lists = plays.filter(emotion=emotion), lists.filter(emotion=emotion)
    plays.update(private=True, unused_by=edit)
    lists.update(unused_by=edit)
    _refold(user.pk)
    return edit


def _said(user: User, emotion: str | None) -> list[QuerySet[Model]]:
    ratings = Rating.objects.filter(user=user, private=False)
    verdicts = Verdict.objects.filter(user=user).exclude(kind=Verdict.Kind.WRONG_MOOD)
    nudges = Nudge.objects.filter(user=user)
    anywhere: list[QuerySet[Model]] = [
        Favourite.objects.filter(user=user),
        HiddenArtist.objects.filter(user=user),
        ListWishes.objects.filter(user=user),
    ]
    if emotion is not None:
        ratings, verdicts = ratings.filter(emotion=emotion), verdicts.filter(emotion=emotion)
        nudges = nudges.filter(emotion=emotion)
    found: list[QuerySet[Model]] = [ratings, verdicts, nudges]
    return found if emotion else [*found, *anywhere]


@transaction.atomic
def edit_undo(*, edit: TasteEdit) -> None:
    """Put everything back as it was before a change. What was said anew since stands.

    Raises
    ------
    DomainError
        `changed_since` (409) where all of it was said anew, so that there is nothing to put back.
    """
    kept = TasteEdit.objects.select_for_update().filter(pk=edit.pk).first()
    if kept is None:
        return  # taken back by another request
    if kept.kind == TasteEdit.Kind.STARS:
        back = _stars_back(kept)
    else:
        back = sum(rows_restore(name, _with_room(kept, name)) for name in KINDS)
        back += kept.plays.update(private=False, unused_by=None)
        back += kept.lists.update(unused_by=None)
    if not back and kept.kind != TasteEdit.Kind.RESET:
        raise DomainError(
            "changed_since",
            _("You have said something else of this since, and that stands."),
            409,
        )
    kept.delete()
    _refold(kept.user_id)


def _with_room(edit: TasteEdit, name: str) -> list[Row]:
    """The rows of a kind to put back; of favourites, as many as there is room for by now."""
    rows: list[Row] = edit.before.get(name, [])
    if name != Favourite.__name__ or not rows:
        return rows
    # One at a time for a listener, as `favourites_set`.
    User.objects.select_for_update().get(pk=edit.user_id)
    named = Favourite.objects.filter(user=edit.user_id)
    taken = set(named.values_list("artist", "genre"))
    away = [row for row in rows if (row["artist_id"], row["genre"]) not in taken]
    return away[: max(0, MOST_FAVOURITES - len(taken))]


def _stars_back(edit: TasteEdit) -> int:
    (before,) = edit.before["Rating"]
    now = Rating.objects.select_for_update().filter(pk=before["id"]).first()
    if now is None or _word(row_of(now)) != _word(edit.after):
        return 0
    now.delete()
    return rows_restore("Rating", [before])


def _word(row: Row) -> Row:
    """What its listener said; a rating also changes when its list goes."""
    return {name: value for name, value in row.items() if name != "song_list_id"}


@transaction.atomic
def history_clear(*, user: User) -> None:
    """Delete every play for good, those that earlier changes kept aside included."""
    Play.objects.filter(user=user).delete()
    TasteEdit.objects.filter(
        user=user, kind__in=[TasteEdit.Kind.PLAY, TasteEdit.Kind.HEARD]
    ).delete()
    _refold(user.pk)


def edits_of(user: User, *, now: datetime | None = None) -> QuerySet[TasteEdit]:
    """The changes that can still be taken back, latest first."""
    since = (now or timezone.now()) - KEPT
    return TasteEdit.objects.filter(user=user, created_at__gt=since).order_by("-created_at", "-pk")


def edits_forget(*, now: datetime | None = None) -> int:
    """Delete the changes that can no longer be taken back; plays that they left unused stay so."""
    since = (now or timezone.now()) - KEPT
    removed, _each = TasteEdit.objects.filter(created_at__lte=since).delete()
    return removed


def _now(event: One) -> One:
    """The event as it is by now, and locked: others may have changed it since it was looked up."""
    rows: QuerySet[Any] = type(event)._default_manager.select_for_update(of=("self",))
    about = "artist" if isinstance(event, Favourite | HiddenArtist) else "song"
    found: One | None = rows.select_related(about).filter(pk=event.pk).first()
    if found is None:
        raise DomainError("not_found", _("There is no such thing."), 404)
    return found


def _name(event: Event) -> str:
    if isinstance(event, Favourite):
        return event.artist.name if event.artist else event.genre
    return event.artist.name if isinstance(event, HiddenArtist) else event.song.title


def _refold(user_id: int) -> None:
    from recommendations.tasks import refold_taste

    ring(refold_taste, user_id)
