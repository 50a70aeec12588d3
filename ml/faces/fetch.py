"""Getting the YuNet model once, safely, and going on without it when that fails."""

from __future__ import annotations

import hashlib
import http.client
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ml.faces.yunet import YUNET_SHA256, ModelFileError, verified

YUNET_URL = (
    "https://media.githubusercontent.com/media/opencv/opencv_zoo/main/models/"
    "face_detection_yunet/face_detection_yunet_2023mar.onnx"
)
MAX_BYTES = 1_000_000  # four times the model
TIMEOUT_S = 20.0  # for the whole download
_CHUNK_BYTES = 64 * 1024

FetchReason = Literal[
    "fetched",
    "present",
    "offline",
    "refused",
    "too_slow",
    "too_large",
    "truncated",
    "wrong_hash",
    "not_writable",
]


@dataclass(frozen=True)
class FetchOutcome:
    """How a fetch ended.

    Attributes
    ----------
    ok : bool
        Whether the verified model lies at `path` now.
    reason : str
        "fetched" or "present" (it lay there already) when ok; else "offline" (no connection),
        "refused" (the server answered with an error), "too_slow", "too_large", "truncated",
        "wrong_hash" or "not_writable".
    path : Path
        Where the model was to go.
    detail : str
        One sentence for a person.
    """

    ok: bool
    reason: FetchReason
    path: Path
    detail: str


class _Failed(Exception):
    def __init__(self, reason: FetchReason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def fetch_yunet(
    destination: Path, *, url: str = YUNET_URL, timeout_s: float = TIMEOUT_S
) -> FetchOutcome:
    """Download the YuNet model unless it is there, check its hash, and put it in place.

    The file appears under its name only when complete and verified; a failure leaves nothing
    behind and any earlier file untouched.

    Parameters
    ----------
    destination : Path
        Where the model shall lie; its folder is made if missing.
    url : str
        An http or https address.
    timeout_s : float
        Seconds for the whole download, > 0.

    Returns
    -------
    FetchOutcome
        Never an exception for trouble with the network or the disk.

    Raises
    ------
    ValueError
        When the address is not http or https.
    """
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"the model's address must be http or https, got {url!r}")
    if _is_model(destination):
        return FetchOutcome(True, "present", destination, "the model is there already")
    try:
        content = _downloaded(url, time.monotonic() + timeout_s, timeout_s)
        if hashlib.sha256(content).hexdigest() != YUNET_SHA256:
            raise _Failed("wrong_hash", f"{url} gave another file ({len(content)} bytes)")
        _written(destination, content)
    except _Failed as failure:
        return FetchOutcome(False, failure.reason, destination, failure.detail)
    return FetchOutcome(True, "fetched", destination, f"fetched {len(content)} bytes, hash checked")


def _is_model(path: Path) -> bool:
    try:
        verified(path)
    except ModelFileError:
        return False
    return True


def _downloaded(url: str, deadline: float, timeout_s: float) -> bytes:
    slow = _Failed("too_slow", f"{url} did not deliver the model within {timeout_s:g} s")
    received = bytearray()
    try:
        # The scheme was checked by the caller; a redirect can only lead to http, https or ftp.
        with urllib.request.urlopen(url, timeout=timeout_s) as response:  # noqa: S310
            declared = response.headers.get("Content-Length", "")
            if declared.isdigit() and int(declared) > MAX_BYTES:
                raise _Failed("too_large", f"{url} announces {declared} bytes")
            # read1 returns what has come: a server that drips bytes cannot outlast the deadline.
            while chunk := response.read1(_CHUNK_BYTES):
                received += chunk
                if len(received) > MAX_BYTES:
                    raise _Failed("too_large", f"{url} sends more than {MAX_BYTES} bytes")
                if time.monotonic() > deadline:
                    raise slow
    except urllib.error.HTTPError as error:
        raise _Failed("refused", f"{url} answered {error.code} {error.reason}") from error
    except TimeoutError as error:
        raise slow from error
    except (OSError, http.client.HTTPException) as error:
        cause = getattr(error, "reason", error)
        if isinstance(cause, TimeoutError):
            raise slow from error
        raise _Failed("offline", f"cannot reach {url} ({cause})") from error
    if declared.isdigit() and len(received) < int(declared):
        raise _Failed("truncated", f"{url} broke off after {len(received)} of {declared} bytes")
    return bytes(received)


def _written(destination: Path, content: bytes) -> None:
    """Write beside the destination, then rename: readers see the whole file or none."""
    temporary: Path | None = None
    try:
        destination.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(
            dir=destination.parent, prefix=f".{destination.name}.", delete=False
        ) as file:
            temporary = Path(file.name)
            file.write(content)
        temporary.chmod(0o644)
        temporary.replace(destination)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        cause = error.strerror or type(error).__name__
        raise _Failed("not_writable", f"cannot write {destination} ({cause})") from error
