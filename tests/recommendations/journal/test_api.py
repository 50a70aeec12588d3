"""The journal over the API, and as a file that reads back the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from catalog.models import Song
from emotions.models import Reading
from recommendations.models import MoodAfter, SongList
from tests.recommendations.journal.factories import (
    answered,
    list_for,
    ninety_days,
    play_of,
    reading_at,
)

pytestmark = pytest.mark.django_db
API = "/api/v1/journal"
NOON = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
LAST = datetime(2026, 6, 30, 21, 0, tzinfo=UTC)


def test_readings_of_some_days_with_their_notes(api_of: Any, owner: Any, other: Any) -> None:
    kept = [reading_at(owner, NOON + timedelta(days=n), note=f"Day {n}.") for n in range(5)]
    reading_at(other, NOON, note="Theirs.")

    all_of_them = api_of(owner).get(API).json()
    some = api_of(owner).get(API, {"from": "2026-06-02", "to": "2026-06-04", "page_size": 2}).json()

    assert all_of_them["count"] == 5
    assert (some["count"], [row["note"] for row in some["results"]]) == (3, ["Day 3.", "Day 2."])
    assert some["results"][0]["id"] == str(kept[3].pk)
    assert some["next"] is not None


def test_days_are_the_listeners(client_of: Any, owner: Any) -> None:
    reading_at(owner, datetime(2026, 6, 1, 22, 30, tzinfo=UTC))

    owner.time_zone = "Asia/Kolkata"
    owner.save()
    second = client_of(owner).get(API, {"from": "2026-06-02"}).json()
    first = client_of(owner).get(API, {"to": "2026-06-01"}).json()

    assert (second["count"], first["count"]) == (1, 0)


@pytest.mark.parametrize(
    "asked", [{"from": "soon"}, {"to": "2026-02-30"}, {"from": "2026-06-02", "to": "2026-06-01"}]
)
def test_what_is_no_stretch_of_days_is_refused(api_of: Any, owner: Any, asked: Any) -> None:
    for address in (API, f"{API}/summary", f"{API}/export"):
        answer = api_of(owner).get(address, asked)

        assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_days_out_of_all_journals_hold_nothing(client_of: Any, owner: Any, day: str) -> None:
    reading_at(owner, NOON)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        owner.time_zone = zone
        owner.save()
        assert client_of(owner).get(API, {"from": day, "to": day}).json()["count"] == 0
        summary = client_of(owner).get(f"{API}/summary", {"to": day}).json()
        assert summary["readings"] == 0


def test_a_note_is_patched(api_of: Any, owner: Any) -> None:
    reading = reading_at(owner, NOON)

    answer = api_of(owner).patch(f"{API}/{reading.pk}", {"note": " Rain. "}, format="json")
    too_long = api_of(owner).patch(f"{API}/{reading.pk}", {"note": "x" * 4001}, format="json")

    assert (answer.status_code, answer.json()["note"]) == (200, "Rain.")
    assert (too_long.status_code, list(too_long.json()["errors"])) == (400, ["note"])
    assert Reading.objects.get().note == "Rain."


def test_a_reading_is_deleted_with_its_lists(api_of: Any, owner: Any) -> None:
    reading = reading_at(owner, NOON)
    answered(list_for(reading), "better", NOON)

    answer = api_of(owner).delete(f"{API}/{reading.pk}")

    assert answer.status_code == 204
    assert not Reading.objects.exists()
    assert not SongList.objects.exists()
    assert not MoodAfter.objects.exists()
    assert api_of(owner).delete(f"{API}/{reading.pk}").status_code == 404


def test_how_i_am_after_a_list(api_of: Any, owner: Any, songs: list[Song]) -> None:
    now = timezone.now()
    made = list_for(reading_at(owner, now, "sad"))
    play_of(made, songs[0], now)
    api, address = api_of(owner), f"/api/v1/lists/{made.pk}/mood-after"
    assert api.get(f"{API}/question").json() == {"asks": True, "list": str(made.pk)}

    body = {"answer": "better", "valence": 0.4, "arousal": -0.2}
    said = api.post(address, body, format="json").json()
    half = api.post(address, {"answer": "better", "valence": 0.4}, format="json")
    beyond = api.post(address, {**body, "arousal": 2}, format="json")

    assert {name: said[name] for name in body} == body
    assert (said["emotion"], said["list"]) == (None, str(made.pk))
    assert (half.status_code, beyond.status_code) == (400, 400)
    assert api.get(f"{API}/question").json() == {"asks": True, "list": None}
    assert MoodAfter.objects.get().arousal == -0.2

    assert api.delete(address).status_code == 204
    assert MoodAfter.objects.get().answer == ""
    off = api.put(f"{API}/question", {"asks": False}, format="json").json()
    assert off == {"asks": False, "list": None}


def test_a_summary_is_the_sum_of_its_readings(api_of: Any, owner: Any, songs: list[Song]) -> None:
    kept = ninety_days(owner, LAST, songs[:12])

    body = api_of(owner).get(f"{API}/summary", {"from": "2026-04-01", "to": "2026-06-30"}).json()

    assert (body["first"], body["last"]) == ("2026-04-01", "2026-06-30")
    assert body["readings"] == len(kept)
    assert sum(row["counts"] for row in body["moods"]) == len(kept)
    assert sum(row["readings"] for row in body["days"]) == len(kept)
    assert sum(row["readings"] for row in body["week"]) == len(kept)
    assert sum(body["after"]["answers"].values()) == MoodAfter.objects.count() > 20
    assert all(-1 <= row["valence"] <= 1 for row in body["days"])
    assert body["played"][0]["songs"][0]["plays"] >= 1

    too_long = api_of(owner).get(f"{API}/summary", {"from": "2024-06-30", "to": "2026-06-30"})
    assert (too_long.status_code, too_long.json()["code"]) == (400, "too_long")


def test_a_summary_of_days_to_come_is_of_the_first_of_them(api_of: Any, owner: Any) -> None:
    body = api_of(owner).get(f"{API}/summary", {"from": "2190-01-02"}).json()

    assert (body["first"], body["last"]) == ("2190-01-02", "2190-01-02")


def test_an_artist_of_a_summary_is_named_by_its_number(
    api_of: Any, owner: Any, songs: list[Song]
) -> None:
    play_of(list_for(reading_at(owner, NOON)), songs[0], NOON)

    body = api_of(owner).get(f"{API}/summary", {"to": f"{NOON:%Y-%m-%d}"}).json()

    assert body["played"][0]["artists"] == [
        {"artist": songs[0].artist_id, "name": songs[0].artist.name, "plays": 1}
    ]


# --- Files ----------------------------------------------------------------------------------------


def expected(readings: list[Reading]) -> list[dict[str, Any]]:
    """What both files must say, from the rows themselves."""
    rows = []
    for one in sorted(readings, key=lambda one: (one.created_at, one.pk)):
        face = one.source == "face"
        answers = MoodAfter.objects.filter(song_list__reading=one).order_by("closed_at", "pk")
        rows.append(
            {
                "id": str(one.pk),
                "time": one.created_at,
                "source": one.source,
                "emotion": one.corrected_to or one.label,
                "read_as": one.label if face else None,
                "confidence": one.confidence if face else None,
                "unsure": False,
                "said": one.corrected_to or None,
                "note": one.note,
                "after": [(after.song_list.goal, after.answer) for after in answers],
            }
        )
    return rows


def comparable(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in ("valence", "arousal")}
    return {
        **kept,
        "time": datetime.fromisoformat(row["time"]),
        "after": [(one["goal"], one["answer"]) for one in row["after"]],
    }


def test_the_json_file_reads_back_the_same(
    api_of: Any, owner: Any, other: Any, songs: list[Song]
) -> None:
    kept = ninety_days(owner, LAST, songs[:5])
    ninety_days(other, LAST, [])

    answer = api_of(owner).get(f"{API}/export", {"format": "json"})

    assert "moodmusic-journal.json" in answer["Content-Disposition"]
    rows = json.loads(answer.content)["readings"]
    assert [comparable(row) for row in rows] == expected(kept)


def test_the_csv_file_reads_back_the_same(client_of: Any, owner: Any, songs: list[Song]) -> None:
    kept = ninety_days(owner, LAST, songs[:5])
    assert {"=1+1", "'quoted'", 'Two\nlines, "so"'} <= {one.note for one in kept}

    answer = client_of(owner).get("/journal/export/?format=csv")

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.content.decode()
    rows = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        # No cell begins what a spreadsheet would compute
        assert row["note"][:1] not in ("=", "+", "-", "@")
        rows.append(
            {
                **row,
                "read_as": row["read_as"] or None,
                "confidence": float(row["confidence"]) if row["confidence"] else None,
                "unsure": row["unsure"] == "true",
                "said": row["said"] or None,
                "note": row["note"][1:] if row["note"][:1] == "'" else row["note"],
                "after": json.loads(row["after"] or "[]"),
            }
        )
    assert [comparable(row) for row in rows] == expected(kept)


def test_other_formats_are_refused(api_of: Any, owner: Any) -> None:
    answer = api_of(owner).get(f"{API}/export", {"format": "pdf"})

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_format")


# --- Who may --------------------------------------------------------------------------------------


def test_others_readings_and_lists_are_not_found(
    api_of: Any, owner: Any, other: Any, anonymous: Any
) -> None:
    reading = reading_at(owner, NOON, note="Mine.")
    entry = f"{API}/{reading.pk}"
    after = f"/api/v1/lists/{list_for(reading).pk}/mood-after"

    for user, status in ((other, 404), (anonymous, 401)):
        api = api_of(user)
        assert api.patch(entry, {"note": "x"}, format="json").status_code == status
        assert api.delete(entry).status_code == status
        assert api.post(after, {"answer": "worse"}, format="json").status_code == status
        assert api.delete(after).status_code == status
    assert Reading.objects.get().note == "Mine."
    assert not MoodAfter.objects.exists()
