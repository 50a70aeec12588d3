"""How long a list takes, over the API, with 1,000 and with 100,000 songs.

Run as `python -m benchmarks.lists SONGS` in an environment whose data directory may be filled: it
migrates, loads the demo catalogue, adds jittered copies of its songs up to the number asked for,
and prints one JSON line.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

from benchmarks.numbers import summary
from tests.process import BASE_DIR, clean_environment

REQUESTS = 60
#: The API allows 60 lists a minute to one listener.
PER_LISTENER = 30
WARM_UP = 3
#: Songs rated before, for the second series.
RATED = 50
GOALS = ("match", "lift", "calm")
#: Spread of the copies, in standard deviations of each feature over the demo songs.
JITTER = 0.3
BATCH = 2000


def measure(songs: int) -> dict[str, Any]:
    """Run this module in a process and a temporary database of its own."""
    with tempfile.TemporaryDirectory() as folder:
        result = subprocess.run(
            [sys.executable, "-m", "benchmarks.lists", str(songs)],
            cwd=BASE_DIR,
            env=clean_environment(Path(folder) / "data", MOODMUSIC_LOG_LEVEL="ERROR"),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer


def main(songs: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("load_demo", verbosity=0, skip_checks=True)
    fill_catalogue(songs)
    print(json.dumps({"songs": songs, **_time_lists()}))


def fill_catalogue(songs: int) -> None:
    """Add copies of the demo songs, their features jittered, until there are `songs`; or hide
    the surplus."""
    import numpy as np
    from django.db import transaction

    from catalog.models import Song

    demo = list(Song.objects.prefetch_related("moods").order_by("pk"))
    surplus = demo[songs:]
    if surplus:
        Song.objects.filter(pk__in=[song.pk for song in surplus]).update(hidden=True)
    names = sorted(demo[0].features)
    values = np.array([[song.features[name] for name in names] for song in demo])
    spread = values.std(axis=0) * JITTER
    dice = np.random.default_rng(7)
    link = Song.moods.through
    for start in range(0, max(0, songs - len(demo)), BATCH):
        count = min(BATCH, songs - len(demo) - start)
        picks = dice.integers(len(demo), size=count)
        noise = dice.normal(size=(count, len(names))) * spread
        copies = []
        for index, pick in enumerate(picks):
            source = demo[pick]
            features = dict(
                zip(names, (values[pick] + noise[index]).round(5).tolist(), strict=True)
            )
            copies.append(
                Song(
                    id=uuid.uuid4(),
                    title=f"{source.title} {start + index}",
                    artist_id=source.artist_id,
                    genre=source.genre,
                    duration_s=source.duration_s,
                    licence=source.licence,
                    credit=source.credit,
                    features=features,
                    valence=source.valence,
                    arousal=source.arousal,
                    revision=source.revision,
                )
            )
        with transaction.atomic():
            Song.objects.bulk_create(copies)
            link.objects.bulk_create(
                link(song_id=copy.pk, mood_id=mood.pk)
                for copy, pick in zip(copies, picks, strict=True)
                for mood in demo[pick].moods.all()
            )


def _time_lists() -> dict[str, Any]:
    """Lists of new listeners, and of listeners who have rated RATED songs."""
    times, first = _listeners(rated=0)
    after, _ = _listeners(rated=RATED)
    return {"first_ms": round(first * 1000, 1), **summary(times), "after_ratings": summary(after)}


def _listeners(rated: int) -> tuple[list[float], float]:
    """Seconds of each list, and of the very first one, which fills the caches."""
    from rest_framework.test import APIClient

    from accounts.models import User
    from catalog.selectors import songs_visible
    from emotions.models import Emotion
    from emotions.services import reading_by_hand
    from recommendations.services import rating_set

    times, first = [], 0.0
    for number in range(REQUESTS + WARM_UP):
        if number % PER_LISTENER == 0:
            user = User.objects.create_user(f"{uuid.uuid4().hex}@example.org", uuid.uuid4().hex)
            client = APIClient()
            client.force_authenticate(user)
            readings = [reading_by_hand(user=user, emotion=emotion) for emotion in Emotion.values]
            for place, song in enumerate(songs_visible()[:rated]):
                rating_set(user=user, song=song, stars=1 + place % 5)
        body = {
            "reading": str(readings[number % len(readings)].pk),
            "goal": GOALS[number % len(GOALS)],
        }
        started = time.perf_counter()
        response = client.post("/api/v1/lists", body, format="json", headers={"host": "localhost"})
        took = time.perf_counter() - started
        if response.status_code != 201:
            raise SystemExit(f"{response.status_code}: {response.content.decode()[:2000]}")
        if number == 0:
            first = took
        if number >= WARM_UP:
            times.append(took)
    return times, first


if __name__ == "__main__":
    main(int(sys.argv[1]))
