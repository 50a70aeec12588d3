"""What listeners hear in a song: judgements like any other, which count where they are many."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.judgements import Opinion, opinion_of, opinion_source, words_of
from catalog.models import Annotation, Mood, Placement, Song
from catalog.models.judgements import Source
from catalog.services.consensus import consensus_apply, ids_in_batches
from catalog.services.edits import contrary_of
from catalog.services.history import history_write
from catalog.services.moods import annotations_write
from catalog.services.revision import revision_next
from moodmusic.problems import DomainError

#: Judgements of moods that one listener may make in so many seconds; a song takes one to seven.
MOST_WORDS, WITHIN_S = 120, 60


@transaction.atomic
def opinion_set(*, user: User, song: Song, moods: Iterable[Mood]) -> Opinion:
    """The listener hears exactly these moods in the song.

    Says yes to each of them, and no to those the song is held to have, or the listener heard
    before, and which are not among them. Of other moods nothing is said. Repeating it writes
    nothing. The owner of a private song is its curator.

    Raises
    ------
    DomainError
        `throttled` (429) for more judgements in a minute than anybody hears.
    """
    revision = revision_next()
    given = {mood.pk for mood in moods}
    said = {one.mood_id: one.present for one in words_of(user=user, song=song)}
    held = set(song.moods.values_list("pk", flat=True))
    wanted = {pk: pk in given for pk in given | held | said.keys()}
    changes = {pk: present for pk, present in wanted.items() if said.get(pk) != present}
    if changes:
        _slow_down(user)
        annotations_write(
            song_ids=[song.pk],
            judged=changes,
            by=user,
            source=opinion_source(user=user, song=song),
        )
        _follow(song, revision)
    return opinion_of(user=user, song=song)


@transaction.atomic
def opinion_clear(*, user: User, song: Song) -> None:
    """Take back all the listener said of the song's moods, by judgements that answer."""
    revision = revision_next()
    words = words_of(user=user, song=song)
    if words:
        _slow_down(user)
        Annotation.objects.bulk_create([contrary_of(one, user) for one in words])
        _follow(song, revision)


@transaction.atomic
def opinions_forget(*, user: User) -> None:
    """Delete what a listener said, when the account goes; the songs are what others say of them.

    A curator's judgements stay without a name: they are work on the catalogue.
    """
    revision = revision_next()
    said = Annotation.objects.filter(author=user, source=Source.LISTENER)
    placed = Placement.objects.filter(author=user, source=Source.LISTENER)
    songs = {*said.values_list("song_id", flat=True), *placed.values_list("song_id", flat=True)}
    said.delete()
    placed.delete()
    for song_ids in ids_in_batches(sorted(songs)):
        changed = consensus_apply(song_ids=song_ids, revision=revision)
        history_write(song_ids=changed, by=None, reason="listeners")


def _follow(song: Song, revision: int) -> None:
    changed = consensus_apply(song_ids=[song.pk], revision=revision)
    # Of listeners together, so the history names none.
    history_write(song_ids=changed, by=None, reason="listeners")
    song.refresh_from_db()


def _slow_down(user: User) -> None:
    since = timezone.now() - timedelta(seconds=WITHIN_S)
    if Annotation.objects.filter(author=user, created_at__gt=since).count() >= MOST_WORDS:
        raise DomainError(
            "throttled",
            _("That was many at once. Try again in a minute."),
            429,
            retry_after=WITHIN_S,
        )
