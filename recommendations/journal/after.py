"""How are you now? Asked once after a list, answered by one tap, and counted without a claim."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from emotions.journal.periods import Period
from emotions.models import Emotion
from moodmusic.problems import DomainError
from recommendations.journal.played import HEARD
from recommendations.models import JournalWishes, MoodAfter, Play, SongList

#: Without a list that ended, it is asked when so long nothing was played ...
QUIET = timedelta(minutes=20)
#: ... and not so long after; feelings are forgotten.
FRESH = timedelta(hours=24)
#: Songs heard from a list before it is worth a question on the next visit; one, when it ended.
HEARD_FEWEST = 3
#: How long a question stays where pages are shown, from its first showing on.
SHOWN_FOR = timedelta(minutes=30)
#: Answers below which no goal is summed up, and below which no song is.
FEWEST_FOR_GOAL, FEWEST_FOR_SONG = 5, 3
#: Rows of the summary: moods with goals, and songs.
MOST_GOALS, MOST_SONGS = 8, 10


# --- Asking ---------------------------------------------------------------------------------------


def asks_after(*, user: User) -> bool:
    """Whether the listener wants to be asked."""
    return not JournalWishes.objects.filter(user=user, asks_after=False).exists()


def asking_set(*, user: User, asks: bool) -> None:
    """Let the question be asked, or not."""
    JournalWishes.objects.update_or_create(user=user, defaults={"asks_after": asks})


def question_for(*, user: User, now: datetime, ended: bool = False) -> SongList | None:
    """The list to ask about, or None: at most one question a list, and none for a private one.

    A list whose rest was ranked anew while it played is still the same one: it is asked about once,
    and what was heard before and after that counts together.

    `ended` says that a list has just been played to its end; otherwise this is a later visit.
    """
    plays = Play.objects.filter(user=user, private=False, song_list__isnull=False)
    latest = (
        plays.filter(started_at__gt=now - FRESH)
        .select_related("song_list")
        .order_by("-started_at")
        .first()
    )
    if latest is None or latest.song_list is None:
        return None
    about, root = latest.song_list, latest.song_list.root_id
    same = SongList.objects.filter(Q(pk=root) | Q(began_as=root), user=user).order_by().values("pk")
    asked = MoodAfter.objects.filter(song_list__in=same).order_by("-asked_at")
    if (last := asked.select_related("song_list").first()) is not None:
        about = last.song_list
        due = last.closed_at is None and last.asked_at > now - SHOWN_FOR
    elif ended or latest.updated_at <= now - QUIET:
        heard = plays.filter(HEARD, song_list__in=same).order_by().values("song")
        due = heard.distinct().count() >= (1 if ended else HEARD_FEWEST)
    else:
        due = False
    return about if due and asks_after(user=user) else None


def question_shown(*, song_list: SongList) -> None:
    """Keep that it was asked; a second showing changes nothing."""
    MoodAfter.objects.get_or_create(song_list=song_list, defaults={"user_id": song_list.user_id})


# --- Answering ------------------------------------------------------------------------------------


@transaction.atomic
def after_set(
    *,
    song_list: SongList,
    answer: str,
    emotion: str = "",
    valence: float | None = None,
    arousal: float | None = None,
) -> MoodAfter:
    """Keep how the listener was after a list; a later answer replaces an earlier one.

    Raises
    ------
    DomainError
        `invalid` (400) for another answer or emotion, or half a point.
    """
    errors = {}
    if answer not in MoodAfter.Answer.values:
        errors["answer"] = [_("Say better, same or worse.")]
    if emotion and emotion not in Emotion.values:
        errors["emotion"] = [_("Pick one of %s.") % ", ".join(Emotion.values)]
    point = [value for value in (valence, arousal) if value is not None]
    if len(point) == 1 or not all(-1 <= value <= 1 for value in point):
        errors["valence"] = [_("Give valence and arousal together, each from -1 to 1.")]
    if errors:
        raise DomainError("invalid", " ".join(errors[next(iter(errors))]), errors=errors)
    given = {"answer": answer, "emotion": emotion, "valence": valence, "arousal": arousal}
    row, _new = MoodAfter.objects.update_or_create(
        song_list=song_list,
        defaults={**given, "user_id": song_list.user_id, "closed_at": timezone.now()},
    )
    return row


def after_put_away(*, song_list: SongList) -> None:
    """Take an answer back, or leave the question unanswered; it is not asked again."""
    nothing: dict[str, Any] = {"answer": "", "emotion": "", "valence": None, "arousal": None}
    MoodAfter.objects.update_or_create(
        song_list=song_list,
        defaults={**nothing, "user_id": song_list.user_id, "closed_at": timezone.now()},
    )


# --- Counting -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Helped:
    """Counts of what was said after lists; rows with few answers are left out.

    Attributes
    ----------
    answers : {"better": 4, "same": 2, "worse": 1}
    goals : {felt, goal, answers, better, same, worse}, with `FEWEST_FOR_GOAL` answers at least
    songs : {song, title, by, answers, better}, with `FEWEST_FOR_SONG` answers at least
    """

    answers: dict[str, int]
    goals: list[dict[str, Any]]
    songs: list[dict[str, Any]]

    @property
    def number(self) -> int:
        return sum(self.answers.values())


def answers_of(*, user: User, period: Period | None = None) -> QuerySet[MoodAfter]:
    """The listener's answers, of a period or of all time; unordered."""
    answers = MoodAfter.objects.filter(user=user).exclude(answer="").order_by()
    if period is None:
        return answers
    return answers.filter(closed_at__gte=period.start, closed_at__lt=period.end)


def helped_of(*, user: User, period: Period | None = None) -> Helped:
    """What listeners said after which goals and songs: counts, no causes; three queries."""
    answers = answers_of(user=user, period=period)
    said = dict(answers.values_list("answer").annotate(Count("pk")))
    counted = {answer: said.get(answer, 0) for answer in MoodAfter.Answer.values}
    if sum(counted.values()) < FEWEST_FOR_SONG:
        return Helped(counted, [], [])
    goals: Any = (
        answers.values(felt=F("song_list__emotion"), goal=F("song_list__goal"))
        .annotate(
            answers=Count("pk"),
            better=Count("pk", filter=Q(answer="better")),
            same=Count("pk", filter=Q(answer="same")),
            worse=Count("pk", filter=Q(answer="worse")),
        )
        .filter(answers__gte=FEWEST_FOR_GOAL)
        .order_by("-better", "answers", "felt", "goal")
    )
    lists = "song_list__mood_after__in"
    heard = Play.objects.filter(
        HEARD, user=user, private=False, song__hidden=False, **{lists: answers}
    )
    better = Q(song_list__mood_after__answer=MoodAfter.Answer.BETTER)
    songs: Any = (
        heard.order_by()
        .values("song", title=F("song__title"), by=F("song__artist__name"))
        .annotate(
            answers=Count("song_list", distinct=True),
            better=Count("song_list", distinct=True, filter=better),
        )
        .filter(answers__gte=FEWEST_FOR_SONG, better__gte=1)
        .order_by("-better", "answers", "title", "song")[:MOST_SONGS]
    )
    return Helped(counted, list(goals[:MOST_GOALS]), list(songs))
