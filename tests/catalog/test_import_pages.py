"""Curators' pages of imports: who may, what can be asked for, and what is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from catalog import import_forms
from catalog.import_pages import pace_of
from catalog.models import ImportProblem, ImportRun, Song
from catalog.services import uploads
from catalog.tasks import import_run
from tests.catalog.audio_files import write
from tests.moodmusic.pages import HTMX, text_of

ClientOf = Callable[[Any], Client]
TABLE = b"title,artist,duration_s\nPaper Moon,Ambro Tide,180\nHarbour,Ambro Tide,200\n"


@pytest.fixture
def music(tmp_path: Path, settings: Any) -> Path:
    settings.MUSIC_DIR, settings.COVERS_DIR = tmp_path / "kept" / "music", tmp_path / "kept/covers"
    settings.DATA_DIR = tmp_path / "data"
    settings.MUSIC_FOLDERS = [str(tmp_path / "music")]
    (tmp_path / "music" / "happy").mkdir(parents=True)
    return tmp_path / "music"


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Imports that a worker was asked for, instead of a message to a broker."""
    ids: list[str] = []
    monkeypatch.setattr(import_run, "apply_async", lambda args, **_: ids.extend(args))
    return ids


def asked(music: Path, **more: Any) -> dict[str, Any]:
    """What the folder's form sends."""
    return {"kind": "folder", "folder-folder": str(music), **more}


def run_of(**values: Any) -> ImportRun:
    return ImportRun.objects.create(
        **{"kind": "folder", "path": "/music", "name": "music", "options": {}, **values}
    )


# --- Who may --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_curators_alone_see_and_start_imports(
    music: Path, owner: Any, curator: Any, anonymous: Any, client_of: ClientOf, rung: list[str]
) -> None:
    run = run_of()
    detail = [run.pk]
    gets = [reverse("imports"), reverse("import_detail", args=detail)]
    posts = [reverse(name, args=detail) for name in ("import_stop", "import_repeat")]
    for address in gets:
        assert client_of(curator).get(address).status_code == 200
        assert client_of(owner).get(address).status_code == 403
        away = client_of(anonymous).get(address)
        assert (away.status_code, "login" in away["Location"]) == (302, True)
    for address in [*posts, reverse("imports")]:
        assert client_of(owner).post(address, asked(music)).status_code == 403
        assert client_of(anonymous).post(address, asked(music)).status_code == 302
    run.refresh_from_db()
    assert (run.state, ImportRun.objects.count(), rung) == ("pending", 1, [])


@pytest.mark.django_db
def test_imports_of_private_songs_are_no_curators_business(
    owner: Any, curator: Any, client_of: ClientOf
) -> None:
    run = run_of(name="diary", options={"owner": owner.pk, "recursive": True})
    client = client_of(curator)
    assert "diary" not in text_of(client.get(reverse("imports")))
    assert client.get(reverse("import_detail", args=[run.pk])).status_code == 404
    assert client.post(reverse("import_stop", args=[run.pk])).status_code == 404


@pytest.mark.django_db
def test_the_admin_leads_to_the_pages(curator: Any, other: Any, client_of: ClientOf) -> None:
    run = run_of()
    page = client_of(curator).get(reverse("admin:catalog_importrun_changelist"))
    assert reverse("imports") in page.content.decode()
    assert reverse("import_detail", args=[run.pk]) in page.content.decode()
    assert client_of(other).get(reverse("admin:catalog_importrun_changelist")).status_code == 302


