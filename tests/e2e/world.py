"""A served product with people in it: `python -m tests.e2e.world` fills the data directory of a
stack that runs, through the product's own services, and prints what is where as JSON.

Six weeks of a listener who looks in most days; a newcomer with nothing; a curator. Only times are
set by hand, because no service lets anybody live in the past.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.process import BASE_DIR, Stack, portrait_jpeg

LISTENER, NEWCOMER, CURATOR = "asha@example.org", "new@example.org", "curator@example.org"
#: Never signs in: that would spend the link that sets a new password.
FORGETFUL = "forgetful@example.org"
#: Not yet confirmed, so that the page that confirms an address can be shown.
SECOND_ADDRESS = "asha.second@example.org"
DAYS = 42
#: How somebody feels over six weeks: more content than not, and worse in the middle.
FEELINGS = {
    "early": ("happy", "neutral", "happy", "surprise", "sad"),
    "middle": ("sad", "neutral", "angry", "fear", "sad", "disgust"),
    "late": ("happy", "happy", "neutral", "surprise"),
}
GOALS = ("match", "lift", "calm", "focus")
ACTIVITIES = ("", "", "working", "relaxing", "exercising")


def world_of(stack: Stack) -> dict[str, Any]:
    """Fill a stack that is ready; addresses and ids of what is in it.

    Pages' arguments are found under `ids` by the parameter's name, or by `route.parameter`.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.world"],
        cwd=BASE_DIR,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    world: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return world


def _people() -> tuple[Any, Any, Any]:
    """The listener, one who forgot the password, and the curator."""
    from django.contrib.auth.models import Group

    from accounts.models import User
    from accounts.selectors import CURATOR_GROUP
    from tests.factories import PASSWORD

    listener, forgetful, curator, _ = (
        User.objects.create_user(email, PASSWORD)
        for email in (LISTENER, FORGETFUL, CURATOR, NEWCOMER)
    )
    curator.is_staff = True
    curator.save()
    curator.groups.add(Group.objects.get(name=CURATOR_GROUP))
    return listener, forgetful, curator


def _wall() -> bytes:
    """A picture without a face."""
    import io

    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (640, 480), (180, 170, 160)).save(stream, "JPEG")
    return stream.getvalue()


def _captured(listener: Any, picture: bytes) -> Any:
    """The capture of a picture, once the worker has read or refused it."""
    from emotions.captures import capture_submit
    from emotions.models import Capture

    capture = capture_submit(user=listener, frames=[picture])
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        capture.refresh_from_db()
        if capture.state not in {Capture.State.PENDING, Capture.State.RUNNING}:
            return capture
        time.sleep(0.2)
    raise AssertionError(f"capture {capture.pk} stays {capture.state}")


def _day(listener: Any, emotion: str, goal: str, when: datetime, dice: random.Random) -> Any:
    """A reading, its list, and what was heard and said of it, all at `when`."""
    from emotions.models import Reading
    from emotions.readings import reading_by_hand
    from recommendations.models import Play, Rating, SongList, Verdict
    from recommendations.services.lists import list_make
    from recommendations.services.plays import play_start, play_update
    from recommendations.services.ratings import rating_set
    from recommendations.services.verdicts import verdict_set

    reading = reading_by_hand(user=listener, emotion=emotion)
    made = list_make(
        user=listener,
        reading=reading,
        goal=goal,
        journey=dice.random() < 0.2,
        activity=dice.choice(ACTIVITIES),
    )
    for item in made.items.select_related("song").order_by("position")[: dice.randint(1, 4)]:
        play = play_start(user=listener, song=item.song, song_list=made)
        whole = dice.random() < 0.7
        heard = item.song.duration_s if whole else item.song.duration_s / 3
        play_update(play=play, position_s=heard, outcome="completed" if whole else "skipped")
        Play.objects.filter(pk=play.pk).update(started_at=when, updated_at=when)
        if dice.random() < 0.5:
            stars = dice.choice((3, 4, 4, 5)) if whole else dice.choice((1, 2, 3))
            rating = rating_set(user=listener, song=item.song, stars=stars, song_list=made)
            Rating.objects.filter(pk=rating.pk).update(created_at=when, updated_at=when)
        elif dice.random() < 0.15:
            said = verdict_set(user=listener, song=item.song, kind="never", song_list=made)
            Verdict.objects.filter(pk=said.pk).update(created_at=when)
        when += timedelta(minutes=3)
    Reading.objects.filter(pk=reading.pk).update(created_at=when)
    SongList.objects.filter(pk=made.pk).update(created_at=when)
    return made


