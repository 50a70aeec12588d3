"""Rendering a demo piece to an MP3 file."""

from __future__ import annotations

import os
import queue
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ml.audio.catalogue import PieceSpec, piece

if TYPE_CHECKING:
    from ml.audio.instruments import Samples

#: Libsndfile's scale, 0 best to 1 smallest; about 65-85 kbit/s with a variable rate here.
COMPRESSION = 0.6
_WAITING_BLOCKS = 8


def _ahead(blocks: Iterator[Samples]) -> Iterator[Samples]:
    """Yield the blocks while a second thread already makes the next ones.

    Mixing and encoding both leave the interpreter lock while they compute, so two cores share the
    work and the file is ready sooner.
    """
    waiting: queue.Queue[Samples | BaseException | None] = queue.Queue(_WAITING_BLOCKS)
    stop = threading.Event()

    def put(item: Samples | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def work() -> None:
        try:
            for block in blocks:
                if not put(block):
                    return
            put(None)
        except BaseException as error:  # handed to the reader, which raises it
            put(error)

    maker = threading.Thread(target=work, daemon=True)
    maker.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        maker.join()


def render_mp3(spec: PieceSpec | str, path: str | os.PathLike[str]) -> Path:
    """Render a piece to a stereo MP3 file.

    The file is written under a temporary name in the same folder and renamed when it is complete,
    so a reader sees all of it or none.

    Parameters
    ----------
    spec : a piece or its slug
    path : where the file shall be; an existing file is replaced

    Returns
    -------
    Path
        the file

    Raises
    ------
    KeyError
        if no piece has that slug.
    OSError
        if the folder is missing or cannot be written; nothing is left behind.
    """
    chosen = piece(spec) if isinstance(spec, str) else spec
    goal = Path(path)
    handle, name = tempfile.mkstemp(dir=goal.parent, prefix=f".{goal.name}.", suffix=".part")
    os.close(handle)
    temporary = Path(name)
    try:
        _write(chosen, temporary)
        temporary.chmod(0o644)
        temporary.replace(goal)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return goal


def _write(spec: PieceSpec, path: Path) -> None:
    import soundfile

    from ml.audio.compose import compose
    from ml.audio.instruments import SAMPLE_RATE
    from ml.audio.synth import render_blocks

    try:
        with soundfile.SoundFile(
            str(path),
            "w",
            samplerate=SAMPLE_RATE,
            channels=2,
            format="MP3",
            subtype="MPEG_LAYER_III",
            compression_level=COMPRESSION,
            bitrate_mode="VARIABLE",
        ) as file:
            for block in _ahead(render_blocks(compose(spec))):
                file.write(block)
    except soundfile.LibsndfileError as error:
        raise OSError(f"cannot write {path}: {error}") from error
