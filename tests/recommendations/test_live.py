"""Live sessions: two looks that agree move the songs to come, and something always ends them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from PIL import Image

from accounts.services import consent_grant, consent_withdraw
from emotions.captures import capture_claim, capture_complete
from emotions.inference import Outcome
from emotions.live import AWAY_AFTER, LONGEST
from emotions.models import Capture, LiveSession, Reading
from recommendations.live import TOGETHER
from recommendations.models import SongList
from tests.emotions.factories import SMILE_READ
from tests.emotions.storage import private_frames

pytestmark = pytest.mark.django_db

Api = Callable[[Any], Any]
Make = Callable[..., SongList]

WALL = Outcome(reason="no_face")
DOUBT = Outcome(**{**vars(SMILE_READ), "unsure": True, "confidence": 0.3})


@pytest.fixture(autouse=True)
def _frames_here(settings: Any, tmp_path: Path) -> None:
    private_frames(settings, tmp_path / "frames")


class Follower:
    """A device that follows its listener's face; what the face shows is given by the test."""

    def __init__(self, api: Any, song_list: SongList) -> None:
        self.api, self.song_list = api, song_list
        answer = api.post("/api/v1/live")
        assert answer.status_code == 201, answer.content
        self.session = answer.json()
        self.address = f"/api/v1/live/{self.session['id']}"

    def send(self) -> Any:
        file = io.BytesIO()
        Image.new("RGB", (64, 64), "grey").save(file, "JPEG")
        file.seek(0)
        file.name = "live.jpg"
        return self.api.post("/api/v1/captures", {"frames": file, "live": self.session["id"]})

    def sees(self, outcome: Outcome) -> Any:
        """Send a picture, let the worker read `outcome` in it, and look."""
        answer = self.send()
        assert answer.status_code == 202, answer.content
        capture = capture_claim(capture_id=answer.json()["id"])
        assert capture is not None
        assert capture_complete(capture_id=capture.pk, attempt=capture.attempts, outcome=outcome)
        return self.look()

    def look(self) -> Any:
        answer = self.api.get(f"{self.address}?list={self.song_list.pk}")
        assert answer.status_code == 200, answer.content
        return answer.json()


@pytest.fixture
def follower(owner: Any, api_of: Api, a_list: Make, songs: list[Any]) -> Follower:
    """The owner listens to songs for a sad mood, and lets their face be followed."""
    consent_grant(user=owner)
    return Follower(api_of(owner), a_list(owner, emotion="sad"))


def test_two_agreeing_readings_of_a_new_mood_ask_for_a_change(follower: Follower) -> None:
    first = follower.sees(SMILE_READ)
    second = follower.sees(SMILE_READ)

    assert (first["change"], first["reading"]["label"]) == (None, "happy")
    assert second["change"] == second["reading"]["id"] != first["reading"]["id"]
    assert (first["said"], second["said"]) == (
        "Looks happy. If the next look agrees, the songs to come follow.",
        "Looks happy twice in a row: the songs to come follow.",
    )


def test_a_list_of_the_mood_read_is_left_alone(follower: Follower, a_list: Make) -> None:
    # given: the songs followed already
    follower.sees(SMILE_READ)
    follower.sees(SMILE_READ)
    owner = follower.song_list.user
    follower.song_list = a_list(owner, emotion="happy")

    # when, then: every further smile changes nothing
    for _ in range(3):
        now = follower.sees(SMILE_READ)
        assert (now["change"], now["said"]) == (None, "Looks happy, and so does the music.")


def test_a_reading_in_doubt_agrees_with_nothing(follower: Follower) -> None:
    looks = [follower.sees(outcome) for outcome in (SMILE_READ, DOUBT, SMILE_READ, SMILE_READ)]

    assert [bool(look["change"]) for look in looks] == [False, False, False, True]
    assert looks[1]["said"] == "Not sure this time."


def test_a_glance_away_between_two_readings_does_no_harm(follower: Follower) -> None:
    looks = [follower.sees(outcome) for outcome in (SMILE_READ, WALL, SMILE_READ)]

    assert looks[1]["said"] == "No face found"
    assert [bool(look["change"]) for look in looks] == [False, False, True]


def test_readings_far_apart_do_not_agree(follower: Follower) -> None:
    follower.sees(SMILE_READ)
    Reading.objects.filter(user=follower.song_list.user, source="face").update(
        created_at=timezone.now() - TOGETHER - timedelta(seconds=1)
    )

    assert follower.sees(SMILE_READ)["change"] is None


