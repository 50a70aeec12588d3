"""How long the curation desk takes with 100,000 songs: queue, map, a lasso, a bulk edit, reports.

Run as `python -m benchmarks.desk SONGS` in an environment whose data directory may be filled: it
migrates, fills the catalogue as `benchmarks.lists` does, takes the moods from half of the songs,
makes a tenth of the rest uncertain, and prints one JSON line. `python -m benchmarks desk` runs it
in a temporary one.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from collections.abc import Callable
from typing import Any

from benchmarks.alone import measured_alone
from benchmarks.lists import fill_catalogue
from benchmarks.numbers import summary

REQUESTS, WARM_UP = 40, 3
#: Songs of the timed bulk edit.
EDITED = 5000


def measure(songs: int) -> dict[str, Any]:
    """Run this module in a process and a temporary database of its own."""
    return measured_alone("benchmarks.desk", str(songs))


def main(songs: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    call_command("load_demo", verbosity=0, skip_checks=True)
    fill_catalogue(songs)
    weighed = unsettle()
    print(json.dumps({"songs": songs, "weigh_s": round(weighed, 2), **time_pages()}))


def unsettle() -> float:
    """Half of the songs without moods, a tenth of the others uncertain, points spread out.

    Returns the seconds that weighing the whole queue took.
    """
    import numpy as np
    from django.db import connection, transaction

    from catalog.models import Song
    from catalog.services import queue_weigh, reach_source

    dice = np.random.default_rng(5)
    songs = list(Song.objects.only("pk", "valence", "arousal").order_by("pk"))
    shifts = dice.normal(0, 0.2, (len(songs), 2))
    rows = []
    for place, (song, (right, up)) in enumerate(zip(songs, shifts, strict=True)):
        confidence = None if place % 2 == 0 else 0.4 if place % 20 == 1 else 1.0
        doubt = "unlabelled" if place % 2 == 0 else "unsure" if place % 20 == 1 else ""
        valence = float(np.clip(song.valence + right, -1, 1))
        arousal = float(np.clip(song.arousal + up, -1, 1))
        rows.append((valence, arousal, confidence, doubt, song.pk.hex))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE catalog_song SET valence = %s, arousal = %s, placed = TRUE,"
            " mood_confidence = %s, doubt = %s WHERE id = %s",
            rows,
        )
        cursor.execute(
            "DELETE FROM catalog_song_moods WHERE song_id IN"
            " (SELECT id FROM catalog_song WHERE doubt = 'unlabelled')"
        )
    reach = [(song.pk, int(dice.pareto(1.2))) for song in songs]
    reach_source(lambda: reach)
    started = time.perf_counter()
    queue_weigh()
    return time.perf_counter() - started


def time_pages() -> dict[str, Any]:
    from django.contrib.auth.models import Group
    from django.core.cache import cache
    from django.test import Client

    from accounts.models import User

    curator = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", uuid.uuid4().hex)
    curator.groups.add(Group.objects.get(name="curator"))
    client = Client(headers={"host": "localhost"})
    client.force_login(curator)

    def get(address: str, *, cold: bool = False) -> Callable[[], bytes]:
        def ask() -> bytes:
            if cold:
                cache.clear()
            response = client.get(address)
            if response.status_code != 200:
                raise SystemExit(f"{address}: {response.status_code}")
            return bytes(response.content)

        return ask

    lasso = "-0.5,-0.9;0.1,-0.7;0.2,0.1;-0.6,0.2;-0.9,-0.4"
    pages = {
        "next_song": get("/curate/card/"),
        "next_song_of_a_kind": get("/curate/card/?kind=unsure"),
        "queue_page": get("/curate/"),
        "map_kept": get("/curate/map/"),
        "map_counted": get("/curate/map/", cold=True),
        "map_of_a_mood": get("/curate/map/?mood=sad", cold=True),
        "cell": get("/curate/songs/?area=0.5,0.5;0.55,0.55"),
        "lasso": get(f"/curate/songs/?area={lasso}"),
        "gaps_counted": get("/curate/gaps/", cold=True),
        "licences": get("/curate/licences/"),
    }
    results: dict[str, Any] = {name: _timed(ask) for name, ask in pages.items()}
    results["label_and_next"] = _timed(lambda: _label(client))
    results["map_kb"] = round(len(pages["map_kept"]()) / 1000, 1)
    results["bulk_edit"] = _bulk(curator)
    return results


def _timed(ask: Callable[[], Any]) -> dict[str, Any]:
    """Time passed, and the process's own processor time, which other work disturbs less."""
    times, busy = [], []
    for number in range(WARM_UP + REQUESTS):
        started, worked = time.perf_counter(), time.process_time()
        ask()
        if number >= WARM_UP:
            times.append(time.perf_counter() - started)
            busy.append(time.process_time() - worked)
    return {**summary(times), "processor": summary(busy)}


def _label(client: Any) -> None:
    """Save a label and fetch the next card, as the page does for every song."""
    card = client.get("/curate/card/").content.decode()
    song = card.split('data-song="')[1].split('"')[0]
    seen = card.split('name="seen" value="')[1].split('"')[0]
    done = client.post(f"/curate/songs/{song}/label/", {"moods": "sad", "seen": seen})
    if done.status_code != 303:
        raise SystemExit(f"label: {done.status_code}")


def _bulk(curator: Any) -> dict[str, float]:
    """Seconds of one change of EDITED songs, and of its undoing."""
    from catalog.models import Mood, Song
    from catalog.services import bulk_apply, edit_undo
    from catalog.services.bulk import seal_of

    found = list(Song.objects.order_by("pk").values_list("pk", "revision")[:EDITED])
    started = time.perf_counter()
    edit = bulk_apply(
        find=lambda: found,
        seal=seal_of(found),
        action="add",
        moods=Mood.objects.filter(slug="calm"),
        by=curator,
        words="benchmark",
    )
    applied = time.perf_counter() - started
    started = time.perf_counter()
    edit_undo(edit=edit, by=curator)
    return {
        "songs": EDITED,
        "apply_s": round(applied, 2),
        "undo_s": round(time.perf_counter() - started, 2),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]))
