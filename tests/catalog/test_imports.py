"""Imports as rows: taken once, counted with what they write, never lost, never for ever."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from catalog.models import Artist, ImportProblem, ImportRun
from catalog.services import import_sweeping, imports
from catalog.services.imports import Problem, Tally
from catalog.tasks import import_run, sweep_imports
from moodmusic.problems import DomainError

pytestmark = pytest.mark.django_db

NOTHING = {"returned": 0, "failed": 0, "rung": 0}


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the imports a worker was rung for, instead of a message to a broker."""
    ids: list[str] = []
    monkeypatch.setattr(import_run, "apply_async", lambda args, **_: ids.extend(args))
    return ids


@pytest.fixture
def committing(django_capture_on_commit_callbacks: Any) -> Any:
    """Do something, then what it put off until the commit."""

    def run(doing: Any, **values: Any) -> Any:
        with django_capture_on_commit_callbacks(execute=True):
            return doing(**values)

    return run


def made(**values: Any) -> ImportRun:
    """An import in any state; `age` is how long ago it was asked for and rung."""
    age = values.pop("age", timedelta())
    run = ImportRun.objects.create(kind="table", path="/a.csv", name="a.csv", **values)
    then = timezone.now() - age
    ImportRun.objects.filter(pk=run.pk).update(created_at=then, rung_at=then)
    run.refresh_from_db()
    return run


def handled_by(monkeypatch: pytest.MonkeyPatch, handler: Any) -> None:
    """Let `handler` do what imports of tables do."""
    monkeypatch.setattr(imports, "import_string", lambda path: handler)


def test_asking_for_an_import_rings_a_worker_once_it_is_stored(
    committing: Any, rung: list[str], curator: Any
) -> None:
    run = committing(
        imports.import_create,
        kind="table",
        path="/data/a.csv",
        name="a.csv",
        by=curator,
        options={"update": True},
    )
    assert (run.state, run.by, run.options) == ("pending", curator, {"update": True})
    assert rung == [str(run.pk)]


def test_an_import_done_in_the_foreground_rings_nobody(committing: Any, rung: list[str]) -> None:
    committing(
        imports.import_create, kind="table", path="/a.csv", name="a.csv", by=None, rung=False
    )
    assert rung == []


def test_a_message_delivered_twice_is_worked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    run, worked = made(), []

    def handler(held: ImportRun, progress: Any) -> None:
        import_run(str(held.pk))  # the second delivery, while the first is at it
        worked.append(held.attempts)
        imports.import_total(run=held, total=3)
        imports.import_advance(run=held, tally=Tally(done=3, created=2, refused=1))

    handled_by(monkeypatch, handler)
    import_run(str(run.pk))
    import_run(str(run.pk))
    import_run(str(uuid.uuid4()))

    run.refresh_from_db()
    assert worked == [1]
    assert (run.state, run.total, run.done, run.created, run.refused) == ("done", 3, 3, 2, 1)
    assert run.finished_at is not None
    assert run.lease_until is None


