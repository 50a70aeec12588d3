"""A capture's states: who may move it, when, and what becomes of its frames."""

from __future__ import annotations

import json
import stat
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core import serializers
from django.utils import timezone

from accounts.services import consent_grant, consent_withdraw
from emotions import services
from emotions.captures import LEASE, MAX_ATTEMPTS, MAX_WAITING
from emotions.frames import frames_load, frames_write
from emotions.inference import Outcome
from emotions.models import Capture, Reading
from emotions.reasons import ADVICE, advice_of, title_of
from moodmusic.problems import DomainError
from tests.emotions import pictures
from tests.emotions.factories import SMILE, SMILE_READ, CaptureFactory
from tests.emotions.storage import files_in

pytestmark = pytest.mark.django_db


def claimed(**values: Any) -> Capture:
    """A running capture with one stored frame."""
    capture = CaptureFactory(**values)
    frames_write(capture.pk, [pictures.jpeg()])
    found = services.capture_claim(capture_id=capture.pk)
    assert found is not None
    return found


# --- Submitting -----------------------------------------------------------------------------------


def test_a_submitted_capture_waits_with_its_frames(owner: Any, frames_folder: Path) -> None:
    # Given a listener who consented
    consent_grant(user=owner)
    frames = [pictures.jpeg(), pictures.jpeg(32, 32)]

    # When two frames are submitted
    capture = services.capture_submit(user=owner, frames=frames)

    # Then the row waits, and the frames lie in order where only this user may look
    capture.refresh_from_db()
    assert (capture.state, capture.frame_count, capture.attempts) == ("pending", 2, 0)
    assert frames_load(capture.pk, 2) == frames
    folder = frames_folder / str(capture.pk)
    assert files_in(frames_folder) == [
        str(capture.pk),
        f"{capture.pk}/0.jpg",
        f"{capture.pk}/1.jpg",
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "0.jpg").stat().st_mode) == 0o600


