"""What of a listener's lists and words grows old with the moods it carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet
from django.utils.translation import ngettext

from accounts.holdings import CHUNK, Ageing, blank
from accounts.models import User
from recommendations.models import MoodAfter, Nudge, Play, Rating, SongList, TasteEdit, Verdict

#: Verdicts that are nothing without the mood they name.
OF_A_MOOD = (Verdict.Kind.NOT_FOR_THIS_MOOD, Verdict.Kind.WRONG_MOOD)
#: Of rows that an edit keeps, by their kind: the column that tells of which day their mood is.
DAY = {"Rating": "rated_at", "Play": "started_at", "Verdict": "created_at", "Nudge": "created_at"}


def _old_lists(user: User, before: datetime) -> QuerySet[SongList]:
    """Lists made from old moods; newer lists made from an old mood carry it too."""
    return SongList.objects.filter(user=user, reading__created_at__lt=before)


def _old_ratings(user: User, before: datetime) -> QuerySet[Rating]:
    """Old by when they were first given, or by when they were given last, which for a device that
    was offline is before the row: that day's mood is theirs.
    """
    old = Q(created_at__lt=before) | Q(rated_at__lt=before)
    return Rating.objects.filter(old, user=user).exclude(emotion="")


def _old_plays(user: User, before: datetime) -> QuerySet[Play]:
    return Play.objects.filter(user=user, started_at__lt=before).exclude(emotion="")


def _old_verdicts(user: User, before: datetime) -> QuerySet[Verdict]:
    return Verdict.objects.filter(user=user, kind__in=OF_A_MOOD, created_at__lt=before)


def _old_nudges(user: User, before: datetime) -> QuerySet[Nudge]:
    """Those that name a mood; they were about songs in that mood alone."""
    return Nudge.objects.filter(user=user, created_at__lt=before).exclude(emotion="")


def _old_moods_after(user: User, before: datetime) -> QuerySet[MoodAfter]:
    """Of lists that go; questions without an answer go with their lists, too, and tell nothing."""
    answered = MoodAfter.objects.filter(user=user).exclude(answer="")
    return answered.filter(song_list__reading__created_at__lt=before)


def _old_edits(user: User, before: datetime) -> QuerySet[TasteEdit]:
    """Changes that keep rows of a mood of old."""
    edits = TasteEdit.objects.filter(user=user)
    holding = [
        edit.pk
        for edit in edits.only("before").iterator(chunk_size=100)
        if any(_is_old(kind, row, before) for kind, rows in edit.before.items() for row in rows)
    ]
    return edits.filter(pk__in=holding)


def _is_old(kind: str, row: dict[str, Any], before: datetime) -> bool:
    if not row.get("emotion") or kind not in DAY:
        return False
    return _at(kind, row) < before or (
        kind == "Rating" and datetime.fromisoformat(row["created_at"]) < before
    )


def _at(kind: str, row: dict[str, Any]) -> datetime:
    # Ratings that an edit kept before there was `rated_at` have none.
    return datetime.fromisoformat(row.get(DAY[kind]) or row["created_at"])


def edits_blank(rows: QuerySet[TasteEdit], before: datetime) -> None:
    """What an edit keeps grows old as what it was taken from does.

    Changed stars are final then: their rating is another one without its mood.
    """
    rows.filter(kind=TasteEdit.Kind.STARS).delete()
    for edit in list(rows):
        for kind, kept in edit.before.items():
            old = [row for row in kept if _is_old(kind, row, before)]
            if not old:
                continue
            young = [row for row in kept if row not in old]
            if kind in ("Rating", "Play"):
                # Of stars that are one without their moods, the first to come back stay.
                old.sort(key=partial(_at, kind), reverse=True)
                young += [{**row, "emotion": ""} for row in old]
            elif kind == "Verdict":
                young += [row for row in old if row["kind"] not in OF_A_MOOD]
            edit.before[kind] = young
        edit.save(update_fields=["before"])


def ratings_blank(rows: QuerySet[Rating], before: datetime) -> None:
    """Keep the stars without the mood they were given in.

    A song rated in several moods keeps the latest of those stars, for without its mood there is
    room for one rating. One that was given anew since keeps its mood and loses the older time.
    """
    rows.filter(rated_at__gte=before).update(created_at=F("updated_at"))
    old = list(rows.values_list("rated_at", "pk", "user_id", "song_id", "private"))
    if not old:
        return
    groups: dict[tuple[UUID, bool], list[tuple[datetime, int]]] = defaultdict(list)
    for at, pk, _user, song_id, private in old:
        groups[song_id, private].append((at, pk))
    moodless = Rating.objects.filter(user=old[0][2], emotion="")
    for at, pk, song_id, private in moodless.values_list("rated_at", "pk", "song_id", "private"):
        if (song_id, private) in groups:
            groups[song_id, private].append((at, pk))
    lost = [pk for group in groups.values() for _at, pk in sorted(group)[:-1]]
    kept = [max(group)[1] for group in groups.values()]
    for some in batched(lost):
        Rating.objects.filter(pk__in=some).delete()
    for some in batched(kept):
        Rating.objects.filter(pk__in=some).update(emotion="")


def batched(ids: list[int]) -> Iterator[list[int]]:
    """As many ids as a database takes in one statement."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


AGEING = (
    Ageing(
        "moods_after",
        lambda n: (
            ngettext(
                "%(count)d word on how you were after a list",
                "%(count)d words on how you were after a list",
                n,
            )
            % {"count": n}
        ),
        _old_moods_after,
    ),
    Ageing(
        "lists",
        lambda n: ngettext("%(count)d list", "%(count)d lists", n) % {"count": n},
        _old_lists,
    ),
    Ageing(
        "ratings",
        lambda n: (
            ngettext("the mood of %(count)d rating", "the moods of %(count)d ratings", n)
            % {"count": n}
        ),
        _old_ratings,
        ratings_blank,
    ),
    Ageing(
        "plays",
        lambda n: (
            ngettext("the mood of %(count)d play", "the moods of %(count)d plays", n) % {"count": n}
        ),
        _old_plays,
        blank(emotion=""),
    ),
    Ageing(
        "verdicts",
        lambda n: (
            ngettext(
                "%(count)d word that a song was not for a mood",
                "%(count)d words that songs were not for a mood",
                n,
            )
            % {"count": n}
        ),
        _old_verdicts,
    ),
    Ageing(
        "nudges",
        lambda n: (
            ngettext(
                "%(count)d wish for more or less like a song in a mood",
                "%(count)d wishes for more or less like a song in a mood",
                n,
            )
            % {"count": n}
        ),
        _old_nudges,
    ),
    Ageing(
        "taste_edits",
        lambda n: (
            ngettext(
                "the moods kept in %(count)d change of your taste",
                "the moods kept in %(count)d changes of your taste",
                n,
            )
            % {"count": n}
        ),
        _old_edits,
        edits_blank,
    ),
)
