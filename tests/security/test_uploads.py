"""The one door for pictures: everything odd is read rightly, everything hostile is refused."""

from __future__ import annotations

import io
import resource
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from emotions.uploads import MAX_FRAME_BYTES, MAX_FRAMES, frames_read
from moodmusic.problems import DomainError
from tests.emotions import pictures
from tests.emotions.pictures import BLUE, GREEN, RED, WHITE, corners, encoded, near, quadrants


def read(data: bytes) -> Image.Image:
    """What comes through the door, opened as the worker would."""
    (clean,) = frames_read([io.BytesIO(data)])
    image = Image.open(io.BytesIO(clean))
    assert image.format == "JPEG"
    assert image.mode == "RGB"
    image.load()
    return image


def refused(data: bytes) -> tuple[str, int]:
    with pytest.raises(DomainError) as caught:
        frames_read([io.BytesIO(data)])
    return caught.value.code, caught.value.status


# --- Refused --------------------------------------------------------------------------------------


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.sh", "echo owned")
    return out.getvalue()


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(encoded(quadrants().convert("P"), "GIF"), id="gif"),
        pytest.param(encoded(quadrants(), "TIFF"), id="tiff"),
        pytest.param(encoded(quadrants(), "BMP"), id="bmp"),
        pytest.param(SVG, id="svg"),
        pytest.param(HEIC, id="heic"),
        pytest.param(b"hello, this is no picture", id="text"),
        pytest.param(_zip(), id="zip"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n", id="eps"),
        pytest.param(b"%PDF-1.7\n", id="pdf"),
        pytest.param(b"\xff", id="one byte"),
        pytest.param(b"RIFF\x00\x00\x00\x00WAVEfmt ", id="another riff"),
        pytest.param(b"<script>" + pictures.jpeg(), id="a jpeg behind a script"),
    ],
)
def test_another_type_is_refused_whatever_it_is_called(data: bytes) -> None:
    assert refused(data) == ("unsupported_type", 415)


def test_the_name_and_the_declared_type_of_a_file_mean_nothing() -> None:
    # Given a GIF that claims to be a JPEG, and a JPEG that claims to be a program
    gif = SimpleUploadedFile("me.jpg", encoded(quadrants(), "GIF"), "image/jpeg")
    photo = SimpleUploadedFile("../../run.exe", pictures.jpeg(), "application/x-msdownload")

    # When they come, then their bytes decide
    with pytest.raises(DomainError, match="JPEG, PNG or WebP"):
        frames_read([gif])
    assert len(frames_read([photo])) == 1


def test_an_empty_file_is_refused() -> None:
    assert refused(b"") == ("empty_file", 400)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_picture_is_refused(kind: str, share: float) -> None:
    # Given a picture with enough detail that its end matters
    noise = np.random.default_rng(1).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    data = encoded(Image.fromarray(noise), kind)

    # When only a part of it arrives, then it is refused, never read half
    assert refused(data[: int(len(data) * share)]) == ("damaged_image", 422)


@pytest.mark.parametrize(
    "head", [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\x00\x00\x00WEBP"]
)
def test_a_good_head_on_rubbish_is_refused(head: bytes) -> None:
    rubbish = np.random.default_rng(2).bytes(4096)
    assert refused(head + rubbish) == ("damaged_image", 422)


def test_8_mb_are_read_and_one_byte_more_is_refused() -> None:
    # Given a photograph, filled up behind its end to the limit
    photo = pictures.jpeg()
    at_limit = photo + bytes(MAX_FRAME_BYTES - len(photo))

    # Then the limit itself is allowed, and one more byte is not
    assert read(at_limit).size == (64, 32)
    assert refused(at_limit + b"\x00") == ("upload_too_large", 413)


def test_a_huge_file_is_not_read_to_its_end() -> None:
    # Given a source that counts what is taken from it
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert size > 0
            self.taken += size
            return b"\xff" * size

    source = Endless()

    # When it comes through the door
    with pytest.raises(DomainError, match="8 MB"):
        frames_read([source])

    # Then only one byte more than the limit was read
    assert source.taken == MAX_FRAME_BYTES + 1


@pytest.mark.parametrize("address", ["/captures/", "/api/v1/captures"])
def test_a_body_longer_than_eight_frames_is_refused_before_it_is_read(
    client: Client, settings: Any, address: str
) -> None:
    assert settings.MAX_BODY_BYTES >= MAX_FRAMES * MAX_FRAME_BYTES

    class Unread(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise AssertionError("the body was read")

    answer = client.generic(
        "POST",
        address,
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(settings.MAX_BODY_BYTES + 1),
        **{"wsgi.input": Unread()},
    )

    assert answer.status_code == 413
    if address.startswith("/api/"):
        assert answer.json()["code"] == "upload_too_large"
    else:
        assert b"at most 64 MB" in answer.content


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(pictures.png_bomb, id="48 kB png of 20000x20000"),
        pytest.param(lambda: pictures.png_bomb(5_001), id="png just over the cap"),
        pytest.param(lambda: pictures.webp_claiming(16_384, 16_384), id="webp of 268 megapixels"),
        pytest.param(lambda: pictures.webp_claiming(6_000, 6_000), id="webp of 36 megapixels"),
    ],
)
def test_a_pixel_bomb_is_refused(make: Callable[[], bytes]) -> None:
    data = make()
    assert len(data) < 60_000
    assert refused(data) == ("too_many_pixels", 413)