def test_the_worker_is_rung_after_commit_with_the_id_alone(
    owner: Any, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from emotions.tasks import read_capture

    consent_grant(user=owner)
    sent: list[tuple[Any, ...]] = []
    monkeypatch.setattr(read_capture, "apply_async", lambda args, **_: sent.append(args))

    # When a capture is submitted, then nothing is sent before the commit
    with django_capture_on_commit_callbacks() as callbacks:
        capture = services.capture_submit(user=owner, frames=[pictures.jpeg()])
        assert sent == []

    # And after it one message, which carries the id and nothing else
    for callback in callbacks:
        callback()
    assert sent == [(str(capture.pk),)]


def test_without_consent_nothing_is_stored(owner: Any, frames_folder: Path) -> None:
    # Given a listener who consented once and took it back
    consent_grant(user=owner)
    consent_withdraw(user=owner)

    # When they send a frame
    with pytest.raises(DomainError) as caught:
        services.capture_submit(user=owner, frames=[pictures.jpeg()])

    # Then it is refused and nothing is kept
    assert (caught.value.code, caught.value.status) == ("consent_required", 403)
    assert not Capture.objects.exists()
    assert files_in(frames_folder) == []


def test_a_listener_may_have_five_waiting_and_others_are_not_held_up(
    owner: Any, other: Any, frames_folder: Path
) -> None:
    # Given a listener with five unfinished captures and many finished ones
    consent_grant(user=owner)
    consent_grant(user=other)
    CaptureFactory.create_batch(MAX_WAITING - 1, user=owner)
    CaptureFactory(user=owner, state="running")
    CaptureFactory.create_batch(3, user=owner, state="read")

    # When they send another, then it is refused with the time to wait
    with pytest.raises(DomainError) as caught:
        services.capture_submit(user=owner, frames=[pictures.jpeg()])
    assert (caught.value.code, caught.value.status) == ("too_many_waiting", 429)
    assert caught.value.extra == {"retry_after": 5}
    assert files_in(frames_folder) == []

    # And another listener is served, and they too once one has ended
    assert services.capture_submit(user=other, frames=[pictures.jpeg()]).pk
    Capture.objects.filter(user=owner, state="running").update(state="refused")
    assert services.capture_submit(user=owner, frames=[pictures.jpeg()]).pk


def test_a_storage_that_cannot_be_written_leaves_no_row(owner: Any, frames_folder: Path) -> None:
    # Given a file where the folder of frames should be
    consent_grant(user=owner)
    frames_folder.write_text("in the way")

    # When a frame is submitted, then the error shows and no row promises a reading
    with pytest.raises(OSError, match=r"."):
        services.capture_submit(user=owner, frames=[pictures.jpeg()])
    assert not Capture.objects.exists()


# --- Claiming -------------------------------------------------------------------------------------


def test_a_claim_takes_the_capture_for_a_lease() -> None:
    capture = CaptureFactory()
    before = timezone.now()

    found = services.capture_claim(capture_id=capture.pk)

    assert found is not None
    capture.refresh_from_db()
    assert (capture.state, capture.attempts) == ("running", 1)
    assert (found.state, found.attempts) == ("running", 1)
    assert before + LEASE <= capture.lease_until <= timezone.now() + LEASE


@pytest.mark.parametrize("state", ["running", "read", "refused", "failed"])
def test_only_a_pending_capture_can_be_claimed(state: str) -> None:
    capture = CaptureFactory(state=state, attempts=1)
    assert services.capture_claim(capture_id=capture.pk) is None
    capture.refresh_from_db()
    assert (capture.state, capture.attempts) == (state, 1)


def test_a_missing_capture_loses_its_frames(frames_folder: Path) -> None:
    # Given frames whose listener was erased while they waited
    gone = uuid.uuid4()
    frames_write(gone, [pictures.jpeg()])

    # When the message comes, then there is nothing to do and nothing is left
    assert services.capture_claim(capture_id=gone) is None
    assert files_in(frames_folder) == []


def test_consent_withdrawn_while_waiting_means_unread(
    frames_folder: Path, django_capture_on_commit_callbacks: Any
) -> None:
    # Given a waiting capture
    capture = CaptureFactory()
    frames_write(capture.pk, [pictures.jpeg()])

    # When its listener withdraws before the worker comes
    consent_withdraw(user=capture.user)
    with django_capture_on_commit_callbacks(execute=True):
        services.capture_read(capture_id=capture.pk)

    # Then it is refused unread, and the frame is gone
    capture.refresh_from_db()
    assert (capture.state, capture.reason) == ("refused", "consent_withdrawn")
    assert not Reading.objects.exists()
    assert files_in(frames_folder) == []


# --- Ending ---------------------------------------------------------------------------------------


def _complete(capture: Capture, attempt: int) -> bool:
    return services.capture_complete(capture_id=capture.pk, attempt=attempt, outcome=SMILE_READ)


def _refused_outcome(capture: Capture, attempt: int) -> bool:
    outcome = Outcome(reason="too_dark", faces_seen=1)
    return services.capture_complete(capture_id=capture.pk, attempt=attempt, outcome=outcome)


def _refuse(capture: Capture, attempt: int) -> bool:
    return services.capture_refuse(
        capture_id=capture.pk, attempt=attempt, reason="too_dark", faces_seen=1
    )


def _fail(capture: Capture, attempt: int) -> bool:
    return services.capture_fail(capture_id=capture.pk, attempt=attempt)


ENDINGS = pytest.mark.parametrize(
    ("end", "state", "reason"),
    [
        (_complete, "read", ""),
        (_refused_outcome, "refused", "too_dark"),
        (_refuse, "refused", "too_dark"),
        (_fail, "failed", "failed"),
    ],
)
End = Callable[[Capture, int], bool]


@ENDINGS
def test_every_end_deletes_the_frames(
    end: End,
    state: str,
    reason: str,
    frames_folder: Path,
    django_capture_on_commit_callbacks: Any,
) -> None:
    # Given a running capture with a frame
    capture = claimed()
    assert files_in(frames_folder) != []

    # When it ends
    with django_capture_on_commit_callbacks(execute=True):
        assert end(capture, 1) is True

    # Then its state says how, and no file and no folder is left
    capture.refresh_from_db()
    assert (capture.state, capture.reason, capture.lease_until) == (state, reason, None)
    assert capture.finished
    assert capture.finished_at <= capture.frames_deleted_at
    assert files_in(frames_folder) == []


@ENDINGS
def test_a_late_worker_changes_nothing(
    end: End, state: str, reason: str, frames_folder: Path
) -> None:
    # Given a capture that was returned and is now read by another worker
    capture = claimed()
    Capture.objects.filter(pk=capture.pk).update(attempts=2)

    # When the first worker comes back
    assert end(capture, 1) is False

    # Then the second still holds it, with its frames
    capture.refresh_from_db()
    assert (capture.state, capture.attempts, capture.finished_at) == ("running", 2, None)
    assert not Reading.objects.exists()
    assert f"{capture.pk}/0.jpg" in files_in(frames_folder)


@ENDINGS
def test_an_ended_capture_cannot_end_again(end: End, state: str, reason: str) -> None:
    capture = claimed()
    assert _complete(capture, 1) is True
    assert end(capture, 1) is False
    capture.refresh_from_db()
    assert capture.state == "read"
    assert Reading.objects.count() == 1


def test_a_completed_capture_has_the_reading_of_its_outcome() -> None:
    capture = claimed()
    _complete(capture, 1)

    reading = Reading.objects.get(capture=capture)
    assert reading.user == capture.user
    assert reading.probabilities == SMILE
    assert (reading.source, reading.label, reading.emotion) == ("face", "happy", "happy")
    assert (reading.valence, reading.arousal, reading.confidence) == (0.6, 0.43, 0.8)
    assert (reading.unsure, reading.model_version) == (False, "abcdef012345")
    capture.refresh_from_db()
    assert capture.faces_seen == 1


def test_an_error_gives_the_capture_back_until_the_third(frames_folder: Path) -> None:
    capture = claimed()

    # When the first and the second attempt break, then it waits again with its frames
    for attempt in range(1, MAX_ATTEMPTS):
        assert services.capture_release(capture_id=capture.pk, attempt=attempt) is True
        capture.refresh_from_db()
        assert (capture.state, capture.attempts) == ("pending", attempt)
        assert f"{capture.pk}/0.jpg" in files_in(frames_folder)
        assert services.capture_claim(capture_id=capture.pk) is not None

    # And when the third breaks, it has failed, in words
    assert services.capture_release(capture_id=capture.pk, attempt=MAX_ATTEMPTS) is True
    capture.refresh_from_db()
    assert (capture.state, capture.reason) == ("failed", "failed")
    assert "three times" in advice_of(capture.reason)


def test_lost_frames_are_a_refusal_not_a_loop() -> None:
    capture = CaptureFactory()
    services.capture_read(capture_id=capture.pk)
    capture.refresh_from_db()
    assert (capture.state, capture.reason, capture.attempts) == ("refused", "unreadable", 1)


# --- What is written ------------------------------------------------------------------------------


def test_no_row_holds_a_picture(owner: Any) -> None:
    # Given a capture that was read
    consent_grant(user=owner)
    photo = pictures.jpeg()
    capture = services.capture_submit(user=owner, frames=[photo])
    services.capture_claim(capture_id=capture.pk)
    _complete(capture, 1)

    # When both rows are written out whole
    rows = serializers.serialize("json", [*Capture.objects.all(), *Reading.objects.all()])

    # Then they are short texts and numbers: no bytes of the picture in any common writing
    assert len(rows) < 2000
    for model in (Capture, Reading):
        kinds = {field.get_internal_type() for field in model._meta.get_fields()}
        assert not kinds & {"BinaryField", "FileField", "ImageField", "TextField"}
    assert photo[:12].hex() not in rows
    assert "/9j/" not in json.dumps(rows)


def test_every_reason_has_a_title_and_advice() -> None:
    for code, (title, advice) in ADVICE.items():
        assert len(code) <= Capture._meta.get_field("reason").max_length
        assert (title_of(code), advice_of(code)) == (title, advice)
        assert title
        assert advice.endswith(".")
    assert (title_of(""), advice_of("")) == ("", "")
    assert advice_of("a code of a later version") != ""
