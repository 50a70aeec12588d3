"""Pages from a face, or a word, to a reading."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.services import consent_grant
from emotions.models import Capture, Reading
from emotions.reasons import ADVICE
from tests.moodmusic.pages import HTMX, text_of
from tests.things import Things, things_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def things(owner: Any) -> Things:
    return things_of(owner)


def jpeg() -> SimpleUploadedFile:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (64, 64), (120, 90, 80)).save(out, "JPEG")
    return SimpleUploadedFile("me.jpg", out.getvalue(), "image/jpeg")


# --- Capture --------------------------------------------------------------------------------------


def test_a_photo_without_consent_is_refused_in_words(client_of: Any, owner: Any) -> None:
    response = client_of(owner).post(reverse("capture_create"), {"frames": jpeg()})

    assert response.status_code == 403
    assert "needs your consent" in text_of(response)
    assert Capture.objects.count() == 0


def test_a_photo_with_consent_waits_to_be_read(client_of: Any, owner: Any) -> None:
    consent_grant(user=owner)

    response = client_of(owner).post(reverse("capture_create"), {"frames": jpeg()})

    capture = Capture.objects.get(user=owner)
    assert response.status_code == 303
    assert response["Location"] == reverse("capture_detail", args=[capture.pk])


def test_what_is_no_picture_is_refused_in_words(client_of: Any, owner: Any) -> None:
    consent_grant(user=owner)
    text = SimpleUploadedFile("me.jpg", b"this is no picture", "image/jpeg")

    response = client_of(owner).post(reverse("capture_create"), {"frames": text})

    assert response.status_code == 415
    assert 'role="alert"' in response.content.decode()
    assert Capture.objects.count() == 0


def test_waiting_asks_again_ever_more_slowly(client_of: Any, owner: Any) -> None:
    capture = Capture.objects.create(user=owner, frame_count=1)
    client, address = client_of(owner), reverse("capture_detail", args=[capture.pk])

    page = client.get(address).content.decode()
    second = client.get(f"{address}?look=1", **HTMX).content.decode()
    late = client.get(f"{address}?look=40", **HTMX).content.decode()

    assert "load delay:400ms" in page
    assert '<meta http-equiv="refresh" content="1">' in page
    assert "load delay:500ms" in second
    assert "look=2" in second
    assert "<html" not in second
    assert "load delay:2000ms" in late
    assert "longer than usual" in late


@pytest.mark.parametrize("reason", ADVICE)
def test_every_refusal_gives_its_advice_and_no_mood(
    client_of: Any, owner: Any, reason: str
) -> None:
    title, advice = (str(words) for words in ADVICE[reason])
    capture = Capture.objects.create(
        user=owner, frame_count=1, state=Capture.State.REFUSED, reason=reason
    )

    words = text_of(client_of(owner).get(reverse("capture_detail", args=[capture.pk])))

    assert f"{title} {advice}" in words
    for way in ("Try again", "Use a photo", "Pick by hand"):
        assert way in words
    assert "The picture has been deleted." in words
    assert Reading.objects.count() == 0


def test_a_read_capture_goes_to_its_reading(client_of: Any, owner: Any, things: Things) -> None:
    client, address = client_of(owner), reverse("capture_detail", args=[things.capture.pk])
    reading = reverse("reading_detail", args=[things.reading.pk])

    whole, fragment = client.get(address), client.get(address, **HTMX)

    assert (whole.status_code, whole["Location"]) == (302, reading)
    assert json.loads(fragment["HX-Location"])["path"] == reading


# --- Reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "heading"),
    [
        ({}, "Looks like happy. Fairly sure (80\N{NO-BREAK SPACE}%)."),
        ({"unsure": True}, "Not sure. Perhaps happy (80\N{NO-BREAK SPACE}%), perhaps neutral"),
        ({"corrected_to": "sad"}, "You say sad. That counts. We had read happy"),
        ({"corrected_to": "happy"}, "You say happy. That is what we read, too"),
        ({"source": "manual", "confidence": 1.0}, "You are happy. Your own word."),
    ],
)
def test_a_reading_says_what_it_is(
    client_of: Any, owner: Any, things: Things, fields: dict[str, Any], heading: str
) -> None:
    Reading.objects.filter(pk=things.reading.pk).update(**fields)

    words = text_of(client_of(owner).get(reverse("reading_detail", args=[things.reading.pk])))

    assert heading in words


def test_several_faces_are_told(client_of: Any, owner: Any, things: Things) -> None:
    address = reverse("reading_detail", args=[things.reading.pk])
    alone = text_of(client_of(owner).get(address))
    Capture.objects.filter(pk=things.capture.pk).update(faces_seen=3)

    together = text_of(client_of(owner).get(address))

    assert "faces in the picture" not in alone
    assert "There were 3 faces in the picture" in together


def test_a_correction_is_kept_and_taken_back(client_of: Any, owner: Any, things: Things) -> None:
    client, address = client_of(owner), reverse("reading_correct", args=[things.reading.pk])

    client.post(address, {"emotion": "sad"})
    corrected = Reading.objects.get(pk=things.reading.pk).corrected_to
    client.post(address, {"emotion": ""})

    assert corrected == "sad"
    assert Reading.objects.get(pk=things.reading.pk).corrected_to == ""


def test_an_unknown_emotion_is_refused_in_words(client_of: Any, owner: Any) -> None:
    response = client_of(owner).post(reverse("reading_create"), {"emotion": "hangry"})

    assert response.status_code == 400
    assert "Pick one of angry" in text_of(response)
    assert Reading.objects.count() == 0
