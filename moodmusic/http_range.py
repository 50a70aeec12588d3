"""Files over HTTP with byte ranges (RFC 9110, section 14), which media players insist on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import http_date, parse_etags

#: Bytes read and sent at a time.
CHUNK_BYTES = 64 * 1024
#: Songs belong to signed-in listeners, so shared caches must not keep them.
DEFAULT_CACHE_CONTROL = "private, max-age=3600"

#: Digits are bounded because int() refuses very long ones.
_RANGE = re.compile(r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True)
class ByteRange:
    """Bytes `first`..`last` of a file, both included, counted from 0."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


class UnsatisfiableError(ValueError):
    """No byte of the file lies in the range asked for."""


def parse_range(header: str, size: int) -> ByteRange | None:
    """The single range that `header` asks of a file of `size` bytes.

    None means: send the whole file. That is the answer to no range, to a unit or syntax we do not
    know, and to several ranges at once, all of which RFC 9110 lets a server ignore.

    Raises
    ------
    UnsatisfiableError
        When the range begins beyond the end, or is the suffix of length 0.
    """
    match = _RANGE.match(header)
    if not match or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        if length == 0:
            raise UnsatisfiableError
        return ByteRange(size - length, size - 1)
    if last and int(last) < int(first):
        return None
    if int(first) >= size:
        raise UnsatisfiableError
    return ByteRange(int(first), min(int(last), size - 1) if last else size - 1)


def _validators_match(request: HttpRequest, etag: str, modified_s: int) -> bool:
    """Whether `If-Range`, if sent, names the file as it is now; else the whole file is due."""
    given = request.headers.get("If-Range", "").strip()
    if not given:
        return True
    if given.startswith(('"', "W/")):
        # A weak tag never matches: it promises equal meaning, not equal bytes.
        return given == etag and not etag.startswith("W/")
    try:
        return int(parsedate_to_datetime(given).timestamp()) == modified_s
    except (TypeError, ValueError, OverflowError):
        return False


def _unchanged(request: HttpRequest, etag: str, modified_s: int) -> bool:
    """Whether the client's copy is still good, so that 304 is the answer."""
    none_match = request.headers.get("If-None-Match")
    if none_match is not None:
        tags = parse_etags(none_match)
        return tags == ["*"] or etag.removeprefix("W/") in [tag.removeprefix("W/") for tag in tags]
    since = request.headers.get("If-Modified-Since")
    if since is None:
        return False
    try:
        return int(parsedate_to_datetime(since).timestamp()) >= modified_s
    except (TypeError, ValueError, OverflowError):
        return False


class _Part:
    """The bytes of one range; closing the response closes the file, read or not."""

    def __init__(self, handle: BinaryIO, wanted: ByteRange) -> None:
        handle.seek(wanted.first)
        self._handle = handle
        self._left = wanted.length

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        chunk = b"" if self._handle.closed else self._handle.read(min(CHUNK_BYTES, self._left))
        if not chunk:
            self.close()
            raise StopIteration
        self._left -= len(chunk)
        return chunk

    def close(self) -> None:
        self._handle.close()


def _get_response(
    request: HttpRequest,
    handle: BinaryIO,
    size: int,
    content_type: str,
    etag: str,
    modified_s: int,
) -> HttpResponseBase:
    """200, 206 or 416 for a GET; owns `handle`."""
    wanted = None
    if _validators_match(request, etag, modified_s):
        try:
            wanted = parse_range(request.headers.get("Range", ""), size)
        except UnsatisfiableError:
            handle.close()
            refusal = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            refusal.headers["Content-Range"] = f"bytes */{size}"
            refusal.headers["Content-Length"] = "0"
            return refusal
    if wanted is None:
        whole = FileResponse(handle, content_type=content_type)
        whole.headers["Content-Length"] = str(size)
        whole.headers.pop("Content-Disposition", None)
        return whole
    part = StreamingHttpResponse(
        _Part(handle, wanted), status=HTTPStatus.PARTIAL_CONTENT, content_type=content_type
    )
    part.headers["Content-Range"] = f"bytes {wanted.first}-{wanted.last}/{size}"
    part.headers["Content-Length"] = str(wanted.length)
    return part


def ranged_file_response(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    etag: str,
    cache_control: str = DEFAULT_CACHE_CONTROL,
) -> HttpResponseBase:
    """`path` as 200, 206, 304 or 416, as the request's headers ask.

    Parameters
    ----------
    etag
        The entity tag, with its quotes: `'"abc"'`; it must change whenever the bytes do.

    Raises
    ------
    FileNotFoundError
        When there is no file at `path`.
    """
    handle = path.open("rb")
    stat = path.stat()
    size, modified_s = stat.st_size, int(stat.st_mtime)
    response: HttpResponseBase
    if _unchanged(request, etag, modified_s):
        handle.close()
        response = HttpResponse(status=HTTPStatus.NOT_MODIFIED)
        del response.headers["Content-Type"]
    elif request.method == "HEAD":
        # Range has a meaning for GET alone; HEAD says what a whole GET would send.
        handle.close()
        response = HttpResponse(content_type=content_type)
        response.headers["Content-Length"] = str(size)
    else:
        response = _get_response(request, handle, size, content_type, etag, modified_s)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified_s)
    response.headers["Cache-Control"] = cache_control
    return response
