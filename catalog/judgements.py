"""Reading what people and models said of a song."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Annotation, Placement, Song
from catalog.models.judgements import Source


def seen_of(song_id: UUID) -> str:
    """What a form about the song carries: the latest that curators said of it, "" for nothing.

    Another curator's word gives it another value, so a form with an old one is out of date.
    """
    latest = [
        kind._default_manager.filter(song_id=song_id, source=Source.CURATOR).aggregate(
            latest=Max("pk")
        )["latest"]
        for kind in (Annotation, Placement)
    ]
    return "" if latest == [None, None] else "-".join(str(key or 0) for key in latest)


def curators_word(song: Song) -> dict[str, Any]:
    """Who among curators spoke last, when, and what the song is held to be since."""
    said = [
        kind._default_manager.filter(song=song, source=Source.CURATOR)
        .select_related("author")
        .order_by("-pk")
        .first()
        for kind in (Annotation, Placement)
    ]
    latest = max((one for one in said if one is not None), key=lambda one: one.created_at)
    return {
        "by": str(latest.author or _("somebody who has left")),
        "at": latest.created_at.isoformat(timespec="seconds"),
        "moods": sorted(song.moods.values_list("slug", flat=True)),
        "point": [song.valence, song.arousal] if song.placed else None,
        "ambiguous": song.ambiguous,
    }


@dataclass(frozen=True, slots=True)
class Opinion:
    """One listener's standing words on a song: slugs of moods it has, and of moods it lacks."""

    moods: tuple[str, ...]
    lacks: tuple[str, ...]

    @property
    def given(self) -> bool:
        """Whether the listener has said anything."""
        return bool(self.moods or self.lacks)


def opinion_source(*, user: User, song: Song) -> str:
    """As whom this listener speaks: of a private song its owner is the curator."""
    return Source.CURATOR if song.owner_id == user.pk else Source.LISTENER


def words_of(*, user: User, song: Song) -> list[Annotation]:
    """What the listener said of the song's moods and has not taken back, oldest first."""
    rows = list(
        Annotation.objects.filter(
            song=song, source=opinion_source(user=user, song=song), author=user
        )
        .select_related("mood")
        .order_by("pk")
    )
    taken_back = {one.answers_id for one in rows}
    return [one for one in rows if one.answers_id is None and one.pk not in taken_back]


def opinion_of(*, user: User, song: Song) -> Opinion:
    """The listener's opinion; of each mood the latest word."""
    latest = {one.mood.slug: one.present for one in words_of(user=user, song=song)}
    return Opinion(
        moods=tuple(sorted(slug for slug, present in latest.items() if present)),
        lacks=tuple(sorted(slug for slug, present in latest.items() if not present)),
    )
