"""Measuring files: the row is the queue's truth, failures keep their reason, songs get features."""

from __future__ import annotations

import json
import random
from datetime import timedelta
from io import StringIO
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from catalog import analysis as analysing
from catalog import services, tasks
from catalog.models import Analysis, Annotation, AudioFile, Revision, Song
from catalog.services import analysis as queue
from ml.audio.fingerprint import FINGERPRINT_VERSION, SIZE
from ml.audio.measures import MEASURES_VERSION, Measured
from ml.audio.reading import AudioError
from ml.mood.suggest import Suggester, Suggestion
from tests.catalog.factories import SongFactory

State = Analysis.State
pytestmark = pytest.mark.django_db


def a_file(song: Song | None = None, path: str = "a.wav", **values: Any) -> AudioFile:
    defaults: dict[str, Any] = {
        "size": 1, "modified_ns": 1, "digest": "0" * 64, "content_type": "audio/wav",
        "copied": not Path(path).is_absolute(),
    }  # fmt: skip
    if "missing_since" not in values:
        (Path(settings.MUSIC_DIR) / path).touch()
    return AudioFile.objects.create(
        song=song or SongFactory(features={}), path=path, **defaults | values
    )


def a_sound(seed: int) -> bytes:
    """A fingerprint that is far from those of other seeds."""
    head = bytes([FINGERPRINT_VERSION, 615 >> 8, 615 & 255])
    return head + random.Random(seed).randbytes(SIZE - len(head))


_seeds = count()
SOUND = a_sound(899)


def measured(*, sound: bytes | None = None, **features: float) -> Measured:
    return Measured(
        features={"energy": 0.8, "lufs": -9.0, **features},
        vectors={"chroma": [1 / 12] * 12},
        fingerprint=a_sound(next(_seeds)) if sound is None else sound,
        duration_s=61.5,
        window_s=61.5,
    )


class FakeMeasurer:
    """Answers what a test gave for a path; raises it where it is an error."""

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[str] = []

    def measure(self, path: Path) -> Measured:
        self.asked.append(path.name)
        answer = self.answers.get(path.name) or measured()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def close(self) -> None: ...


class FakeModel:
    """Suggests what a test gave."""

    name = "song-moods test"

    def __init__(self) -> None:
        self.moods: dict[str, float] = {}

    def suggest(self, features: dict[str, float]) -> Suggestion:
        return Suggestion({}, self.moods)


@pytest.fixture(autouse=True)
def _music(settings: Any, tmp_path: Path) -> None:
    settings.MUSIC_DIR = tmp_path / "music"
    settings.MUSIC_DIR.mkdir()


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeMeasurer:
    found = FakeMeasurer()
    monkeypatch.setattr(queue, "measurer", lambda: found)
    monkeypatch.setattr("catalog.management.commands.analyze_audio.measurer", lambda: found)
    return found


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> FakeModel:
    found = FakeModel()
    monkeypatch.setattr("catalog.services.heard.suggester", lambda: found)
    return found


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    found: list[str] = []
    monkeypatch.setattr(queue, "ring", lambda task, *args: found.append(task.name))
    return found


def run_all() -> int:
    return services.analyses_run()


# --- Requests -------------------------------------------------------------------------------------


def test_a_request_makes_a_waiting_row_and_rings_once(rings: list[str]) -> None:
    files = [a_file(path=f"{n}.wav") for n in range(3)]

    assert services.analyses_request(files=AudioFile.objects.all()) == 3
    assert services.analyses_request(files=[file.pk for file in files]) == 0

    assert Analysis.objects.filter(state=State.PENDING).count() == 3
    assert rings == ["catalog.tasks.analyse_waiting"]


