"""Public tables, imported whole; run where MOODMUSIC_DATA names their folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Annotation, ImportRun, Song
from catalog.tables.formats import table_open
from tests.catalog.factories import mood_named
from tests.catalog.tables.files import MOODS, rows_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _moods(db: None) -> None:
    for slug in MOODS:
        mood_named(slug)


def public(name: str) -> Path:
    path = Path(os.environ.get("MOODMUSIC_DATA", "")) / "music" / name
    if not os.environ.get("MOODMUSIC_DATA") or not path.is_file():
        pytest.skip(f"MOODMUSIC_DATA names no folder with music/{name}")
    return path


def imported(path: Path) -> ImportRun:
    call_command("import_songs", path, verbosity=0, stderr=open(os.devnull, "w"))  # noqa: PTH123, SIM115
    return ImportRun.objects.latest("created_at")


def test_songs_with_spotify_features_whole() -> None:
    path = public("spotify_songs/spotify_songs.csv.gz")
    run = imported(path)
    assert (run.done, run.created, run.unchanged, run.refused) == (32_833, 28_356, 4_477, 0)
    songs = Song.objects.filter(origin="spotify")
    assert songs.values("origin_id").distinct().count() == 28_356
    assert not songs.filter(duration_s=0).exists()
    # Four of them have neither title nor artist in the table, and say so.
    assert run.problems.filter(code="no_title").count() == 5
    again = imported(path)
    assert (again.done, again.created, again.unchanged) == (32_833, 0, 32_833)


def test_songs_with_moods_whole() -> None:
    run = imported(public("data_moods/data_moods.csv"))
    assert (run.done, run.created, run.refused) == (686, 686, 0)
    judged: dict[str, int] = {}
    for slug in Annotation.objects.filter(source="table").values_list("mood__slug", flat=True):
        judged[slug] = judged.get(slug, 0) + 1
    assert judged == {"sad": 197, "calm": 195, "energetic": 154, "happy": 140}
    assert Song.objects.filter(placed=True).count() == 686


@pytest.mark.parametrize(
    ("name", "format", "count", "judged"),
    [
        ("fma_echonest/fma-rock-vs-hiphop.csv.gz", "csv", 17_734, 0),
        ("fma_echonest/echonest-metrics.json.gz", "echonest", 13_129, 0),
        ("jamendo_moodtheme/autotagging_moodtheme.tsv.gz", "jamendo", 18_486, None),
    ],
)
def test_research_sets_are_read_whole(
    name: str, format: str, count: int, judged: int | None
) -> None:
    path = public(name)
    assert table_open(path).format == format
    rows: list[Any] = rows_of(path)
    assert len(rows) == count
    assert all(row.origin_id for row in rows)
    with_moods = sum(bool(row.judgements) for row in rows)
    assert with_moods == judged if judged is not None else with_moods > count // 3