def test_a_pixel_bomb_takes_no_memory() -> None:
    # Given a fresh process that may take a little memory only
    code = (
        "import io, os, sys, resource\n"
        "os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'\n"
        "from tests.emotions import pictures\n"
        "from emotions.uploads import frames_read\n"
        "from moodmusic.problems import DomainError\n"
        "bombs = [pictures.png_bomb(), pictures.webp_claiming(16384, 16384)]\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "for bomb in bombs:\n"
        "    try:\n"
        "        frames_read([io.BytesIO(bomb)])\n"
        "    except DomainError as error:\n"
        "        print(error.code)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )

    # When it opens the bombs
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    # Then they were refused, and the peak grew by less than 8 MB
    *codes, grown = done.stdout.split()
    assert codes == ["too_many_pixels", "too_many_pixels"]
    assert int(grown) < 8 * 1024


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_picture_at_the_pixel_cap_is_read() -> None:
    assert read(pictures.png_bomb(5_000)).size == (1280, 1280)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_an_animation_is_refused(kind: str) -> None:
    assert refused(pictures.animated(kind)) == ("animated", 415)


def test_no_files_and_too_many_files_are_refused() -> None:
    with pytest.raises(DomainError) as none:
        frames_read([])
    with pytest.raises(DomainError) as nine:
        frames_read([io.BytesIO(pictures.jpeg()) for _ in range(9)])
    assert (none.value.code, none.value.status) == ("no_frames", 400)
    assert (nine.value.code, nine.value.status) == ("too_many_frames", 400)


def test_one_bad_frame_refuses_the_burst() -> None:
    with pytest.raises(DomainError) as caught:
        frames_read([io.BytesIO(pictures.jpeg()), io.BytesIO(b"")])
    assert caught.value.code == "empty_file"


# --- Read rightly ---------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_good_picture_keeps_its_colours_and_its_order(kind: str) -> None:
    # Given a burst of two
    burst = [io.BytesIO(encoded(quadrants(64, 32), kind)), io.BytesIO(pictures.jpeg(32, 32))]

    # When it comes through the door
    clean = [Image.open(io.BytesIO(frame)) for frame in frames_read(burst)]

    # Then both are there in order, and red is red, not blue
    assert [image.size for image in clean] == [(64, 32), (32, 32)]
    for found, wanted in zip(corners(clean[0]), (RED, GREEN, BLUE, WHITE), strict=True):
        assert near(found, wanted)


@pytest.mark.parametrize(
    ("orientation", "wanted", "size"),
    [
        (1, (RED, GREEN, BLUE, WHITE), (64, 32)),
        (2, (GREEN, RED, WHITE, BLUE), (64, 32)),
        (3, (WHITE, BLUE, GREEN, RED), (64, 32)),
        (4, (BLUE, WHITE, RED, GREEN), (64, 32)),
        (5, (RED, BLUE, GREEN, WHITE), (32, 64)),
        (6, (BLUE, RED, WHITE, GREEN), (32, 64)),
        (7, (WHITE, GREEN, BLUE, RED), (32, 64)),
        (8, (GREEN, WHITE, RED, BLUE), (32, 64)),
    ],
)
def test_all_eight_exif_orientations_come_out_upright(
    orientation: int, wanted: tuple[Any, ...], size: tuple[int, int]
) -> None:
    # Given a camera that noted how it was held
    data = pictures.with_orientation(quadrants(64, 32), orientation)

    # When it comes through the door
    image = read(data)

    # Then the pixels themselves are turned, and no note asks to turn them again
    assert image.size == size
    assert all(near(found, colour) for found, colour in zip(corners(image), wanted, strict=True))
    assert image.getexif().get(0x0112) is None


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_a_senseless_orientation_is_ignored(orientation: int) -> None:
    assert read(pictures.with_orientation(quadrants(), orientation)).size == (64, 32)


def test_a_broken_exif_block_does_not_spoil_the_picture() -> None:
    data = encoded(quadrants(), "JPEG", quality=95, exif=b"Exif\x00\x00" + b"\xff" * 40)
    assert near(corners(read(data))[0], RED)


def test_place_device_and_comment_are_gone() -> None:
    # Given a photograph that says where it was taken
    data = pictures.with_gps(quadrants())
    assert b"SecretPhone" in data

    # When it comes through the door
    (clean,) = frames_read([io.BytesIO(data)])

    # Then nothing of it is left
    image = Image.open(io.BytesIO(clean))
    assert dict(image.getexif()) == {}
    assert not {"exif", "icc_profile", "comment", "xmp"} & set(image.info)
    assert b"SecretPhone" not in clean
    assert b"diary" not in clean


@pytest.mark.parametrize(
    "tail", [b"<script>alert(document.cookie)</script>", _zip(), b"<?php system($_GET[0]); ?>"]
)
def test_what_is_hidden_behind_a_picture_is_gone(tail: bytes) -> None:
    # Given a file that is a good JPEG and something else at once
    photo = pictures.jpeg()

    # When it comes through the door
    (clean,) = frames_read([io.BytesIO(photo + tail)])

    # Then the picture is there and the rest is not
    assert tail not in clean
    assert b"script" not in clean
    assert not zipfile.is_zipfile(io.BytesIO(clean))
    assert Image.open(io.BytesIO(clean)).size == (64, 32)


def test_16_bit_grey_is_scaled_not_clipped() -> None:
    # Given a ramp over the whole 16-bit range, which clipping at 255 would turn white
    values = np.repeat(np.linspace(0, 65535, 256).astype(np.uint16)[None], 64, axis=0)

    # When it comes through the door
    found = np.asarray(read(pictures.png_grey_16(values)))[32, :, 0].astype(int)

    # Then it is the same ramp in 8 bits
    assert np.abs(found - np.arange(256)).max() <= 3


def test_16_bit_colour_is_scaled() -> None:
    values = np.zeros((16, 16, 3), np.uint16)
    values[..., 0], values[..., 1] = 40_000, 10_000
    assert near(read(pictures.png_colour_16(values)).getpixel((8, 8)), (156, 39, 0))


def test_cmyk_is_read_in_its_colours() -> None:
    data = encoded(quadrants().convert("CMYK"), "JPEG", quality=95)
    for found, wanted in zip(corners(read(data)), (RED, GREEN, BLUE, WHITE), strict=True):
        assert near(found, wanted, 16)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_transparency_is_laid_over_white(kind: str) -> None:
    # Given a picture whose left half is a fully transparent black
    image = quadrants(64, 32).convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 32, 32))

    # When it comes through the door, then that half is white and the other as it was
    options = {"lossless": True} if kind == "WEBP" else {}
    found = corners(read(encoded(image, kind, **options)))
    assert near(found[0], (255, 255, 255))
    assert near(found[1], GREEN)


