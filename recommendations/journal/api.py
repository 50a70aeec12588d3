"""The journal over the API; others' readings and lists are not found."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.personal import PersonalFileView, PersonalView, listener_of
from emotions.journal.entries import entries_of
from emotions.journal.notes import note_set
from emotions.journal.periods import Period, stretch_of
from emotions.journal.tallies import days_of, hours_of, said_of
from emotions.models import Reading
from emotions.selectors import readings_of
from moodmusic.api import problem_responses
from moodmusic.problems import DomainError
from recommendations.api.bodies import given_in
from recommendations.journal.after import (
    after_put_away,
    after_set,
    asking_set,
    asks_after,
    helped_of,
    question_for,
)
from recommendations.journal.deleting import entry_delete
from recommendations.journal.export import FORMATS, journal_file
from recommendations.journal.pictures import week_pattern
from recommendations.journal.played import played_of
from recommendations.journal.serializers import (
    AnswerSerializer,
    EntrySerializer,
    NoteSerializer,
    QuestionSerializer,
    StretchSerializer,
    SummarySerializer,
)
from recommendations.models import SongList
from recommendations.selectors import lists_of

#: Days of a summary: without `from` and `to`, and at most.
USUAL_DAYS, MOST_DAYS = 30, 366
STRETCH = [
    OpenApiParameter(name, date, description=f"{words} day, in your time zone.")
    for name, words in (("from", "First"), ("to", "Last"))
]


def _asked(request: Request) -> tuple[date | None, date | None]:
    given = given_in(StretchSerializer(data=request.query_params))
    return given["from"], given["to"]


def _reading(request: Request, reading_id: UUID) -> Reading:
    found: Reading = get_object_or_404(readings_of(listener_of(request)), pk=reading_id)
    return found


@extend_schema(tags=["journal"])
class Journal(PersonalView, generics.GenericAPIView[Reading]):
    serializer_class = EntrySerializer
    queryset = Reading.objects.none()  # for the schema; readings come from the selector

    def get_queryset(self) -> QuerySet[Reading]:
        period = stretch_of(*_asked(self.request))
        return entries_of(user=listener_of(self.request), period=period)

    @extend_schema(
        operation_id="journal",
        summary="My journal, newest first",
        parameters=STRETCH,
        responses={200: EntrySerializer(many=True), **problem_responses((400, "invalid"))},
    )
    def get(self, request: Request) -> Response:
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(self.get_serializer(page, many=True).data)


@extend_schema(tags=["journal"])
class Entry(PersonalView):
    @extend_schema(
        operation_id="journal_note",
        summary="Write a note on a reading",
        description="Plain text; an empty note takes it away. Idempotent.",
        request=NoteSerializer,
        responses=EntrySerializer,
    )
    def patch(self, request: Request, reading_id: UUID) -> Response:
        reading = _reading(request, reading_id)
        note = given_in(NoteSerializer(data=request.data))["note"]
        return Response(EntrySerializer(note_set(reading=reading, note=note)).data)

    @extend_schema(
        operation_id="journal_delete",
        summary="Delete a reading",
        description="Its capture and the lists made from it go too, with how you were after them. "
        "Plays and ratings stay, in the mood they were given in.",
        responses={204: None},
    )
    def delete(self, request: Request, reading_id: UUID) -> Response:
        entry_delete(reading=_reading(request, reading_id))
        return Response(status=204)


@extend_schema(tags=["journal"])
class Summary(PersonalView):
    @extend_schema(
        operation_id="journal_summary",
        summary="A stretch of my journal in numbers",
        description=f"The last {USUAL_DAYS} days without `from` and `to`; {MOST_DAYS} days at "
        "most. Detected and corrected apart; days and parts of the week with their prevailing "
        "mood; what was played in which mood; what you said after lists.",
        parameters=STRETCH,
        responses={200: SummarySerializer, **problem_responses((400, "invalid`, `too_long"))},
    )
    def get(self, request: Request) -> Response:
        user, period = listener_of(request), _stretch(request)
        hours = hours_of(user=user, period=period)
        said = said_of(user=user, period=period)
        body = {
            "first": period.first,
            "last": period.last,
            "readings": sum(one.counts for one in said),
            "moods": said,
            "days": [{"day": day, **asdict(mood)} for day, mood in sorted(days_of(hours).items())],
            "week": [
                {"weekday": weekday, "part": part, **asdict(mood)}
                for (weekday, part), mood in sorted(week_pattern(hours).items())
            ],
            "played": played_of(user=user, period=period),
            "after": helped_of(user=user, period=period),
        }
        return Response(SummarySerializer(body).data)


def _stretch(request: Request) -> Period:
    first, last = _asked(request)
    # Without a last day up to today, or of days to come the first alone.
    last = stretch_of(None, last or max(timezone.localdate(), first or date.min)).last
    period = stretch_of(first or last - timedelta(days=USUAL_DAYS - 1), last)
    if (period.last - period.first).days >= MOST_DAYS:
        words = _("A summary covers %(most)d days at most.") % {"most": MOST_DAYS}
        raise DomainError("too_long", words)
    return period


@extend_schema(tags=["journal"])
class Export(PersonalFileView):
    @extend_schema(
        operation_id="journal_export",
        summary="My journal as a file",
        description="CSV has a row for each reading, with the answers after its lists as JSON in "
        "the column `after`.",
        parameters=[
            *STRETCH,
            OpenApiParameter("format", str, enum=list(FORMATS), default="csv"),
        ],
        responses={
            (200, "text/csv"): OpenApiTypes.STR,
            (200, "application/json"): OpenApiTypes.OBJECT,
            **problem_responses((400, "unknown_format`, `invalid")),
        },
    )
    def get(self, request: Request) -> HttpResponse:
        return journal_file(
            user=listener_of(request),
            period=stretch_of(*_asked(request)),
            format=request.query_params.get("format", "csv"),
        )


@extend_schema(tags=["journal"])
class Question(PersonalView):
    @extend_schema(
        operation_id="journal_question",
        summary='Whether to ask "How are you now?"',
        description="`list` is the one heard last, where it is worth a question and has none yet. "
        "Ask once, and send the answer, or a DELETE for none, to that list's `mood-after`.",
        responses=QuestionSerializer,
    )
    def get(self, request: Request) -> Response:
        user = listener_of(request)
        return Response(QuestionSerializer(_question(user)).data)

    @extend_schema(
        operation_id="journal_question_set",
        summary="Turn the question on or off",
        request=QuestionSerializer,
        responses=QuestionSerializer,
    )
    def put(self, request: Request) -> Response:
        given = given_in(QuestionSerializer(data=request.data))
        user = listener_of(request)
        asking_set(user=user, asks=given["asks"])
        return Response(QuestionSerializer(_question(user)).data)


def _question(user: Any) -> dict[str, Any]:
    asks = asks_after(user=user)
    song_list = question_for(user=user, now=timezone.now(), ended=True) if asks else None
    return {"asks": asks, "list": song_list.pk if song_list else None}


@extend_schema(tags=["journal"])
class After(PersonalView):
    @extend_schema(
        operation_id="mood_after_set",
        summary="How I am after a list",
        description="A later answer replaces an earlier one.",
        request=AnswerSerializer,
        responses=AnswerSerializer,
    )
    def post(self, request: Request, list_id: UUID) -> Response:
        song_list = self._list(request, list_id)
        given = given_in(AnswerSerializer(data=request.data))
        after = after_set(
            song_list=song_list,
            answer=given["answer"],
            emotion=given["emotion"] or "",
            valence=given["valence"],
            arousal=given["arousal"],
        )
        return Response(AnswerSerializer(after).data)

    @extend_schema(
        operation_id="mood_after_clear",
        summary="Take the answer back, or put the question away",
        description="Idempotent. It is not asked again for this list.",
        responses={204: None},
    )
    def delete(self, request: Request, list_id: UUID) -> Response:
        after_put_away(song_list=self._list(request, list_id))
        return Response(status=204)

    def _list(self, request: Request, list_id: UUID) -> SongList:
        return get_object_or_404(lists_of(listener_of(request)), pk=list_id)
