"""Captures and readings over the API: shapes, permissions, refusals."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.services import consent_grant
from emotions.models import Capture, Reading
from ml.emotion.labels import EMOTIONS
from tests.emotions import pictures
from tests.emotions.factories import SMILE, CaptureFactory, ReadingFactory
from tests.emotions.storage import files_in

pytestmark = pytest.mark.django_db

CAPTURES, READINGS = "/api/v1/captures", "/api/v1/readings"


def photo(data: bytes | None = None, name: str = "me.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, pictures.jpeg() if data is None else data, "image/jpeg")


def send(client: Any, *frames: SimpleUploadedFile) -> Any:
    return client.post(CAPTURES, {"frames": list(frames)}, format="multipart")


# --- Captures -------------------------------------------------------------------------------------


def test_a_capture_is_accepted_before_it_is_read(
    owner: Any, api_of: Any, frames_folder: Path
) -> None:
    # Given a listener who consented
    consent_grant(user=owner)

    # When they send two frames
    answer = send(api_of(owner), photo(), photo())

    # Then the answer says where to look, and may not be kept by any cache
    capture = Capture.objects.get()
    assert answer.status_code == 202
    assert answer["Location"] == f"{CAPTURES}/{capture.pk}"
    assert answer["Cache-Control"] == "no-store"
    created = answer.json().pop("created_at")
    assert created
    assert {key: value for key, value in answer.json().items() if key != "created_at"} == {
        "id": str(capture.pk),
        "state": "pending",
        "reason": "",
        "title": "",
        "advice": "",
        "faces_seen": 0,
        "reading": None,
        "finished_at": None,
    }
    assert capture.user == owner
    assert len(files_in(frames_folder)) == 3


def test_a_read_capture_shows_its_reading(owner: Any, api_of: Any) -> None:
    capture = CaptureFactory(user=owner, state="read", faces_seen=2, finished_at=timezone.now())
    reading = ReadingFactory(user=owner, capture=capture)

    answer = api_of(owner).get(f"{CAPTURES}/{capture.pk}").json()

    assert (answer["state"], answer["faces_seen"]) == ("read", 2)
    assert answer["reading"]["id"] == str(reading.pk)
    assert answer["reading"]["probabilities"] == SMILE
    assert answer["reading"]["emotion"] == "happy"


def test_a_refused_capture_shows_advice(owner: Any, api_of: Any) -> None:
    capture = CaptureFactory(user=owner, state="refused", reason="too_dark")

    answer = api_of(owner).get(f"{CAPTURES}/{capture.pk}").json()

    assert (answer["state"], answer["reason"], answer["title"]) == (
        "refused",
        "too_dark",
        "Too dark",
    )
    assert "lamp" in answer["advice"]
    assert answer["reading"] is None


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (b"", 400, "empty_file"),
        (b"GIF89a, and more of it", 415, "unsupported_type"),
        (pictures.jpeg()[:200], 422, "damaged_image"),
        (pictures.png_bomb(), 413, "too_many_pixels"),
        (pictures.animated("PNG"), 415, "animated"),
        (bytes(8 * 1024 * 1024 + 1), 413, "upload_too_large"),
    ],
    ids=["empty", "gif", "truncated", "bomb", "animated", "too large"],
)
def test_a_bad_picture_is_a_problem_and_nothing_is_kept(
    owner: Any, api_of: Any, frames_folder: Path, data: bytes, status: int, code: str
) -> None:
    consent_grant(user=owner)

    answer = send(api_of(owner), photo(), photo(data))

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["Cache-Control"] == "no-store"
    assert (answer.json()["code"], answer.json()["status"]) == (code, status)
    assert not Capture.objects.exists()
    assert files_in(frames_folder) == []


def test_no_frame_nine_frames_and_another_type_of_body_are_problems(
    owner: Any, api_of: Any
) -> None:
    consent_grant(user=owner)
    client = api_of(owner)

    none = client.post(CAPTURES, {"picture": photo()}, format="multipart")
    nine = send(client, *(photo() for _ in range(9)))
    hundred = send(client, *(photo() for _ in range(100)))
    json = client.post(CAPTURES, {"frames": ["aGVsbG8="]}, format="json")
    broken = client.post(
        CAPTURES, b"--x\r\nrubbish", content_type="multipart/form-data; boundary=x"
    )

    assert (none.status_code, none.json()["code"]) == (400, "no_frames")
    assert (nine.status_code, nine.json()["code"]) == (400, "too_many_frames")
    assert hundred.status_code == 400
    assert (json.status_code, json.json()["code"]) == (415, "unsupported_media_type")
    assert broken.status_code == 400
    assert not Capture.objects.exists()


def test_without_consent_the_picture_is_not_even_looked_at(
    owner: Any, api_of: Any, frames_folder: Path
) -> None:
    answer = send(api_of(owner), photo(b"rubbish"))
    assert (answer.status_code, answer.json()["code"]) == (403, "consent_required")
    assert files_in(frames_folder) == []


def test_too_many_waiting_captures_say_when_to_come_again(owner: Any, api_of: Any) -> None:
    consent_grant(user=owner)
    CaptureFactory.create_batch(5, user=owner)
    answer = send(api_of(owner), photo())
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_waiting")
    assert answer["Retry-After"] == "5"


def test_thirty_captures_a_minute_are_enough(owner: Any, other: Any, api_of: Any) -> None:
    # Given a client that hammers, without consent so that nothing is decoded
    codes = [send(api_of(owner), photo(b"x")).status_code for _ in range(31)]

    # Then the 31st is told to wait, and another listener is not held up
    assert codes == [403] * 30 + [429]
    assert send(api_of(other), photo(b"x")).status_code == 403


# --- Readings -------------------------------------------------------------------------------------


def test_a_mood_by_hand(owner: Any, api_of: Any) -> None:
    answer = api_of(owner).post(READINGS, {"emotion": "sad"}, format="json")

    reading = Reading.objects.get()
    assert answer.status_code == 201
    assert answer["Location"] == f"{READINGS}/{reading.pk}"
    assert answer.json()["source"] == "manual"
    assert answer.json()["probabilities"] == {name: float(name == "sad") for name in EMOTIONS}
    assert answer.json()["corrected_to"] is None


@pytest.mark.parametrize(
    "body", [{}, {"emotion": "hungry"}, {"emotion": None}, {"emotion": ["sad"]}]
)
def test_another_mood_is_a_field_error(owner: Any, api_of: Any, body: dict[str, Any]) -> None:
    answer = api_of(owner).post(READINGS, body, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert set(answer.json()["errors"]) == {"emotion"}
    assert not Reading.objects.exists()


def test_a_correction_is_put_and_taken_back(owner: Any, api_of: Any) -> None:
    reading = ReadingFactory(user=owner)
    client, address = api_of(owner), f"{READINGS}/{reading.pk}"

    # When it is corrected, twice with the same word
    for _ in range(2):
        answer = client.put(f"{address}/correction", {"emotion": "angry"}, format="json")
        assert answer.status_code == 200
        assert (answer.json()["emotion"], answer.json()["label"]) == ("angry", "happy")

    # And taken back, twice
    for _ in range(2):
        assert client.delete(f"{address}/correction").status_code == 204

    # Then what was read counts again
    assert client.get(address).json()["emotion"] == "happy"


def test_readings_are_listed_newest_first_in_pages(owner: Any, other: Any, api_of: Any) -> None:
    made = [ReadingFactory(user=owner) for _ in range(3)]
    ReadingFactory(user=other)

    page = api_of(owner).get(READINGS, {"page_size": 2}).json()

    assert page["count"] == 3
    assert [entry["id"] for entry in page["results"]] == [str(made[2].pk), str(made[1].pk)]


# --- Who may see what -----------------------------------------------------------------------------


def test_things_of_others_are_not_there(
    owner: Any, other: Any, curator: Any, anonymous: Any, api_of: Any
) -> None:
    # Given a capture and a reading of the owner
    capture, reading = CaptureFactory(user=owner), ReadingFactory(user=owner)
    asks = [
        ("get", f"{CAPTURES}/{capture.pk}", None),
        ("get", f"{READINGS}/{reading.pk}", None),
        ("put", f"{READINGS}/{reading.pk}/correction", {"emotion": "sad"}),
        ("delete", f"{READINGS}/{reading.pk}/correction", None),
    ]

    def answers(user: Any) -> list[int]:
        client = api_of(user)
        return [
            getattr(client, method)(address, body, format="json").status_code
            for method, address, body in asks
        ]

    # Then the owner sees them, and for everybody else they do not exist
    assert answers(other) == [404] * 4
    assert answers(curator) == [404] * 4
    assert answers(anonymous) == [401] * 4
    reading.refresh_from_db()
    assert reading.corrected_to == ""
    assert answers(owner) == [200, 200, 200, 204]


def test_a_stranger_can_send_nothing(anonymous: Any, api_of: Any, frames_folder: Path) -> None:
    client = api_of(anonymous)
    assert send(client, photo()).status_code == 401
    assert client.post(READINGS, {"emotion": "sad"}, format="json").status_code == 401
    assert client.get(READINGS).status_code == 401
    assert not Capture.objects.exists()
    assert not Reading.objects.exists()


def test_what_does_not_exist_is_not_found(owner: Any, api_of: Any) -> None:
    for address in (f"{CAPTURES}/{uuid.uuid4()}", f"{READINGS}/{uuid.uuid4()}", f"{CAPTURES}/1"):
        answer = api_of(owner).get(address)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
