"""Writing and reading the workers' signs of life."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from moodmusic.models import WorkerBeat

#: Seconds between two signs of life of a worker.
INTERVAL_S = 5.0
#: Seconds after which a silent worker counts as gone; several beats may be missed under load.
STALE_S = 30.0
#: Age at which the row of a worker that was never seen again is deleted.
FORGET = timedelta(days=1)

WARMING = "warming"
READY = "ready"
BROKEN = "broken"


def beat_write(*, name: str, role: str, detail: str) -> None:
    """Say that worker `name` lives; rows of workers long gone are dropped on the way."""
    now = timezone.now()
    WorkerBeat.objects.update_or_create(
        name=name, defaults={"role": role, "detail": detail, "at": now}
    )
    WorkerBeat.objects.filter(at__lt=now - FORGET).delete()


def beat_age_s(beat: WorkerBeat) -> float:
    """Seconds since `beat`; never negative, even when two hosts' clocks differ."""
    return max(0.0, (timezone.now() - beat.at).total_seconds())


def role_state(beats: list[WorkerBeat], role: str) -> tuple[str, float | None]:
    """The state of a role and the age in seconds of its latest beat.

    The state is "ready" when any worker of the role is, else "warming" when one is on its way,
    else "broken" when one lives but cannot work, "silent" when the last beat is too old, and
    "absent" when there never was one.
    """
    of_role = [beat for beat in beats if beat.role == role]
    if not of_role:
        return "absent", None
    age = min(beat_age_s(beat) for beat in of_role)
    living = {beat.detail for beat in of_role if beat_age_s(beat) <= STALE_S}
    for state in (READY, WARMING, BROKEN):
        if state in living:
            return state, age
    return "silent", age
