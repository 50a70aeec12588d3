"""The curation desk in a real browser: three songs by keyboard alone, and two curators at once."""

from __future__ import annotations

import subprocess
import sys
import time
import uuid
from typing import Any

import pytest

from tests.factories import PASSWORD
from tests.process import BASE_DIR, Stack

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

#: A curator, and songs with audio that nobody has labelled; prints their titles in the queue's
#: order. Their sound is made beforehand: a library's files need no making.
PREPARE = """
from django.contrib.auth.models import Group
from accounts.models import User
from catalog.models import Annotation, Song
from catalog.services import audio_prepare, song_moods_set
user = User.objects.create_user({email!r}, {password!r})
user.groups.add(Group.objects.get(name="curator"))
songs = list(Song.objects.exclude(piece="").order_by("title", "pk")[{first}:{first} + 6])
song_moods_set(songs=songs, moods=[], by=None, source=Annotation.Source.CURATOR)
for place, song in enumerate(songs):
    audio_prepare(song=song)
    Song.objects.filter(pk=song.pk).update(gain=100 - place)
print("|".join(song.title for song in songs))
"""
#: Seconds a song may take by keyboard, and how much of it is heard before the label.
LIMIT_S, HEARD_S = 5.0, 1.5
AUDIO = "document.querySelector('[data-now] audio')"
TITLE = "document.querySelector('[data-now] h2').textContent"


def curator_of(stack: Stack, first: int) -> tuple[str, list[str]]:
    """E-mail of a new curator, and titles of six songs that wait, in order."""
    email = f"{uuid.uuid4().hex}@example.org"
    code = PREPARE.format(email=email, password=PASSWORD, first=first)
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "-v", "0", "-c", code],
        cwd=BASE_DIR,
        env=stack.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return email, done.stdout.splitlines()[-1].split("|")


def sign_in(visitor: Any, email: str) -> None:
    visitor.visit("/accounts/login/?next=/curate/")
    visitor.page.get_by_label("Email").fill(email)
    visitor.page.get_by_label("Password").fill(PASSWORD)
    visitor.page.get_by_role("button", name="Sign in").click()
    visitor.page.wait_for_url("**/curate/")


def test_three_songs_are_heard_and_labelled_by_keyboard_alone(
    visitor_of: Any, stack: Stack, record_property: Any
) -> None:
    email, titles = curator_of(stack, 0)
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page, keys = visitor.page, visitor.page.keyboard
    sign_in(visitor, email)
    visitor.until(f"{TITLE} === {titles[0]!r}")
    assert visitor.ask(f"{AUDIO}.paused"), "browsers want a deed before sound"
    took = []
    for place, (digit, mood) in enumerate((("1", 0), ("3", 2), ("7", 6))):
        started = time.monotonic()
        if place:  # from the second song on it plays by itself
            visitor.until(f"!{AUDIO}.paused")
        keys.press(digit)
        visitor.until(f"{AUDIO}.currentTime > {HEARD_S}")
        assert visitor.ask(f"document.querySelectorAll('[data-now] [name=moods]')[{mood}].checked")
        keys.press("ArrowRight")
        keys.press("Shift+ArrowUp")
        keys.press("Enter")
        visitor.until(f"{TITLE} === {titles[place + 1]!r}")
        took.append(round(time.monotonic() - started, 2))
    record_property("seconds_a_song", took)
    print("seconds a song:", took)
    assert max(took) < LIMIT_S

    # The tally says so, undo brings the third back with its label gone, and skip goes on.
    visitor.until("document.querySelector('[data-tally]').textContent.startsWith('3 labelled')")
    keys.press("u")
    visitor.until(f"{TITLE} === {titles[2]!r}")
    assert visitor.ask("document.querySelectorAll('[data-now] [name=moods]:checked').length") == 0
    keys.press("a")
    keys.press("Enter")
    visitor.until(f"{TITLE} === {titles[3]!r}")
    keys.press("s")
    visitor.until(f"{TITLE} === {titles[4]!r}")
    page.wait_for_timeout(300)
    page.goto(f"{visitor.url}/curate/edits/")
    rows = page.locator(".desk-rows > li").all_inner_texts()
    assert [row.split("\n")[0].split(":")[0] for row in rows[:4]] == [
        titles[2], titles[2], titles[1], titles[0],
    ]  # fmt: skip
    assert "ambiguous" in rows[0]
    assert "undone by" in rows[1]
    assert visitor.complaints == []


def test_two_curators_with_one_song_decide_between_their_labels(
    visitor_of: Any, stack: Stack
) -> None:
    visitors = []
    for first in (20, 40):
        email, _titles = curator_of(stack, first)
        visitor = visitor_of(viewport={"width": 360, "height": 740})
        sign_in(visitor, email)
        visitors.append(visitor)
    quick, slow = visitors
    # A song is given to one curator at a time, so the slower one opens it by its address.
    song = quick.ask("document.querySelector('[data-now] .desk-card').dataset.song")
    slow.visit(f"/curate/songs/{song}/")
    quick.page.locator("[data-now] .mood-key").first.click()
    quick.page.get_by_role("button", name="Save, next").click()
    quick.until("document.querySelector('[data-tally]').textContent.startsWith('1 labelled')")

    slow.page.locator("[data-now] .mood-key").nth(4).click()
    slow.page.get_by_role("button", name="Save").click()

    slow.page.get_by_role("heading", name="two judgements").wait_for()
    assert slow.page.locator(".conflict__sides section").count() == 2
    slow.page.get_by_role("button", name="Both").click()
    slow.page.wait_for_url("**/curate/")
    slow.visit(f"/curate/songs/{song}/")
    ticked = slow.page.locator(".desk-moods [name=moods]:checked")
    assert ticked.count() == 2
    assert quick.complaints == []
    # The 409 itself is told on the console, and nothing else.
    assert all("409" in words for words in slow.complaints)


def test_songs_are_lassoed_on_the_map_and_reached_by_keyboard(
    visitor_of: Any, stack: Stack
) -> None:
    email, _titles = curator_of(stack, 60)
    visitor = visitor_of(viewport={"width": 1280, "height": 900})
    page = visitor.page
    sign_in(visitor, email)
    visitor.visit("/curate/map/")
    box = page.locator("svg.mood-map__plane").bounding_box()

    def point(valence: float, arousal: float) -> tuple[float, float]:
        return (
            box["x"] + (valence + 1) / 2 * box["width"],
            box["y"] + (1 - arousal) / 2 * box["height"],
        )

    # The menu of the browser is no choice of songs
    page.mouse.click(*point(0.5, 0.5), button="right")
    page.wait_for_timeout(300)
    assert page.url.endswith("/curate/map/")
    page.keyboard.press("Escape")

    # A lasso around sad, which lies at -0.65, -0.45 alone
    corners = ((-0.9, -0.7), (-0.4, -0.7), (-0.4, -0.3), (-0.65, -0.2), (-0.9, -0.3))
    page.mouse.move(*point(*corners[0]))
    page.mouse.down()
    for corner in (*corners[1:], corners[0]):
        page.mouse.move(*point(*corner), steps=4)
    page.mouse.up()
    page.wait_for_url("**/curate/songs/?area=*")
    assert page.locator(".desk-rows .chip").all_inner_texts() == ["Sad"] * 20

    # By keyboard: from the middle up and to the right, and in
    visitor.visit("/curate/map/")
    page.locator("svg.mood-map__plane").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/curate/songs/?area=0.05*")
    assert visitor.complaints == []