def test_the_bell_rings_after_commit_on_the_queue_of_its_own(
    django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(tasks.analyse_waiting, "apply_async", lambda **given: sent.append(given))

    with django_capture_on_commit_callbacks(execute=True):
        services.analyses_request(files=[a_file().pk])
        assert sent == []

    assert len(sent) == 1
    assert settings.CELERY_TASK_ROUTES["catalog.tasks.analyse_waiting"] == {"queue": "analysis"}


def test_measured_files_are_measured_anew_only_when_asked_or_under_an_older_version(
    rings: list[str], fake: FakeMeasurer
) -> None:
    file = a_file()
    services.analyses_request(files=[file.pk])
    run_all()

    assert services.analyses_request(files=[file.pk]) == 0
    Analysis.objects.update(version=MEASURES_VERSION - 1)
    assert services.analyses_request(files=[file.pk]) == 1
    run_all()
    assert services.analyses_request(files=[file.pk], again=True) == 1
    run_all()
    assert fake.asked == ["a.wav"] * 3


# --- What is written ------------------------------------------------------------------------------


def test_a_measured_file_gives_its_song_features_and_keeps_what_was_measured(
    rings: list[str], fake: FakeMeasurer
) -> None:
    file = a_file(SongFactory(features={}, duration_s=0))
    fake.answers["a.wav"] = measured(sound=SOUND)
    services.analyses_request(files=[file.pk])

    assert run_all() == 1

    file.refresh_from_db()
    row, song = file.analysis, file.song
    assert (row.state, row.reason, row.version) == (State.DONE, "", MEASURES_VERSION)
    assert row.attempts == 1
    assert row.lease_until is None
    assert row.finished_at is not None
    assert row.measured["vectors"]["chroma"][0] == pytest.approx(1 / 12, abs=1e-4)
    assert bytes(file.fingerprint) == SOUND
    assert file.duration_s == song.duration_s == 61.5
    assert song.features == {"energy": 0.8, "lufs": -9.0}
    assert song.revision == Revision.objects.get().number


def test_measuring_again_changes_nothing_and_writes_no_judgement_twice(
    rings: list[str], model: FakeModel
) -> None:
    model.moods = {"happy": 0.71}
    file = a_file()
    for _ in range(2):
        services.analyses_request(files=[file.pk], again=True)
        run_all()

    (said,) = Annotation.objects.all()
    assert (said.source, said.detail, said.confidence, said.present) == (
        "model", "song-moods test", 0.71, True
    )  # fmt: skip
    file.song.refresh_from_db()
    assert [mood.slug for mood in file.song.moods.all()] == ["happy"]
    assert file.song.mood_confidence == 0.71
    assert file.song.placed


def test_a_model_that_changes_its_mind_answers_its_former_suggestion(
    rings: list[str], model: FakeModel
) -> None:
    file = a_file()
    for moods in ({"happy": 0.7}, {"sad": 0.6}, {}):
        model.moods = moods
        services.analyses_request(files=[file.pk], again=True)
        run_all()

    said = Annotation.objects.order_by("pk").values_list("mood__slug", "present")
    assert sorted(said[1:3]) == [("happy", False), ("sad", True)]
    assert [said[0], said[3]] == [("happy", True), ("sad", False)]
    assert list(file.song.moods.all()) == []


def test_people_outrank_the_model(rings: list[str], model: FakeModel, curator: Any) -> None:
    from tests.catalog.factories import mood_named

    model.moods = {"happy": 0.9}
    song = SongFactory(features={})
    services.song_moods_set(
        songs=[song], moods=[mood_named("sad")], by=curator, source=Annotation.Source.CURATOR
    )
    services.analyses_request(files=[a_file(song).pk])
    run_all()

    assert [mood.slug for mood in song.moods.all()] == ["sad"]


def test_a_tables_values_stay_and_ours_fill_what_is_missing(
    rings: list[str], fake: FakeMeasurer
) -> None:
    song = SongFactory(features={"energy": 0.33, "speechiness": 0.05})
    file = a_file(song)
    for lufs in (-9.0, -11.0):
        fake.answers["a.wav"] = measured(lufs=lufs)
        services.analyses_request(files=[file.pk], again=True)
        run_all()
        song.refresh_from_db()
        assert song.features == {"energy": 0.33, "speechiness": 0.05, "lufs": lufs}


def test_a_second_copy_gets_a_fingerprint_and_leaves_the_song_alone(
    rings: list[str], fake: FakeMeasurer
) -> None:
    song = SongFactory(features={})
    files = [a_file(song, "a.wav"), a_file(song, "b.mp3")]
    fake.answers["b.mp3"] = measured(sound=SOUND, energy=0.1)
    services.analyses_request(files=[file.pk for file in files])
    run_all()

    song.refresh_from_db()
    files[1].refresh_from_db()
    assert song.features["energy"] == 0.8
    assert bytes(files[1].fingerprint) == SOUND


def test_analysed_songs_and_generated_ones_share_a_space(rings: list[str]) -> None:
    from ml.audio.features_file import demo_features
    from recommendations.snapshot import load

    SongFactory(features=demo_features()["happy-001"], moods=["happy"])
    SongFactory(features=demo_features()["sad-001"], moods=["sad"])
    songs = [SongFactory(features={}) for _ in range(2)]
    for number, song in enumerate(songs):
        services.analyses_request(files=[a_file(song, f"{number}.wav").pk])
    run_all()

    found = load()

    assert "energy" in found.space.names
    assert np.isfinite(found.vectors).all()
    # Songs without moods are placed by what was measured of them.
    assert (np.linalg.norm(found.vectors[found.index_of([songs[0].pk])], axis=1) > 0.9).all()


# --- Failures -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    ["missing", "unreadable", "unsupported_format", "corrupt", "too_short", "silent", "too_slow"],
)
def test_what_lies_in_the_file_fails_at_once_with_its_reason(
    rings: list[str], fake: FakeMeasurer, reason: str
) -> None:
    fake.answers["a.wav"] = AudioError(reason)
    file = a_file()
    services.analyses_request(files=[file.pk])

    assert run_all() == 1

    row = Analysis.objects.get()
    assert (row.state, row.reason, row.attempts) == (State.FAILED, reason, 1)
    file.refresh_from_db()
    assert (file.missing_since is not None) == (reason == "missing")
    assert file.song.features == {}


