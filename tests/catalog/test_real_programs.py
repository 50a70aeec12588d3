"""Audio by programs that an installation may have: made MP3 by ffmpeg, sent by nginx.

Other tests put stand-ins in their places; here the real ones run, where they are installed, or
insisted on (MOODMUSIC_TEST_PROGRAMS=require).
"""

from __future__ import annotations

import http.client
import io
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from django.conf import settings as project
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from catalog.models import Analysis, AudioFile, ImportRun, Song
from catalog.services import analyses_run
from ml.audio import ffmpeg
from tests.catalog.audio_files import write

ClientOf = Callable[[Any], Client]
FFMPEG = shutil.which("ffmpeg")
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
INSISTED = os.environ.get("MOODMUSIC_TEST_PROGRAMS") == "require"
needs_ffmpeg = pytest.mark.skipif(not (FFMPEG or INSISTED), reason="ffmpeg is not installed")
needs_nginx = pytest.mark.skipif(not (NGINX or INSISTED), reason="nginx is not installed")
SECONDS, HERTZ, RATE = 5.0, 440, 44_100


def by_ffmpeg(path: Path, *options: str) -> Path:
    """A tone as ffmpeg writes it."""
    tone = f"sine=frequency={HERTZ}:sample_rate={RATE}:duration={SECONDS}"
    tags = ["-metadata", "title=Tone", "-metadata", "artist=Fork"]
    command = [str(FFMPEG), "-v", "error", "-f", "lavfi", "-i", tone, *options, *tags, str(path)]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)
    return path


def bring(music: Path) -> None:
    call_command("import_music", str(music), verbosity=0)


def pitch_of(samples: np.ndarray, rate: int) -> float:
    """Hertz of the loudest tone."""
    mono = samples if samples.ndim == 1 else samples.mean(axis=1)
    return float(np.argmax(np.abs(np.fft.rfft(mono))) * rate / len(mono))


# --- ffmpeg ---------------------------------------------------------------------------------------


@needs_ffmpeg
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("lossless.m4a", ["-c:a", "alac"]),
        ("surround.m4a", ["-c:a", "alac", "-ac", "6"]),
        ("adpcm.wav", ["-c:a", "adpcm_ms"]),
        ("24 bit, 96 kHz.m4a", ["-c:a", "alac", "-ar", "96000", "-sample_fmt", "s32p"]),
    ],
)
def test_what_not_every_browser_plays_is_heard_as_mp3(
    music: Path, owner: Any, client_of: ClientOf, name: str, options: list[str]
) -> None:
    by_ffmpeg(music / name, *options)
    bring(music)
    song = Song.objects.get()
    assert (song.title, song.artist.name) == ("Tone", "Fork")
    client, where = client_of(owner), reverse("song_audio", args=[song.pk])

    answer = client.get(where)

    whole = b"".join(answer.streaming_content)
    assert (answer.status_code, answer["Content-Type"]) == (200, "audio/mpeg")
    sound, rate = soundfile.read(io.BytesIO(whole))
    assert len(sound) / rate == pytest.approx(SECONDS, abs=0.1)
    assert pitch_of(sound, rate) == pytest.approx(HERTZ, abs=1)
    part = client.get(where, headers={"Range": "bytes=100-199", "If-Range": answer["ETag"]})
    assert (part.status_code, b"".join(part.streaming_content)) == (206, whole[100:200])
    assert len(list(project.AUDIO_CACHE_DIR.rglob("*.mp3"))) == 1


@needs_ffmpeg
@pytest.mark.django_db
def test_a_lossless_file_that_broke_off_says_so_and_leaves_nothing(
    music: Path, owner: Any, client_of: ClientOf
) -> None:
    path = by_ffmpeg(music / "a.m4a", "-c:a", "alac", "-movflags", "faststart")
    bring(music)
    head = path.read_bytes()
    path.write_bytes(head[:200] + b"\0" * (len(head) - 200))
    answer = client_of(owner).get(reverse("song_audio", args=[Song.objects.get().pk]))
    assert (answer.status_code, answer.json()["code"]) == (503, "audio_unavailable")
    assert not list(project.AUDIO_CACHE_DIR.rglob("*.mp3"))


@needs_ffmpeg
@pytest.mark.django_db
def test_a_playlist_in_disguise_leads_to_no_other_file(
    music: Path, owner: Any, client_of: ClientOf, tmp_path: Path
) -> None:
    """Somebody swaps a lossless file for a playlist that names a file outside the folder."""
    path = by_ffmpeg(music / "a.m4a", "-c:a", "alac")
    bring(music)
    secret = by_ffmpeg(tmp_path / "secret.mp3")
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{secret}\n#EXT-X-ENDLIST\n")
    answer = client_of(owner).get(reverse("song_audio", args=[Song.objects.get().pk]))
    assert (answer.status_code, answer.json()["code"]) == (503, "audio_unavailable")


