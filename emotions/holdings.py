"""What emotions hold of a listener: attempts to read a face, readings and their notes, and when a
face was followed.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.holdings import Ageing, Holding, Subject, told
from accounts.models import User
from emotions.captures import UNFINISHED
from emotions.models import Capture, LiveSession, Reading


def _readings(user: User) -> QuerySet[Reading]:
    return Reading.objects.filter(user=user).order_by("created_at", "pk")


def _captures(user: User) -> QuerySet[Capture]:
    return Capture.objects.filter(user=user).order_by("created_at", "pk")


def _live_sessions(user: User) -> QuerySet[LiveSession]:
    return LiveSession.objects.filter(user=user).order_by("started_at", "pk")


def _old_readings(user: User, before: datetime) -> QuerySet[Reading]:
    return Reading.objects.filter(user=user, created_at__lt=before)


def _old_captures(user: User, before: datetime) -> QuerySet[Capture]:
    old = Capture.objects.filter(user=user, created_at__lt=before)
    return old.exclude(state__in=UNFINISHED)


def _old_live_sessions(user: User, before: datetime) -> QuerySet[LiveSession]:
    return LiveSession.objects.filter(user=user, started_at__lt=before)


HOLDING = Holding(
    app="emotions",
    subjects=(
        Subject(
            "readings",
            _("Your moods: read of your face or named by you, with your corrections and notes."),
            told(
                _readings,
                "id", "created_at", "source", "label", "confidence", "unsure", "corrected_to",
                "corrected_at", "valence", "arousal", "probabilities", "network_probabilities",
                "corrections_used", "burst", "model_version", "capture_id", "live_id", "note",
            ),
            ("emotions.Reading",),
        ),
        Subject(
            "captures",
            _("Attempts to read your face, and how they ended. The pictures are long deleted."),
            told(
                _captures,
                "id", "created_at", "finished_at", "state", "reason", "frame_count", "faces_seen",
                "frames_deleted_at", "live_id",
            ),
            ("emotions.Capture",),
        ),
        Subject(
            "live_sessions",
            _("When you let your face be followed, and why that ended."),
            told(_live_sessions, "id", "started_at", "ended_at", "end", "locked"),
            ("emotions.LiveSession",),
        ),
    ),
    ageing=(
        Ageing(
            "readings",
            lambda n: ngettext("%(count)d mood", "%(count)d moods", n) % {"count": n},
            _old_readings,
        ),
        Ageing(
            "captures",
            lambda n: ngettext(
                "%(count)d attempt to read your face", "%(count)d attempts to read your face", n
            )
            % {"count": n},
            _old_captures,
        ),
        Ageing(
            "live_sessions",
            lambda n: ngettext(
                "%(count)d time your face was followed", "%(count)d times your face was followed", n
            )
            % {"count": n},
            _old_live_sessions,
        ),
    ),
)  # fmt: skip