@pytest.mark.parametrize(
    ("error", "reason"), [(AudioError("crashed"), "crashed"), (RuntimeError("disk"), "failed")]
)
def test_what_may_pass_is_tried_three_times(
    rings: list[str], fake: FakeMeasurer, error: Exception, reason: str
) -> None:
    fake.answers["a.wav"] = error
    services.analyses_request(files=[a_file().pk])

    assert run_all() == 3

    row = Analysis.objects.get()
    assert (row.state, row.reason, row.attempts) == (State.FAILED, reason, 3)
    assert row.reason in analysing.REASONS


def test_a_failure_costs_one_file_and_a_retry_gives_it_new_attempts(
    rings: list[str], fake: FakeMeasurer
) -> None:
    fake.answers["b.wav"] = AudioError("corrupt")
    files = [a_file(path=f"{name}.wav") for name in "abc"]
    services.analyses_request(files=[file.pk for file in files])
    run_all()
    assert sorted(Analysis.objects.values_list("file__path", "state")) == [
        ("a.wav", "done"), ("b.wav", "failed"), ("c.wav", "done")
    ]  # fmt: skip

    fake.answers.clear()
    assert services.analyses_retry(analyses=Analysis.objects.all()) == 1
    run_all()

    assert set(Analysis.objects.values_list("state", "reason")) == {("done", "")}


def test_a_worker_that_lost_its_lease_writes_nothing(rings: list[str]) -> None:
    file = a_file()
    services.analyses_request(files=[file.pk])
    late = queue.analysis_claim()
    assert late is not None
    assert queue.analysis_claim() is None
    Analysis.objects.update(attempts=2)

    assert not queue.analysis_complete(analysis=late, measured=measured())
    assert not queue.analysis_fail(analysis=late, reason="corrupt")

    file.refresh_from_db()
    assert file.fingerprint is None
    assert file.song.features == {}
    assert Analysis.objects.get().state == State.RUNNING


# --- Sweeping -------------------------------------------------------------------------------------


def test_the_sweeper_returns_expired_leases_until_attempts_run_out(rings: list[str]) -> None:
    past = timezone.now() - timedelta(seconds=1)
    for number, attempts in enumerate((1, 3)):
        Analysis.objects.create(
            file=a_file(path=f"{number}.wav"),
            state=State.RUNNING,
            attempts=attempts,
            lease_until=past,
        )

    swept = services.analyses_sweep()

    assert swept == {"requested": 0, "returned": 1, "failed": 1, "rung": 1}
    rows = Analysis.objects.order_by("file__path").values_list("state", "reason")
    assert list(rows) == [("pending", ""), ("failed", "crashed")]


def test_the_sweeper_finds_files_nobody_asked_to_measure_and_leaves_running_ones(
    rings: list[str],
) -> None:
    a_file(path="new.wav")
    a_file(path="gone.wav", missing_since=timezone.now())
    running = Analysis.objects.create(
        file=a_file(path="running.wav"),
        state=State.RUNNING,
        lease_until=timezone.now() + timedelta(minutes=1),
    )

    tasks.sweep_analyses()

    running.refresh_from_db()
    assert running.state == State.RUNNING
    assert Analysis.objects.get(state=State.PENDING).file.path == "new.wav"
    assert services.analyses_sweep()["requested"] == 0


