"""Whether the service lives and is ready, for people, supervisors and Prometheus."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.apps import apps
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from moodmusic import beats
from moodmusic.models import WorkerBeat

#: Seconds that readiness waits for the broker to answer.
BROKER_TIMEOUT_S = 0.5


@never_cache
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """The process answers. Touches neither database nor broker."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """200 when a listener can be served, 503 with the reasons else.

    The inference workers are told but not waited for: while the network loads, captures queue up
    and everything else works.
    """
    state = readiness()
    response = JsonResponse(state, status=200 if state["ready"] else 503)
    # Django logs every 503 as an error; here it is an answer, asked for twice a second at start.
    response._has_been_logged = True  # type: ignore[attr-defined]
    return response


def readiness() -> dict[str, Any]:
    """What /health/ready says, as data.

    Keys: `ready`, `reasons` (what keeps it from being ready), `database`, `catalogue` (songs),
    `broker`, `worker` and `inference` (see `beats.role_state`).
    """
    reasons = []
    state: dict[str, Any] = {"database": "ok", "catalogue": 0, "worker": "unknown"}
    try:
        state["catalogue"] = apps.get_model("catalog", "Song").objects.filter(hidden=False).count()
        seen = list(WorkerBeat.objects.all())
        state["worker"] = beats.role_state(seen, WorkerBeat.Role.DEFAULT)[0]
        state["inference"] = beats.role_state(seen, WorkerBeat.Role.INFERENCE)[0]
        if not state["catalogue"]:
            reasons.append("The catalogue has no songs: run `manage.py load_demo`.")
        if state["worker"] != beats.READY:
            reasons.append(f"No default worker gave a sign of life in {beats.STALE_S:.0f} s.")
    except DatabaseError as error:
        state["database"] = "down"
        reasons.append(f"The database does not answer: {type(error).__name__}.")
    state["broker"] = "ok" if broker_answers() else "down"
    if state["broker"] == "down":
        reasons.append("The broker does not answer.")
    return {"ready": not reasons, "reasons": reasons, **state}


def broker_answers() -> bool:
    """Whether a message could be sent now."""
    from moodmusic.celery import app

    try:
        with app.connection_for_write() as connection:
            connection.ensure_connection(
                max_retries=1, interval_start=0, interval_step=0, timeout=BROKER_TIMEOUT_S
            )
            connection.default_channel.queue_declare("default", durable=True)
    except Exception:
        # Every transport has errors of its own; each of them means no.
        return False
    return True


# --- Prometheus -----------------------------------------------------------------------------------


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format: how deep the queue is, who lives, what was made."""
    lines: list[str] = []

    def gauge(name: str, help_text: str, values: dict[str, float]) -> None:
        lines.append(f"# HELP moodmusic_{name} {help_text}")
        lines.append(f"# TYPE moodmusic_{name} gauge")
        lines.extend(f"moodmusic_{name}{labels} {value:g}" for labels, value in values.items())

    states = Counter(queue_depth())
    gauge("captures", "Captures by state.", {f'{{state="{k}"}}': n for k, n in states.items()})
    gauge("songs", "Songs that lists may use.", {"": _count("catalog", "Song", hidden=False)})
    gauge("lists", "Lists made.", {"": _count("recommendations", "SongList")})
    gauge("ratings", "Ratings in force.", {"": _count("recommendations", "Rating")})
    gauge(
        "worker_beat_age_seconds",
        "Seconds since a worker's last sign of life.",
        {
            f'{{name="{beat.name}",role="{beat.role}"}}': beats.beat_age_s(beat)
            for beat in WorkerBeat.objects.order_by("name")
        },
    )
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def queue_depth() -> dict[str, int]:
    """Captures by state; every state has an entry."""
    from django.db.models import Count

    capture = apps.get_model("emotions", "Capture")
    depth = dict.fromkeys(capture.State.values, 0)
    depth |= dict(capture.objects.values_list("state").annotate(Count("pk")))
    return depth


def _count(app: str, model: str, **filters: Any) -> int:
    return apps.get_model(app, model).objects.filter(**filters).count()