def test_the_lock_keeps_the_list_and_the_readings_go_on(follower: Follower) -> None:
    answer = follower.api.put(follower.address, {"locked": True}, format="json")
    assert answer.json()["locked"] is True
    looks = [follower.sees(SMILE_READ) for _ in range(3)]

    assert [look["change"] for look in looks] == [None, None, None]
    assert looks[-1]["said"] == "Looks happy. The list is locked."
    assert Reading.objects.filter(live=follower.session["id"]).count() == 3

    follower.api.put(follower.address, {"locked": False}, format="json")
    assert follower.look()["change"] is not None


def test_an_unread_picture_is_waited_for(follower: Follower) -> None:
    follower.sees(SMILE_READ)
    follower.send()

    now = follower.look()

    assert (now["busy"], now["change"]) == (True, None)


def test_captures_and_readings_are_marked_with_their_session(follower: Follower) -> None:
    now = follower.sees(SMILE_READ)

    assert now["reading"]["live"] == follower.session["id"]
    assert str(Capture.objects.get().live_id) == follower.session["id"]
    # A mood named by hand in the meantime is none of it.
    by_hand = follower.api.post("/api/v1/readings", {"emotion": "sad"}, format="json")
    assert by_hand.json()["live"] is None


def test_it_ends_after_an_hour(follower: Follower) -> None:
    LiveSession.objects.update(started_at=timezone.now() - LONGEST)

    now = follower.look()

    assert now["session"]["end"] == "time"
    assert now["said"].startswith("An hour is over")
    refused = follower.send()
    assert (refused.status_code, refused.json()["code"]) == (409, "live_ended")


def test_it_ends_when_the_listener_goes_away(follower: Follower) -> None:
    follower.sees(SMILE_READ)
    looks = [follower.sees(WALL) for _ in range(AWAY_AFTER)]

    assert [look["session"]["end"] for look in looks] == [""] * (AWAY_AFTER - 1) + ["away"]


def test_it_ends_when_consent_is_withdrawn(follower: Follower) -> None:
    consent_withdraw(user=follower.song_list.user)

    refused = follower.send()

    assert (refused.status_code, refused.json()["code"]) == (403, "consent_required")
    assert follower.look()["session"]["end"] == "consent"
    assert Capture.objects.count() == 0


def test_it_ends_on_demand_and_the_first_reason_stays(follower: Follower) -> None:
    for _ in range(2):
        assert follower.api.delete(follower.address).status_code == 204
    LiveSession.objects.update(started_at=timezone.now() - LONGEST)

    assert follower.look()["session"]["end"] == "stopped"


def test_a_second_session_ends_the_first(follower: Follower) -> None:
    Follower(follower.api, follower.song_list)

    assert follower.look()["session"]["end"] == "stopped"
    assert LiveSession.objects.filter(ended_at=None).count() == 1


def test_nobody_is_followed_without_consent(owner: Any, api_of: Api) -> None:
    answer = api_of(owner).post("/api/v1/live")

    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert LiveSession.objects.count() == 0


def test_a_session_is_for_its_owner_alone(
    follower: Follower, owner: Any, other: Any, anonymous: Any, api_of: Api, a_list: Make
) -> None:
    consent_grant(user=other)
    theirs, nobody = api_of(other), api_of(anonymous)
    theirs_list = a_list(other)

    for method, body in (("get", None), ("put", {"locked": True}), ("delete", None)):
        assert getattr(theirs, method)(follower.address, body, format="json").status_code == 404
        assert getattr(nobody, method)(follower.address, body, format="json").status_code == 401
    follower.api, mine = theirs, follower.api
    assert follower.send().status_code == 404
    assert mine.get(f"{follower.address}?list={theirs_list.pk}").status_code == 404
    session = LiveSession.objects.get()
    assert (session.user, session.locked, session.ended_at) == (owner, False, None)


def test_an_hour_of_looks_is_within_the_limits(follower: Follower) -> None:
    # Four a minute, and pictures taken on purpose beside them: none is refused.
    assert [follower.sees(SMILE_READ)["session"]["end"] for _ in range(8)] == [""] * 8


@pytest.mark.parametrize("agreed", [True, False])
def test_the_control_is_on_a_list_for_who_has_agreed(
    agreed: bool, owner: Any, client_of: Any, a_list: Make, songs: list[Any]
) -> None:
    if agreed:
        consent_grant(user=owner)
    song_list = a_list(owner)

    page = client_of(owner).get(f"/lists/{song_list.pk}/").content.decode()

    assert (f'data-follow="{song_list.pk}"' in page) is agreed
    assert "<live-session" in page
    assert "live.js" not in page