def test_half_transparent_is_half_white() -> None:
    image = Image.new("RGBA", (32, 32), (200, 0, 0, 128))
    assert near(read(encoded(image)).getpixel((16, 16)), (227, 127, 127))


def test_a_transparent_palette_colour_is_laid_over_white() -> None:
    image = quadrants().quantize(8)
    index = image.getpixel((2, 2))
    found = corners(read(encoded(image, "PNG", transparency=index)))
    assert near(found[0], (255, 255, 255))
    assert near(found[1], GREEN)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P"])
def test_palette_grey_and_one_bit_are_read(mode: str) -> None:
    image = quadrants().convert(mode)
    wanted = np.asarray(image.convert("RGB"), dtype=int)
    found = np.asarray(read(encoded(image)), dtype=int)
    assert found.shape == (32, 64, 3)
    assert np.abs(found - wanted)[4:12, 4:28].mean() < 30


def test_the_second_picture_in_a_phones_file_is_ignored() -> None:
    # Given the JPEG of a phone that stores a preview beside the photograph (MPO)
    preview = Image.new("RGB", (32, 16), BLUE)
    data = encoded(quadrants(), "MPO", save_all=True, append_images=[preview], quality=95)

    # When it comes through the door, then it is the photograph, not an animation
    image = read(data)
    assert image.size == (64, 32)
    assert near(corners(image)[0], RED)


@pytest.mark.parametrize(
    ("size", "wanted"),
    [((4000, 3000), (1280, 960)), ((600, 3000), (256, 1280)), ((640, 480), (640, 480))],
)
def test_a_large_picture_is_shrunk_and_a_small_one_is_not_grown(
    size: tuple[int, int], wanted: tuple[int, int]
) -> None:
    for kind in ("JPEG", "PNG"):
        assert read(encoded(quadrants(*size), kind)).size == wanted


def test_the_smallest_picture_is_read() -> None:
    assert read(encoded(Image.new("RGB", (1, 1), RED))).size == (1, 1)


# --- Nothing kept ---------------------------------------------------------------------------------


def test_the_door_writes_nothing_to_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Given a process that may not write files at all
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    corpus = [pictures.jpeg(), pictures.with_gps(quadrants()), pictures.png_bomb(), SVG, b""]
    corpus += [pictures.animated("WEBP"), pictures.jpeg()[:200], encoded(quadrants(3000, 2000))]

    # When the corpus goes through the door
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        for data in corpus:
            try:
                frames_read([io.BytesIO(data)])
            except DomainError:
                continue
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    # Then nothing was written, and no attempt was made that the limit would have failed
    assert list(tmp_path.iterdir()) == []