def test_a_task_takes_turns_and_rings_for_what_is_left(
    rings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    services.analyses_request(files=[a_file(path=f"{n}.wav").pk for n in range(2)])
    rings.clear()
    monkeypatch.setattr(tasks, "TURN_S", -1.0)
    tasks.analyse_waiting()
    assert rings == []  # nothing was done in no time, so nothing is rung: the sweeper does

    monkeypatch.setattr(tasks, "TURN_S", 60.0)
    tasks.analyse_waiting()
    assert not Analysis.objects.exclude(state=State.DONE).exists()
    tasks.analyse_waiting()  # delivered again: nothing waits
    assert rings == []


# --- The command ----------------------------------------------------------------------------------


def command(*options: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("analyze_audio", *options, stdout=out, stderr=err, verbosity=0)
    return out.getvalue(), err.getvalue()


def test_the_command_asks_the_workers(rings: list[str]) -> None:
    for number in range(3):
        a_file(path=f"{number}.wav")

    assert command("--limit", "2")[0] == "2 files requested, 2 wait to be measured.\n"
    assert command()[0] == "1 files requested, 3 wait to be measured.\n"


def test_the_command_measures_here_and_counts_reasons(rings: list[str], fake: FakeMeasurer) -> None:
    fake.answers["1.wav"] = AudioError("corrupt")
    for number in range(3):
        a_file(path=f"{number}.wav")

    out, _ = command("--now")

    assert "2 files measured, 1 failed." in out
    assert "1 corrupt: The file is damaged" in out
    fake.answers.clear()
    assert "0 files measured, 0 failed." in command("--now")[0]
    assert "1 files measured, 0 failed." in command("--now", "--retry")[0]
    assert "3 files measured, 0 failed." in command("--now", "--all")[0]


def test_the_command_refuses_a_limit_of_nothing() -> None:
    with pytest.raises(CommandError, match="--limit"):
        command("--limit", "0")


# --- All of it, with real sound -------------------------------------------------------------------


def test_a_real_file_is_measured_in_a_child_process(
    rings: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Any
) -> None:
    settings.MUSIC_DIR = tmp_path
    monkeypatch.setattr(queue, "measurer", analysing.measurer)
    monkeypatch.setattr("catalog.services.heard.suggester", analysing.suggester)
    time = np.arange(5 * 22_050) / 22_050
    soundfile.write(tmp_path / "tone.wav", 0.2 * np.sin(2 * np.pi * 440 * time), 22_050)
    song = SongFactory(features={})
    files = [a_file(song, "tone.wav", copied=True), a_file(path=str(tmp_path / "none.wav"))]
    (tmp_path / "none.wav").unlink()
    services.analyses_request(files=[file.pk for file in files])

    try:
        assert run_all() == 2
    finally:
        analysing.measurer().close()

    song.refresh_from_db()
    assert song.features["key"] == 9.0  # A
    assert 0.0 <= song.features["valence"] <= 1.0
    assert Analysis.objects.get(file=files[1]).reason == "missing"
    assert len(AudioFile.objects.get(pk=files[0].pk).fingerprint) == 843


def test_an_installations_own_model_is_used_once_it_is_there(tmp_path: Path, settings: Any) -> None:
    from ml.mood.suggest import HOME, write

    settings.MODELS_DIR = tmp_path
    assert analysing.suggester().name == Suggester.load().name
    numbers = json.loads(HOME.read_text())["numbers"]
    write(tmp_path / HOME.name, {**numbers, "unsure_below": 0.9}, {})

    assert analysing.suggester().unsure_below == 0.9


def test_a_file_that_sounds_like_an_earlier_one_joins_its_song(fake: FakeMeasurer) -> None:
    # Given: one recording twice, under names that no tag joins, and another of the same length
    first, copy, other = a_file(path="1.wav"), a_file(path="2.wav"), a_file(path="3.wav")
    Song.objects.filter(pk=copy.song_id).update(origin="folder", origin_id="2")
    for path, seed in (("1.wav", 900), ("2.wav", 900), ("3.wav", 901)):
        fake.answers[path] = measured(sound=a_sound(seed))

    # When: all are measured
    services.analyses_request(files=AudioFile.objects.all())
    services.analyses_run()

    # Then: the copy is a further file of the first song, and the song it was is hidden
    kept = {file.path: file.song_id for file in AudioFile.objects.all()}
    assert kept == {"1.wav": first.song_id, "2.wav": first.song_id, "3.wav": other.song_id}
    assert Song.objects.get(pk=copy.song_id).hidden
    assert not Song.objects.get(pk=other.song_id).hidden
    assert Analysis.objects.filter(state=State.DONE).count() == 3


def test_nobodys_own_file_joins_a_song_of_others(fake: FakeMeasurer, owner: Any) -> None:
    everyones, mine = a_file(path="1.wav"), a_file(SongFactory(owner=owner), path="2.wav")
    for path in ("1.wav", "2.wav"):
        fake.answers[path] = measured(sound=a_sound(900))

    services.analyses_request(files=AudioFile.objects.all())
    services.analyses_run()

    assert {file.song_id for file in AudioFile.objects.all()} == {everyones.song_id, mine.song_id}