@needs_ffmpeg
@pytest.mark.django_db
def test_m4a_is_imported_and_measured(music: Path) -> None:
    by_ffmpeg(music / "a.m4a", "-c:a", "aac", "-b:a", "128k")
    by_ffmpeg(music / "b.m4a", "-c:a", "alac", "-metadata", "title=Other")
    bring(music)
    assert ImportRun.objects.get().refused == 0
    analyses_run()
    assert set(Analysis.objects.values_list("state", flat=True)) == {Analysis.State.DONE}
    for file in AudioFile.objects.select_related("song"):
        assert file.duration_s == pytest.approx(SECONDS, abs=0.15)
        assert file.song.features["lufs"] < -10


@needs_ffmpeg
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.m4a", ["-c:a", "aac"]),
        ("a.aac", ["-c:a", "aac"]),
        ("a.wma", ["-c:a", "wmav2"]),
        ("a.mka", ["-c:a", "flac"]),
    ],
)
def test_samples_that_ffmpeg_reads_are_those_of_the_middle(
    tmp_path: Path, name: str, options: list[str]
) -> None:
    samples, whole_s = ffmpeg.read(by_ffmpeg(tmp_path / name, *options), 2.0, 22_050)
    assert whole_s == pytest.approx(SECONDS, abs=0.4)
    assert len(samples) / 22_050 == pytest.approx(2.0, abs=0.15)
    assert pitch_of(samples, 22_050) == pytest.approx(HERTZ, abs=1)


# --- nginx ----------------------------------------------------------------------------------------


def locations(server: str) -> str:
    """What docs/deployment.md tells to write for nginx, before the server of this test."""
    text = (Path(project.BASE_DIR) / "docs/deployment.md").read_text(encoding="utf-8")
    found = re.findall(r"^    location .*?^    }$", text, re.DOTALL | re.MULTILINE)
    assert len(found) == 2
    return "\n".join(found).replace("http://127.0.0.1:8000", server)


@pytest.fixture
def proxy(tmp_path: Path, live_server: Any, settings: Any) -> Iterator[int]:
    """nginx as documented, in front of this process; its port."""
    settings.X_ACCEL = "/files"
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = tmp_path / "nginx"
    folder.mkdir()
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off;\npid {folder}/pid;\nworker_processes 1;\n"
        + ("user root;\n" if os.geteuid() == 0 else "")
        + f"events {{}}\nhttp {{\naccess_log off;\n{temporary}"
        f"server {{\nlisten 127.0.0.1:{port};\n{locations(live_server.url)}\n}}\n}}\n"
    )
    command = [str(NGINX), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    command += ["-e", str(folder / "error.log")]
    with subprocess.Popen(command) as process:
        try:
            until = time.monotonic() + 20
            while socket.socket().connect_ex(("127.0.0.1", port)):
                assert process.poll() is None, (folder / "error.log").read_text()
                assert time.monotonic() < until
                time.sleep(0.05)
            yield port
        finally:
            process.terminate()


@needs_nginx
@pytest.mark.stack
@pytest.mark.django_db(transaction=True)
def test_nginx_sends_songs_with_ranges_and_to_nobody_by_itself(
    music: Path, owner: Any, other: Any, client_of: ClientOf, proxy: int
) -> None:
    path = write(music / "é 100% a?b+c.mp3", title="A", artist="A", seconds=20)
    call_command("import_music", str(music), "--owner", owner.email, verbosity=0)
    where, whole = reverse("song_audio", args=[Song.objects.get().pk]), path.read_bytes()
    cookies = {
        persona: client_of(persona).cookies[project.SESSION_COOKIE_NAME].value
        for persona in (owner, other)
    }

    def ask(
        address: str = where, persona: Any = owner, method: str = "GET", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", proxy, timeout=20)
        if persona is not None:
            headers["Cookie"] = f"{project.SESSION_COOKIE_NAME}={cookies[persona]}"
        connection.request(method, address, headers=headers)
        answer = connection.getresponse()
        return answer, answer.read()

    answer, body = ask()
    assert (answer.status, body) == (200, whole)
    assert answer.getheader("Content-Type") == "audio/mpeg"
    assert answer.getheader("Accept-Ranges") == "bytes"
    assert (answer.getheader("Cache-Control") or "").startswith("private")
    assert answer.getheader("X-Accel-Redirect") is None
    tag = answer.getheader("ETag") or ""

    part, body = ask(Range="bytes=1000-1999", **{"If-Range": tag})
    assert (part.status, body) == (206, whole[1000:2000])
    assert part.getheader("Content-Range") == f"bytes 1000-1999/{len(whole)}"
    last, body = ask(Range="bytes=-10")
    assert (last.status, body) == (206, whole[-10:])
    assert ask(Range=f"bytes={len(whole)}-")[0].status == 416
    assert ask(**{"If-None-Match": tag})[0].status == 304
    changed, body = ask(Range="bytes=0-9", **{"If-Range": '"another"'})
    assert (changed.status, len(body)) == (200, len(whole))
    head, body = ask(method="HEAD")
    assert (head.status, head.getheader("Content-Length"), body) == (200, str(len(whole)), b"")

    # Nobody else hears it, and the proxy's own address leads nowhere.
    assert ask(persona=other)[0].status == 404
    assert ask(persona=None)[0].status in (302, 401, 403)
    assert ask(address=f"/files{path.parent}/")[0].status == 404
    assert ask(address="/files/etc/hostname")[0].status == 404
    path.unlink()
    assert ask()[0].status == 404
