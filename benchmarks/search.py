"""How long a search takes among 100,000 songs, over the API, on SQLite and on PostgreSQL; and a
page of them in each order, the first one and one from the middle.

Run as `python -m benchmarks.search SONGS` in an environment whose database may be filled: it
migrates, writes songs with invented titles, artists and albums, and prints one JSON line. Half of
the words of names come from the few dozen that every other title holds, as in real catalogues.
Beside the time that passed it gives the processor time of this process (on SQLite the whole work),
which other work on the machine disturbs less.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
import uuid
from typing import Any

from benchmarks.alone import measured_alone
from benchmarks.numbers import summary
from tests.process import fresh_database

SONGS, ARTISTS, ALBUMS = 100_000, 10_000, 12_000
#: Words invented, and how their frequency falls: the k-th is drawn as 1 / k ** FALL.
WORDS, FALL = 40_000, 0.95
REQUESTS, WARM_UP = 200, 10
#: Pages in each order.
PAGES = 40
BATCH = 2000
MOST_LENGTH = 14
STARTS = [
    "b",
    "bl",
    "br",
    "c",
    "ch",
    "cl",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pl",
    "qu",
    "r",
    "s",
    "sh",
    "sl",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "y",
    "z",
]
MIDDLES = ["a", "e", "i", "o", "u", "ai", "ea", "ee", "oo", "ou"]
ENDS = ["", "", "l", "m", "n", "nd", "ng", "r", "rn", "s", "st", "t", "x"]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def measure(database: str) -> dict[str, Any]:
    """Run this module in a process and a database of its own: "sqlite" or "postgresql"."""
    if database == "postgresql":
        with fresh_database() as address:
            return measured_alone("benchmarks.search", str(SONGS), DATABASE_URL=address)
    return measured_alone("benchmarks.search", str(SONGS))


def main(songs: int) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "moodmusic.settings")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, skip_checks=True)
    # Pages name styles and scripts as they are served.
    call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True)
    dice = random.Random(5)
    started = time.perf_counter()
    fill(songs, dice)
    filled = time.perf_counter() - started
    found = _time_searches(dice) | {"browsing": _time_browsing(dice)}
    print(json.dumps({"songs": songs, "filled_s": round(filled, 1), **found}))


def invented(dice: random.Random) -> str:
    """A word of one to four syllables."""
    count = dice.choice((1, 2, 2, 2, 3, 3, 4))
    parts = (dice.choice(STARTS) + dice.choice(MIDDLES) + dice.choice(ENDS) for _ in range(count))
    return "".join(parts)[:MOST_LENGTH]


def fill(songs: int, dice: random.Random) -> None:
    """Write songs of invented names."""
    from django.db import transaction

    from catalog.models import Album, Artist, Mood, Song

    words = list(dict.fromkeys(invented(dice) for _ in range(WORDS)))
    weights = [1 / rank**FALL for rank in range(1, len(words) + 1)]

    def names(count: int, least: int, most: int) -> list[str]:
        lengths = [dice.randint(least, most) for _ in range(count)]
        drawn = iter(dice.choices(words, weights, k=sum(lengths)))
        return [" ".join(next(drawn) for _ in range(length)).title() for length in lengths]

    artists = [Artist(name=name) for name in dict.fromkeys(names(ARTISTS, 1, 3))]
    moods = list(Mood.objects.all())
    with transaction.atomic():
        Artist.objects.bulk_create(artists, batch_size=BATCH)
        titles = names(ALBUMS, 1, 4)
        albums = [
            Album(title=f"{title} {number}", artist=dice.choice(artists), year=1960 + number % 65)
            for number, title in enumerate(titles)
        ]
        Album.objects.bulk_create(albums, batch_size=BATCH)
    features = {f"measure {number}": number / 7 for number in range(20)}
    titles = names(songs, 1, 6)
    for start in range(0, songs, BATCH):
        made = []
        for title in titles[start : start + BATCH]:
            album = dice.choice(albums)
            made.append(
                Song(
                    title=title,
                    artist_id=album.artist_id,
                    album=album,
                    year=album.year,
                    duration_s=180.0,
                    language=dice.choice(("en", "hi", "es", "")),
                    features=features,
                )
            )
        with transaction.atomic():
            Song.objects.bulk_create(made)
            Song.moods.through.objects.bulk_create(
                Song.moods.through(song_id=song.pk, mood=dice.choice(moods)) for song in made
            )


def misspelt(text: str, dice: random.Random) -> str:
    """One wrong letter in the longest word, two where it has eight or more."""
    words = text.lower().split()
    longest = max(words, key=len)
    letters = list(longest)
    for place in dice.sample(range(len(letters)), 2 if len(letters) >= 8 else 1):
        letters[place] = dice.choice(LETTERS.replace(letters[place], ""))
    words[words.index(longest)] = "".join(letters)
    return " ".join(words)


def _queries(dice: random.Random) -> dict[str, list[str]]:
    """Kinds of queries, from names that are there."""
    from catalog.models import Song

    number = REQUESTS + WARM_UP
    rows = Song.objects.order_by("title", "pk").values_list("title", "artist__name")
    songs = dice.sample(list(rows), number)
    titles = [title for title, _artist in songs]
    long = [title for title in titles if max(map(len, title.split())) >= 4]
    return {
        "title": titles,
        "one word": [dice.choice(title.split()) for title in titles],
        "beginning": [title[: dice.randint(1, 6)] for title in titles],
        "artist and word": [f"{artist} {dice.choice(title.split())}" for title, artist in songs],
        "typo": [misspelt(dice.choice(long), dice) for _ in range(number)],
        "one word, typo": [
            misspelt(max(dice.choice(long).split(), key=len), dice) for _ in range(number)
        ],
    }


def _time_searches(dice: random.Random) -> dict[str, Any]:
    from django.db import connection
    from rest_framework.test import APIClient

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    user = _listener()
    client = APIClient()
    client.force_authenticate(user)
    results: dict[str, Any] = {}
    everything: list[float] = []
    busy_all: list[float] = []
    for kind, queries in _queries(dice).items():
        times, busy, found = [], [], 0
        for number, query in enumerate(queries):
            started, worked = time.perf_counter(), time.process_time()
            answer = client.get("/api/v1/songs", {"q": query}, headers={"host": "localhost"})
            took, work = time.perf_counter() - started, time.process_time() - worked
            if answer.status_code != 200:
                raise SystemExit(f"{answer.status_code}: {answer.content.decode()[:2000]}")
            if number >= WARM_UP:
                times.append(took)
                busy.append(work)
                found += answer.json()["count"] > 0
        results[kind] = {
            **summary(times),
            "processor": summary(busy),
            "found": found / len(times),
        }
        everything += times
        busy_all += busy
    return {"all": {**summary(everything), "processor": summary(busy_all)}, "kinds": results}


def _listener() -> Any:
    from accounts.models import User

    return User.objects.create_user(f"{uuid.uuid4().hex}@example.org", uuid.uuid4().hex)


def _time_browsing(dice: random.Random) -> dict[str, Any]:
    """Pages of /music/ in each order."""
    from django.test import Client

    from catalog.filters import ORDERINGS
    from catalog.models import Song

    client = Client()
    client.force_login(_listener())
    keys = dice.sample(list(Song.objects.values_list("pk", flat=True)), PAGES + WARM_UP)
    results: dict[str, Any] = {}
    for ordering in ORDERINGS:
        for name, places in (("first", [""] * len(keys)), ("middle", keys)):
            times = []
            for after in places:
                started = time.perf_counter()
                answer = client.get(
                    "/music/", {"ordering": ordering, "after": str(after)},
                    headers={"host": "localhost"},
                )  # fmt: skip
                if answer.status_code != 200:
                    raise SystemExit(f"{answer.status_code}: {answer.content.decode()[:2000]}")
                times.append(time.perf_counter() - started)
            results[f"{ordering}, {name} page"] = summary(times[WARM_UP:])
    return results


if __name__ == "__main__":
    main(int(sys.argv[1]))
