"""How a face changed over a burst: kept with the reading, told on its page and by the API."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from django.urls import reverse

from emotions import services
from emotions.captures import capture_claim
from emotions.models import Reading
from ml.emotion.burst import story
from ml.emotion.labels import EMOTIONS
from tests.emotions.factories import SMILE, SMILE_READ, CaptureFactory

pytestmark = pytest.mark.django_db

CALM = {**dict.fromkeys(EMOTIONS, 0.02), "neutral": 0.88}


def frames(*rows: dict[str, float]) -> np.ndarray:
    return np.array([[row[name] for name in EMOTIONS] for row in rows])


def read(user: Any, burst: dict[str, Any] | None) -> Reading:
    """A reading of `user`, made the way a worker makes one."""
    capture = CaptureFactory.create(user=user)
    capture_claim(capture_id=capture.pk)
    assert services.capture_complete(
        capture_id=capture.pk, attempt=1, outcome=replace(SMILE_READ, burst=burst)
    )
    return Reading.objects.get(capture=capture)


@pytest.fixture
def consented(owner: Any) -> Any:
    from accounts.services import consent_grant

    consent_grant(user=owner)
    return owner


def test_the_page_says_from_what_to_what(consented: Any, client_of: Any) -> None:
    reading = read(consented, story(frames(CALM, CALM, SMILE), [0, 1, 3]))

    page = client_of(consented).get(reverse("reading_detail", args=[reading.pk])).content.decode()

    assert "Over 3 frames your expression moved from neutral towards happy" in page


@pytest.mark.parametrize(
    "burst",
    [
        None,
        story(frames(SMILE, SMILE), [0, 1]),
        story(frames(CALM, {**CALM, "neutral": 0.5, "sad": 0.4}), [0, 1]),
    ],
    ids=["one frame", "held still", "the same label"],
)
def test_without_a_plain_change_it_says_nothing(
    consented: Any, client_of: Any, burst: dict[str, Any] | None
) -> None:
    reading = read(consented, burst)

    page = client_of(consented).get(reverse("reading_detail", args=[reading.pk])).content.decode()

    assert "your expression moved" not in page


def test_the_api_gives_onset_and_apex(consented: Any, api_of: Any) -> None:
    burst = story(frames(CALM, SMILE), [2, 5])
    reading = read(consented, burst)

    told = api_of(consented).get(f"/api/v1/readings/{reading.pk}").json()

    assert told["burst"] == burst
    assert told["burst"]["onset"]["frame"] == 2
    assert told["burst"]["apex"]["label"] == "happy"


def test_several_faces_are_told(consented: Any, client_of: Any) -> None:
    capture = CaptureFactory.create(user=consented)
    capture_claim(capture_id=capture.pk)
    services.capture_complete(
        capture_id=capture.pk, attempt=1, outcome=replace(SMILE_READ, faces_seen=3)
    )
    reading = Reading.objects.get(capture=capture)

    page = client_of(consented).get(reverse("reading_detail", args=[reading.pk])).content.decode()

    assert "There were 3 faces in the picture. The largest one was read." in page