def test_workers_do_one_import_at_a_time_and_the_next_is_rung(
    committing: Any, rung: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given one import at work and another that waits
    first, second = made(), made()
    held = imports.import_claim(run_id=first.pk)
    assert held is not None
    assert imports.import_claim(run_id=second.pk) is None
    # When the first ends, then a worker is asked for the second
    handled_by(monkeypatch, lambda run, progress: None)
    committing(imports.import_work, run=held)
    assert rung == [str(second.pk)]
    assert imports.import_claim(run_id=second.pk) is not None


def test_somebody_at_a_terminal_does_not_wait_for_workers() -> None:
    assert imports.import_claim(run_id=made().pk) is not None
    assert imports.import_claim(run_id=made().pk, alone=False) is not None


def test_a_batch_is_counted_with_what_it_wrote_or_not_at_all() -> None:
    # Given a run that a second attempt has taken over
    held = imports.import_claim(run_id=made().pk)
    assert held is not None
    ImportRun.objects.filter(pk=held.pk).update(attempts=2)

    # When the first attempt ends its batch, then nothing of it is kept
    def batch() -> None:
        with transaction.atomic():
            Artist.objects.create(name="Late")
            imports.import_advance(run=held, tally=Tally(done=1, created=1))

    with pytest.raises(imports.ImportLost):
        batch()
    assert not Artist.objects.filter(name="Late").exists()
    assert ImportRun.objects.get(pk=held.pk).done == 0


def test_cancelling_stops_an_import_at_its_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made()

    def handler(held: ImportRun, progress: Any) -> None:
        imports.import_advance(run=held, tally=Tally(done=2, created=2))
        assert imports.import_cancel(run=held)
        imports.import_advance(run=held, tally=Tally(done=2, created=2))
        raise AssertionError("it went on")

    handled_by(monkeypatch, handler)
    import_run(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.done) == ("cancelled", 2)
    assert not imports.import_cancel(run=run)


def test_a_reason_people_can_act_on_ends_the_import(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(held: ImportRun, progress: Any) -> None:
        raise DomainError("not_a_table", "This is not a table.")

    handled_by(monkeypatch, handler)
    run = made()
    import_run(str(run.pk))
    run.refresh_from_db()
    assert (run.state, run.message) == ("failed", "This is not a table.")


def test_an_error_gives_the_import_back_until_the_third(monkeypatch: pytest.MonkeyPatch) -> None:
    def handler(held: ImportRun, progress: Any) -> None:
        raise OSError("disk")

    handled_by(monkeypatch, handler)
    run = made()
    for state in ("pending", "pending", "failed"):
        import_run(str(run.pk))
        run.refresh_from_db()
        assert run.state == state
    assert "log" in run.message
    assert run.attempts == imports.MAX_ATTEMPTS


def test_problems_are_kept_once_and_not_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    run = made()
    long = Problem("7", "title_too_long", "x" * 900)
    imports.problems_note(run=run, problems=[long, Problem("8", "no_title", "No title.")])
    imports.problems_note(run=run, problems=[long])
    assert list(run.problems.values_list("place", "code")) == [
        ("7", "title_too_long"),
        ("8", "no_title"),
    ]
    monkeypatch.setattr(imports, "MAX_PROBLEMS", 3)
    imports.problems_note(
        run=run, problems=[Problem(str(line), "no_title", "") for line in range(9, 20)]
    )
    assert ImportProblem.objects.count() == 3


# --- Sweeping -------------------------------------------------------------------------------------


def test_the_sweeper_leaves_what_is_well_alone(committing: Any, rung: list[str]) -> None:
    made()
    made(state="running", attempts=1, lease_until=timezone.now() + timedelta(seconds=9))
    for state in ("done", "failed", "cancelled"):
        made(state=state, age=timedelta(days=1))
    before = list(ImportRun.objects.order_by("pk").values())
    assert committing(import_sweeping.imports_sweep) == NOTHING
    assert (rung, list(ImportRun.objects.order_by("pk").values())) == ([], before)


def test_a_killed_worker_loses_its_import_to_another(committing: Any, rung: list[str]) -> None:
    run = made(state="running", attempts=1, lease_until=timezone.now() - timedelta(seconds=1))
    assert committing(import_sweeping.imports_sweep) == {**NOTHING, "returned": 1}
    assert rung == [str(run.pk)]
    held = imports.import_claim(run_id=run.pk)
    assert held is not None
    assert held.attempts == 2
    # What the first worker still says is not heard.
    assert not imports.import_fail(run=run, message="late")


def test_an_import_that_kills_its_workers_ends(committing: Any, rung: list[str]) -> None:
    run = made(state="running", attempts=3, lease_until=timezone.now() - timedelta(seconds=1))
    assert committing(import_sweeping.imports_sweep) == {**NOTHING, "failed": 1}
    run.refresh_from_db()
    assert (run.state, rung) == ("failed", [])
    assert "Start it again" in run.message


def test_a_lost_message_is_rung_again_ever_less_often(committing: Any, rung: list[str]) -> None:
    run = made(age=timedelta(seconds=31))
    assert committing(sweep_imports) is None
    assert rung == [str(run.pk)]
    # Rung a minute ago after waiting an hour: not again yet
    now = timezone.now()
    ImportRun.objects.update(
        created_at=now - timedelta(hours=1), rung_at=now - timedelta(seconds=60)
    )
    assert committing(import_sweeping.imports_sweep) == NOTHING
    ImportRun.objects.update(rung_at=now - timedelta(minutes=6))
    assert committing(import_sweeping.imports_sweep) == {**NOTHING, "rung": 1}