# --- Folders --------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_folder_is_tried_then_imported(
    music: Path,
    curator: Any,
    client_of: ClientOf,
    rung: list[str],
    django_capture_on_commit_callbacks: Any,
) -> None:
    write(music / "happy" / "a.mp3", title="Paper Moon", artist="A")
    (music / "happy" / "b.mp3").write_text("no")
    client = client_of(curator)
    # When a curator tries a folder
    form = asked(
        music,
        dry="1",
        **{
            "folder-below": "happy",
            "folder-recursive": "on",
            "folder-mood_from_folder": "on",
            "folder-licence": "CC0-1.0",
        },
    )
    with django_capture_on_commit_callbacks(execute=True):
        away = client.post(reverse("imports"), form)
    run = ImportRun.objects.get()
    assert (away.status_code, away["Location"]) == (303, reverse("import_detail", args=[run.pk]))
    assert (run.dry_run, run.by, run.path, rung) == (
        True, curator, str(music / "happy"), [str(run.pk)],
    )  # fmt: skip
    # Then a worker tries it, and nothing is written
    waiting = text_of(client.get(away["Location"]))
    assert "Waiting for a worker" in waiting
    import_run(str(run.pk))
    tried = text_of(client.get(away["Location"]))
    assert "Tried: nothing was written: 2 of 2 files" in tried
    assert "Would be new1 Would be updated0" in tried
    assert "b.mp3Its content is no audio" in tried
    assert Song.objects.count() == 0
    # And importing it is one press
    with django_capture_on_commit_callbacks(execute=True):
        again = client.post(reverse("import_repeat", args=[run.pk]))
    made = ImportRun.objects.exclude(pk=run.pk).get()
    import_run(str(made.pk))
    assert "Imported: 2 of 2 files" in text_of(client.get(again["Location"]))
    song = Song.objects.get()
    assert (song.licence, [mood.slug for mood in song.moods.all()]) == ("CC0-1.0", ["happy"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    "below", ["..", "../secrets", "/etc", "happy/../../secrets", "way", "none", "a\0b"]
)
def test_only_what_lies_in_the_named_folders_is_imported(
    music: Path, curator: Any, client_of: ClientOf, below: str
) -> None:
    (music.parent / "secrets").mkdir()
    (music / "way").symlink_to(music.parent / "secrets")
    form = asked(music, **{"folder-below": below})
    answer = client_of(curator).post(reverse("imports"), form)
    assert answer.status_code == 400
    assert ImportRun.objects.count() == 0
    other = {**asked(music), "folder-folder": str(music.parent)}
    assert client_of(curator).post(reverse("imports"), other).status_code == 400
    assert ImportRun.objects.count() == 0


@pytest.mark.django_db
def test_folders_imported_by_command_are_not_repeated_from_the_page(
    music: Path, curator: Any, client_of: ClientOf
) -> None:
    run = run_of(path="/etc", state="done", finished_at=timezone.now())
    client = client_of(curator)
    assert (
        reverse("import_repeat", args=[run.pk])
        not in client.get(reverse("import_detail", args=[run.pk])).content.decode()
    )
    assert client.post(reverse("import_repeat", args=[run.pk])).status_code == 403
    assert ImportRun.objects.count() == 1


@pytest.mark.django_db
def test_without_named_folders_the_page_says_how(
    settings: Any, curator: Any, client_of: ClientOf
) -> None:
    settings.MUSIC_FOLDERS = []
    page = text_of(client_of(curator).get(reverse("imports")))
    assert "MOODMUSIC_MUSIC_FOLDERS" in page


# --- Tables ---------------------------------------------------------------------------------------


def sent(name: str = "songs.csv", content: bytes = TABLE, **more: Any) -> dict[str, Any]:
    """What the table's form sends."""
    return {
        "kind": "table",
        "table-file": SimpleUploadedFile(name, content),
        "table-format": "auto",
        **more,
    }


@pytest.mark.django_db
def test_a_table_is_kept_tried_and_imported(
    music: Path, curator: Any, client_of: ClientOf, rung: list[str]
) -> None:
    client = client_of(curator)
    form = sent("../../evil dir/songs.tar.csv", **{"table-licence": "CC0-1.0", "dry": "1"})
    away = client.post(reverse("imports"), form)
    run = ImportRun.objects.get()
    kept = Path(run.path)
    assert kept.parent == uploads.uploads_folder()
    assert re.fullmatch(r"[0-9a-f]{32}\.csv", kept.name)
    assert (run.name, kept.read_bytes()) == ("songs.tar.csv", TABLE)
    import_run(str(run.pk))
    assert "Tried: nothing was written: 2 of 2 rows" in text_of(client.get(away["Location"]))
    client.post(reverse("import_repeat", args=[run.pk]))
    import_run(str(ImportRun.objects.exclude(pk=run.pk).get().pk))
    assert set(Song.objects.values_list("title", "licence")) == {
        ("Paper Moon", "CC0-1.0"), ("Harbour", "CC0-1.0"),
    }  # fmt: skip


@pytest.mark.django_db
def test_tables_that_cannot_be_taken_are_refused_in_words(
    music: Path, curator: Any, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_of(curator)
    monkeypatch.setattr(import_forms, "LARGEST_TABLE", 50)
    for form, words in (
        (sent(), "It is larger than"),
        (sent(content=b""), "empty"),
        (sent(content=b"a", **{"table-licence": "free for all"}), "SPDX"),
        (sent(content=b"a", **{"table-format": "exe"}), "valid choice"),
        ({"kind": "table", "table-format": "auto"}, "required"),
    ):
        answer = client.post(reverse("imports"), form)
        assert answer.status_code == 400
        assert words in text_of(answer)
    assert ImportRun.objects.count() == 0


@pytest.mark.django_db
def test_a_table_that_cannot_be_kept_is_told(
    music: Path, curator: Any, client_of: ClientOf, settings: Any
) -> None:
    settings.DATA_DIR.mkdir()
    (settings.DATA_DIR / "imports").touch()
    answer = client_of(curator).post(reverse("imports"), sent())
    assert answer.status_code == 503
    assert "could not be kept" in text_of(answer)


def test_tables_go_a_week_after_they_were_sent(music: Path) -> None:
    import os

    old = uploads.table_store(chunks=[TABLE], name="a.csv")
    os.utime(old, (1, 1))
    new = uploads.table_store(chunks=[TABLE], name="b.tsv.gz")
    assert not old.exists()
    assert (new.suffixes, new.read_bytes()) == ([".tsv", ".gz"], TABLE)


# --- A run's page ---------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_running_import_tells_its_pace_and_is_asked_again(
    curator: Any, client_of: ClientOf
) -> None:
    run = run_of(state="running", total=1000, done=250, created=240, refused=10)
    ImportRun.objects.update(started_at=timezone.now() - timedelta(seconds=50))
    run.refresh_from_db()
    pace = pace_of(run)
    assert pace.share == 0.25
    assert pace.rate == pytest.approx(5, rel=0.05)
    assert pace.left is not None
    assert pace.left.total_seconds() == pytest.approx(150, rel=0.05)

    client = client_of(curator)
    address = reverse("import_detail", args=[run.pk])
    fragment = client.get(address, **HTMX).content.decode()
    assert fragment.lstrip().startswith("<div")
    assert 'id="import-stop"' in fragment  # by its id the focus survives the swap
    assert f'hx-get="{address}?page=1"' in fragment
    assert "250 of 1,000" in fragment
    # When it ends, the page stops asking
    ImportRun.objects.update(state="done", finished_at=timezone.now())
    assert "hx-get" not in client.get(address, **HTMX).content.decode()
    run.refresh_from_db()
    assert pace_of(run).left is None


@pytest.mark.django_db
def test_problems_are_told_page_by_page_and_cannot_write_html(
    curator: Any, client_of: ClientOf
) -> None:
    run = run_of(state="done", finished_at=timezone.now(), total=60, done=60)
    ImportProblem.objects.bulk_create(
        ImportProblem(run=run, place=f"<script>{number:02}", code="damaged", detail="Cut off.")
        for number in range(60)
    )
    client = client_of(curator)
    first = client.get(reverse("import_detail", args=[run.pk])).content.decode()
    assert first.count("Cut off.") == 50
    assert "<script>00" not in first
    last = client.get(reverse("import_detail", args=[run.pk]) + "?page=2").content.decode()
    assert last.count("Cut off.") == 10


@pytest.mark.django_db
def test_stopping_keeps_what_was_imported(curator: Any, client_of: ClientOf) -> None:
    run = run_of(state="running", total=10, done=5, created=5)
    client = client_of(curator)
    page = client.post(reverse("import_stop", args=[run.pk]), follow=True)
    assert "What it had imported stays" in text_of(page)
    run.refresh_from_db()
    assert (run.state, run.created) == ("cancelled", 5)
    again = client.post(reverse("import_stop", args=[run.pk]), follow=True)
    assert "had ended before" in text_of(again)


@pytest.mark.slow
def test_a_real_worker_imports_what_the_page_asked_for(
    celery_worker: Any, music: Path, curator: Any, client_of: ClientOf
) -> None:
    from tests.process import wait_for

    for number in range(3):
        write(music / f"{number}.flac", title=f"T{number}", artist="A", hertz=200 + number)
    client = client_of(curator)
    client.post(reverse("imports"), asked(music))
    wait_for(lambda: ImportRun.objects.get().state == "done", 60, "the import's end")
    assert Song.objects.filter(has_files=True).count() == 3
