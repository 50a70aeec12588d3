"""A listener's corrections move their own later readings, exactly until taken back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skimage.data
from django.urls import reverse
from PIL import Image

from accounts.models import User
from accounts.services import account_erase, consent_grant
from emotions import captures, services
from emotions.frames import frames_write
from emotions.inference import Outcome
from emotions.models import Emotion, Reading
from emotions.selectors import point_of
from ml.emotion.labels import EMOTIONS
from ml.emotion.personal import MOST_CORRECTIONS
from tests.emotions import pictures
from tests.emotions.factories import SMILE_READ, CaptureFactory, ReadingFactory
from tests.factories import PASSWORD
from tests.ml.emotion.untrained import save_untrained

pytestmark = pytest.mark.django_db

#: A face that the network finds neutral and could take for sad.
PLAIN = {
    "angry": 0.05,
    "disgust": 0.02,
    "fear": 0.05,
    "happy": 0.03,
    "sad": 0.13,
    "surprise": 0.02,
    "neutral": 0.7,
}
PLAIN_READ = Outcome(
    faces_seen=1,
    probabilities=PLAIN,
    valence=-0.15,
    arousal=0.05,
    label="neutral",
    confidence=0.7,
    unsure=False,
    unsure_below=0.6,
    model_version="abcdef012345",
)
#: Fields that corrections may move.
MOVED = (
    "probabilities", "valence", "arousal", "label", "confidence", "unsure",
    "network_probabilities", "corrections_used",
)  # fmt: skip


def read(user: User, outcome: Outcome = PLAIN_READ) -> Reading:
    """The reading of a capture of this listener, as the worker ends it."""
    capture = CaptureFactory(user=user)
    claimed = services.capture_claim(capture_id=capture.pk)
    assert claimed is not None
    assert services.capture_complete(capture_id=capture.pk, attempt=1, outcome=outcome)
    return Reading.objects.get(capture=capture)


def correct(reading: Reading, emotion: str) -> Reading:
    return services.reading_correct(reading=reading, emotion=emotion)


def written(reading: Reading) -> str:
    """What is stored of a reading, to the last digit of every number."""
    return json.dumps({name: getattr(reading, name) for name in MOVED})


@pytest.fixture(autouse=True)
def consents(owner: User, other: User) -> None:
    consent_grant(user=owner)
    consent_grant(user=other)


# --- One nudges, three decide ---------------------------------------------------------------------


def test_without_corrections_a_reading_is_the_networks_own(owner: User) -> None:
    reading = read(owner)
    assert reading.probabilities == reading.network_probabilities == PLAIN
    assert (reading.label, reading.confidence, reading.unsure) == ("neutral", 0.7, False)
    assert (reading.valence, reading.arousal) == (-0.15, 0.05)
    assert reading.corrections_used == 0


def test_one_correction_nudges_and_three_decide(owner: User) -> None:
    # Given a listener whose plain face means sad, and who says so each time
    found = [correct(read(owner), "sad") for _ in range(4)]

    # Then the first correction moved the second reading and left its label
    labels = [reading.label for reading in found]
    assert (labels[:2], labels[3]) == (["neutral", "neutral"], "sad")
    sad = [reading.probabilities["sad"] for reading in found]
    assert sad == sorted(sad)
    assert sad[0] == 0.13
    assert sad[1] > 0.2
    assert sad[3] > 0.7
    assert [reading.corrections_used for reading in found] == [0, 1, 2, 3]

    # And the network's word was kept as it was each time
    assert all(reading.network_probabilities == PLAIN for reading in found)


@pytest.mark.parametrize("said", [emotion for emotion in Emotion.values if emotion != "neutral"])
def test_every_emotion_can_be_learnt(owner: User, said: str) -> None:
    for _ in range(3):
        correct(read(owner), said)
    assert read(owner).label == said


def test_a_moved_reading_is_whole(owner: User) -> None:
    correct(read(owner), "sad")
    reading = read(owner)

    assert set(reading.probabilities) == set(EMOTIONS)  # PostgreSQL keeps no order of keys
    assert sum(reading.probabilities.values()) == pytest.approx(1, abs=1e-12)
    assert reading.confidence == reading.probabilities[reading.label]
    assert (reading.valence, reading.arousal) == point_of(reading.probabilities)
    assert reading.valence < PLAIN_READ.valence


def test_being_sure_is_judged_anew(owner: User) -> None:
    # Given a network that stands by 0.6; when one and when five corrections moved its 0.7
    found = [correct(read(owner), "sad") for _ in range(6)]

    # Then one leaves a doubt, and five none
    assert [found[0].unsure, found[1].unsure, found[5].unsure] == [False, True, False]
    assert found[1].confidence < 0.6 < found[5].confidence


def test_another_face_is_read_as_ever(owner: User, other: User) -> None:
    for _ in range(5):
        correct(read(owner), "sad")
    assert written(read(owner, SMILE_READ)) == written(read(other, SMILE_READ))


# --- What counts as a correction ------------------------------------------------------------------


def test_a_correction_of_a_moved_reading_is_held_against_the_network(
    owner: User, other: User
) -> None:
    # Given two listeners with three corrections: one's readings had been moved, the other's
    # were made as if they had not
    for _ in range(3):
        correct(read(owner), "sad")
    for _ in range(3):
        reading = ReadingFactory(
            user=other, probabilities=PLAIN, network_probabilities=PLAIN, label="neutral"
        )
        correct(reading, "sad")

    # Then both are read alike: nothing fed back
    assert written(read(owner)) == written(read(other))


def test_faces_read_before_this_existed_count(owner: User, other: User) -> None:
    correct(ReadingFactory(user=owner, probabilities=PLAIN, label="neutral"), "sad")
    correct(read(other), "sad")
    assert written(read(owner)) == written(read(other))
    assert read(owner).corrections_used == 1


def test_corrections_outlive_the_network_they_were_made_under(owner: User) -> None:
    for _ in range(3):
        correct(ReadingFactory(user=owner, probabilities=PLAIN, model_version="000000"), "sad")
    assert read(owner).label == "sad"


def test_moods_by_hand_and_uncorrected_faces_do_not_count(owner: User) -> None:
    # Given a face nobody corrected, and a mood by hand that was corrected
    read(owner)
    correct(services.reading_by_hand(user=owner, emotion="neutral"), "sad")
    by_hand = ReadingFactory(user=owner, probabilities=PLAIN, source=Reading.Source.MANUAL)
    correct(by_hand, "sad")

    assert read(owner).corrections_used == 0


def test_only_the_newest_corrections_are_looked_at(owner: User) -> None:
    # Given a correction of this face, and then as many of another as are looked at but one
    correct(read(owner), "sad")
    for _ in range(MOST_CORRECTIONS - 1):
        correct(ReadingFactory(user=owner), "angry")
    assert read(owner).corrections_used == 1

    # When one more comes, then the first is past
    correct(ReadingFactory(user=owner), "angry")
    assert read(owner).corrections_used == 0


def test_it_takes_one_query_however_many_there_are(
    owner: User, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(3):
        correct(read(owner), "sad")
    with django_assert_num_queries(1):
        captures.values_read(user_id=owner.pk, outcome=PLAIN_READ)


# --- Undo, and nobody else ------------------------------------------------------------------------


def test_taking_corrections_back_is_exact(owner: User, other: User) -> None:
    # Given four corrections, of which the third and then all are taken back
    found = [correct(read(owner), "sad") for _ in range(4)]
    third = found.pop(2)
    services.reading_uncorrect(reading=third)
    for _ in range(3):
        correct(read(other), "sad")
    assert written(read(owner)) == written(read(other))

    # When the rest is taken back too, then a reading is what it would have been without any
    for reading in found:
        services.reading_uncorrect(reading=reading)
    plain = read(owner)
    assert plain.corrections_used == 0
    assert (plain.probabilities, plain.valence) == (PLAIN, PLAIN_READ.valence)


def test_nobody_elses_reading_changes(owner: User, other: User) -> None:
    before = written(read(other))
    for _ in range(10):
        correct(read(owner), "sad")
    assert read(owner).label == "sad"
    assert written(read(other)) == before


def test_an_erased_account_leaves_no_correction(owner: User) -> None:
    # Given a listener with corrections, who leaves and comes back with the same address
    for _ in range(3):
        correct(read(owner), "sad")
    email = owner.email
    account_erase(user=owner, password=PASSWORD)
    assert not Reading.objects.exists()
    again = User.objects.create_user(email=email, password=PASSWORD)
    consent_grant(user=again)

    # Then they are read like anybody
    assert read(again).probabilities == PLAIN


def test_the_same_frames_of_two_listeners_through_the_network(
    owner: User, other: User, settings: Any, tmp_path: Path, frames_folder: Path
) -> None:
    # Given one picture, a network that asks for 0.99 to be sure, and an owner who corrects
    settings.EMOTION_WEIGHTS = save_untrained(tmp_path, unsure_below=0.99)
    frame = pictures.encoded(Image.fromarray(skimage.data.astronaut()), "JPEG", quality=92)

    def shown(user: User) -> Reading:
        capture = CaptureFactory(user=user)
        frames_write(capture.pk, [frame])
        services.capture_read(capture_id=capture.pk)
        return Reading.objects.get(capture=capture)

    first = shown(owner)
    said = EMOTIONS[int(np.argmin(list(first.probabilities.values())))]
    for reading in (first, shown(owner), shown(owner)):
        correct(reading, said)

    # Then the owner's next reading is moved but still not called sure, and the other's is not moved
    moved, theirs = shown(owner), shown(other)
    assert (moved.label, moved.corrections_used, moved.unsure) == (said, 3, True)
    assert written(theirs) == written(first)
    assert moved.network_probabilities == theirs.probabilities


# --- What is shown --------------------------------------------------------------------------------


def test_the_page_says_what_moved_it(owner: User, client_of: Any) -> None:
    plain = read(owner)
    for _ in range(3):
        correct(read(owner), "sad")
    moved = read(owner)

    def page(reading: Reading) -> str:
        answer = client_of(owner).get(reverse("reading_detail", args=[reading.pk]))
        return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ")

    sentence = "Moved by 3 of your earlier corrections. The network alone said neutral (70 %)."
    assert sentence in page(moved)
    assert "Looks like <em>sad</em>" in page(moved)
    assert "of your earlier corrections" not in page(plain)


def test_the_api_shows_both(owner: User, api_of: Any) -> None:
    correct(read(owner), "sad")
    moved = read(owner)
    by_hand = services.reading_by_hand(user=owner, emotion="sad")

    shown = api_of(owner).get(f"/api/v1/readings/{moved.pk}").json()
    manual = api_of(owner).get(f"/api/v1/readings/{by_hand.pk}").json()

    assert shown["network_probabilities"] == PLAIN
    assert shown["probabilities"] == moved.probabilities != PLAIN
    assert shown["corrections_used"] == 1
    assert (manual["network_probabilities"], manual["corrections_used"]) == (None, 0)
