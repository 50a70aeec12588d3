"""How long a list takes, over the API, with 1,000, with 100,000 and with 1,000,000 songs.

Run as `python -m benchmarks.lists SONGS` in an environment whose data directory may be filled: it
migrates, loads the demo catalogue, adds jittered copies of its songs up to the number asked for
(from 100,000 on, plain copies of those), and prints one JSON line. Beside the time that passed it
gives the processor time of the process, which other work on the machine disturbs less.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from typing import Any

from benchmarks.alone import measured_alone
from benchmarks.numbers import summary

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
#: Songs that are copied one by one; more are doubled inside the database.
SINGLY = 100_000


def measure(songs: int) -> dict[str, Any]:
    """Run this module in a process and a temporary database of its own."""
    return measured_alone("benchmarks.lists", str(songs))


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

    wanted, songs = songs, min(songs, SINGLY)
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
                    placed=source.placed,
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
    if wanted > SINGLY:
        _search_forget()
    while (missing := wanted - Song.objects.count()) > 0 and wanted > SINGLY:
        _double(missing)


#: SQLite, which a benchmark's temporary database is. A title of its own keeps a copy from being a
#: version of its source.
#: {columns} are those of a song that a database does not derive by itself.
DOUBLE = (
    "CREATE TEMP TABLE pairs AS SELECT id AS old, lower(hex(randomblob(16))) AS new "
    "FROM catalog_song WHERE piece = '' LIMIT %s",
    "CREATE TEMP TABLE copies AS SELECT {columns} FROM catalog_song JOIN pairs ON old = id",
    "UPDATE copies SET title = title || ' ' || substr(new, 1, 8), id = new FROM pairs "
    "WHERE old = id",
    "INSERT INTO catalog_song ({columns}) SELECT {columns} FROM copies",
    "INSERT INTO catalog_song_moods (song_id, mood_id) SELECT p.new, m.mood_id "
    "FROM catalog_song_moods m JOIN pairs p ON p.old = m.song_id",
    "DROP TABLE copies",
    "DROP TABLE pairs",
)


def _search_forget() -> None:
    """Leave names out of the search, which lists never ask: filing a million takes minutes."""
    from django.db import connection

    from catalog.search.sqlite import trigger_drop, trigger_names

    with connection.cursor() as cursor:
        for name in trigger_names(cursor):
            trigger_drop(cursor, name)


def _double(most: int) -> None:
    from django.db import connection, transaction

    from catalog.models import Song

    fields = Song._meta.local_concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields if not field.generated)
    with transaction.atomic(), connection.cursor() as cursor:
        for number, statement in enumerate(DOUBLE):
            cursor.execute(statement.format(columns=columns), [most] if number == 0 else None)


def _time_lists() -> dict[str, Any]:
    """Lists of new listeners, and of listeners who have rated RATED songs."""
    times, busy, first = _listeners(rated=0)
    after, busy_after, _ = _listeners(rated=RATED)
    return {
        "first_ms": round(first * 1000, 1),
        **summary(times),
        "processor": summary(busy),
        "after_ratings": {**summary(after), "processor": summary(busy_after)},
    }


def _listeners(rated: int) -> tuple[list[float], list[float], float]:
    """Seconds of each list, processor seconds, and those of the very first, which fills caches."""
    from rest_framework.test import APIClient

    from accounts.models import User
    from catalog.selectors import songs_visible
    from emotions.models import Emotion
    from emotions.services import reading_by_hand
    from recommendations.services import rating_set

    times, busy, first = [], [], 0.0
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
        started, worked = time.perf_counter(), time.process_time()
        response = client.post("/api/v1/lists", body, format="json", headers={"host": "localhost"})
        took, work = time.perf_counter() - started, time.process_time() - worked
        if response.status_code != 201:
            raise SystemExit(f"{response.status_code}: {response.content.decode()[:2000]}")
        if number == 0:
            first = took
        if number >= WARM_UP:
            times.append(took)
            busy.append(work)
    return times, busy, first


if __name__ == "__main__":
    main(int(sys.argv[1]))
