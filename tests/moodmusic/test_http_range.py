"""Byte ranges: the values of the headers and the very bytes of the body."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import RequestFactory

from moodmusic.http_range import CHUNK_BYTES, ranged_file_response

ETAG = '"v1"'
CONTENT = bytes(range(256)) * 800  # 204,800 bytes: several chunks
SIZE = len(CONTENT)
MODIFIED = 1_700_000_000  # Tue, 14 Nov 2023 22:13:20 GMT
MODIFIED_HTTP = "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.mp3"
    path.write_bytes(CONTENT)
    os.utime(path, (MODIFIED, MODIFIED))
    return path


def ask(path: Path, method: str = "get", etag: str = ETAG, **headers: str) -> Any:
    request = getattr(RequestFactory(), method)(
        "/song", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    return ranged_file_response(request, path, content_type="audio/mpeg", etag=etag)


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def test_no_range_sends_the_whole_file_and_offers_ranges(song: Path) -> None:
    response = ask(song)

    assert response.status_code == 200
    assert body(response) == CONTENT
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "audio/mpeg"
    assert response["Accept-Ranges"] == "bytes"
    assert response["ETag"] == ETAG
    assert response["Last-Modified"] == MODIFIED_HTTP
    assert response["Cache-Control"] == "private, max-age=3600"
    assert "Content-Range" not in response
    assert "Content-Disposition" not in response


@pytest.mark.parametrize(
    ("header", "first", "last"),
    [
        ("bytes=0-0", 0, 0),
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=100-299", 100, 299),
        (f"bytes={CHUNK_BYTES - 1}-{CHUNK_BYTES * 2}", CHUNK_BYTES - 1, CHUNK_BYTES * 2),
        (f"bytes={SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"bytes=204000-{SIZE * 9}", 204000, SIZE - 1),
        ("bytes=-1", SIZE - 1, SIZE - 1),
        ("bytes=-500", SIZE - 500, SIZE - 1),
        (f"bytes=-{SIZE * 9}", 0, SIZE - 1),
        ("BYTES = 5 - 9", 5, 9),
    ],
)
def test_a_range_sends_exactly_its_bytes(song: Path, header: str, first: int, last: int) -> None:
    response = ask(song, Range=header)

    assert response.status_code == 206
    assert response["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert response["Content-Length"] == str(last - first + 1)
    assert response["ETag"] == ETAG
    assert body(response) == CONTENT[first : last + 1]


@pytest.mark.parametrize("header", [f"bytes={SIZE}-", f"bytes={SIZE + 5}-{SIZE + 9}", "bytes=-0"])
def test_a_range_beyond_the_end_is_refused_with_the_size(song: Path, header: str) -> None:
    response = ask(song, Range=header)

    assert response.status_code == 416
    assert response["Content-Range"] == f"bytes */{SIZE}"
    assert response["Content-Length"] == "0"
    assert response.content == b""


@pytest.mark.parametrize(
    "header",
    [
        "bytes=0-1,4-5",
        "bytes=9-5",
        "bytes=-",
        "bytes=",
        "bytes=a-b",
        "bytes=--5",
        "seconds=0-1",
        "0-1",
        "bytes=\u0660-\u0661",
        "bytes=0-" + "9" * 5000,
    ],
)
def test_what_is_not_one_byte_range_gets_the_whole_file(song: Path, header: str) -> None:
    response = ask(song, Range=header)

    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)
    assert body(response) == CONTENT


@pytest.mark.parametrize("if_range", [ETAG, MODIFIED_HTTP])
def test_if_range_that_names_the_current_file_gives_the_part(song: Path, if_range: str) -> None:
    response = ask(song, Range="bytes=10-19", If_Range=if_range)

    assert response.status_code == 206
    assert body(response) == CONTENT[10:20]


@pytest.mark.parametrize(
    "if_range",
    [
        '"v0"',
        'W/"v1"',
        "Tue, 14 Nov 2023 22:13:19 GMT",
        "Tue, 14 Nov 2023 22:13:21 GMT",
        "yesterday",
    ],
)
def test_if_range_that_names_another_file_gives_the_whole(song: Path, if_range: str) -> None:
    response = ask(song, Range="bytes=10-19", If_Range=if_range)

    assert response.status_code == 200
    assert body(response) == CONTENT


def test_a_weak_tag_never_joins_parts(song: Path) -> None:
    response = ask(song, etag='W/"v1"', Range="bytes=10-19", If_Range='W/"v1"')

    assert response.status_code == 200


def test_if_range_wins_over_a_range_that_cannot_be_satisfied(song: Path) -> None:
    response = ask(song, Range=f"bytes={SIZE}-", If_Range='"v0"')

    assert response.status_code == 200
    assert body(response) == CONTENT


def test_head_tells_the_size_and_sends_nothing(song: Path) -> None:
    response = ask(song, method="head", Range="bytes=0-9")

    assert response.status_code == 200
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"
    assert body(response) == b""


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"If_None_Match": ETAG}, 304),
        ({"If_None_Match": '"v0", W/"v1"'}, 304),
        ({"If_None_Match": "*"}, 304),
        ({"If_None_Match": ETAG, "Range": f"bytes={SIZE}-"}, 304),
        ({"If_None_Match": '"v0"'}, 200),
        ({"If_Modified_Since": MODIFIED_HTTP}, 304),
        ({"If_Modified_Since": "Tue, 14 Nov 2023 22:13:19 GMT"}, 200),
        ({"If_Modified_Since": "never"}, 200),
        ({"If_None_Match": '"v0"', "If_Modified_Since": MODIFIED_HTTP}, 200),
    ],
)
def test_a_copy_that_is_still_good_is_not_sent_again(
    song: Path, headers: dict[str, str], status: int
) -> None:
    response = ask(song, **headers)

    assert response.status_code == status
    assert body(response) == (CONTENT if status == 200 else b"")


def test_an_empty_file_has_no_range(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()

    whole, part, suffix = ask(empty), ask(empty, Range="bytes=0-"), ask(empty, Range="bytes=-5")

    assert (whole.status_code, whole["Content-Length"], body(whole)) == (200, "0", b"")
    assert (part.status_code, part["Content-Range"]) == (416, "bytes */0")
    assert (suffix.status_code, suffix["Content-Range"]) == (416, "bytes */0")


def test_a_missing_file_is_the_callers_to_handle(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ask(tmp_path / "none")


def test_the_file_is_closed_when_the_client_goes_away(song: Path) -> None:
    response = ask(song, Range="bytes=0-")
    stream = iter(response.streaming_content)
    next(stream)

    # As response.close() does, which would also close the database connections of this thread
    for close in response._resource_closers:
        close()

    with pytest.raises(StopIteration):
        next(stream)