def _weeks(listener: Any, dice: random.Random) -> Any:
    """The list of today, after six weeks of others."""
    from django.utils import timezone

    made, now = None, timezone.now()
    for ago in range(DAYS, -1, -1):
        if ago and dice.random() < 0.3:
            continue
        part = "early" if ago > 28 else "middle" if ago > 14 else "late"
        hours = timedelta(days=ago, hours=dice.choice((1, 3, 9)) if ago else 1)
        goal = GOALS[ago % len(GOALS)]
        made = _day(listener, dice.choice(FEELINGS[part]), goal, now - hours, dice)
    return made


def _faces(listener: Any) -> tuple[Any, Any]:
    """A reading of a face that was corrected, one of today, and a refused capture."""
    from django.utils import timezone

    from accounts.services import consent_grant
    from emotions.models import Reading
    from emotions.readings import reading_correct

    consent_grant(user=listener)
    readings = []
    for ago, width in ((9, 640), (5, 600), (2, 560), (0, 640)):
        capture = _captured(listener, portrait_jpeg(width))
        reading = Reading.objects.get(capture=capture)
        if ago in {9, 2}:
            reading_correct(reading=reading, emotion="neutral" if ago == 9 else reading.label)
        Reading.objects.filter(pk=reading.pk).update(
            created_at=timezone.now() - timedelta(days=ago, minutes=5)
        )
        readings.append(reading)
    return readings[-1], _captured(listener, _wall())


def _album(curator: Any, home: Path) -> tuple[Any, Any]:
    """A folder with an album, imported by the worker; the run and the album."""
    from catalog.models import Album, ImportRun
    from catalog.services.imports import import_create
    from tests.catalog.audio_files import png, write

    titles = ("First light", "Salt on the window", "The long way home")
    for number, title in enumerate(titles, 1):
        write(
            home / "Harbour" / f"{number}.mp3",
            hertz=180 + 40 * number,
            title=title,
            artist="The Paper Boats",
            album="Harbour",
            tracknumber=number,
            picture=png("teal"),
        )
    run = import_create(
        kind=ImportRun.Kind.FOLDER,
        path=str(home),
        name="harbour",
        by=curator,
        options={"recursive": True, "copy": True, "licence": "CC-BY-4.0"},
    )
    deadline = time.monotonic() + 120
    while not run.finished_at and time.monotonic() < deadline:
        time.sleep(0.2)
        run.refresh_from_db()
    assert run.finished_at, f"the import stays {run.state}"
    return run, Album.objects.get(title="Harbour")


def _keys(listener: Any, forgetful: Any) -> dict[str, str]:
    """Arguments of the addresses that mails carry."""
    from allauth.account.forms import default_token_generator
    from allauth.account.models import EmailAddress, EmailConfirmationHMAC
    from allauth.account.utils import user_pk_to_url_str

    second = EmailAddress.objects.create(user=listener, email=SECOND_ADDRESS)
    return {
        "account_confirm_email.key": EmailConfirmationHMAC(second).key,
        "account_reset_password_from_key.uidb36": user_pk_to_url_str(forgetful),
        "account_reset_password_from_key.key": default_token_generator.make_token(forgetful),
    }


def make() -> dict[str, Any]:
    """Fill the database of the settings in force."""
    from django.utils import timezone

    from catalog.models import Song
    from catalog.services import opinion_set
    from recommendations.library.playlists import playlist_of_list, playlist_share
    from recommendations.services.favourites import favourites_set

    listener, forgetful, curator = _people()
    song = Song.objects.exclude(piece="").select_related("artist").order_by("title").first()
    assert song is not None
    favourites_set(user=listener, artists=[song.artist.name], genres=[])
    with tempfile.TemporaryDirectory() as folder:
        run, album = _album(curator, Path(folder))
    reading, refused = _faces(listener)
    made = _weeks(listener, random.Random(6))
    heard = made.items.select_related("song").order_by("position").first().song
    opinion_set(user=listener, song=heard, moods=list(heard.moods.all()[:1]))
    playlist = playlist_of_list(user=listener, song_list=made, name="Evenings by the sea")
    return {
        "ids": {
            "playlist_id": str(playlist.pk),
            "token": playlist_share(playlist=playlist),
            "song_id": str(heard.pk),
            "artist_id": heard.artist_id,
            "album_id": album.pk,
            "name": album.cover,
            "slug": "calm",
            "emotion": "sad",
            "view": "month",
            "on": f"{timezone.now():%Y-%m-%d}",
            "reading_id": str(reading.pk),
            "capture_id": str(refused.pk),
            "list_id": str(made.pk),
            "run_id": str(run.pk),
            **_keys(listener, forgetful),
        }
    }


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write("\n" + json.dumps(make()) + "\n")
