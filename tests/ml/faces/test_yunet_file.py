from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from ml.faces import Detector, ModelFileError, YuNetDetector, detector, find
from ml.faces.yunet import YUNET_BYTES
from tests.ml.faces.conftest import yunet_path

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:8f23\nsize 232589\n"


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"", r"not the expected model \(0 bytes"),
        (POINTER, "Git LFS pointer"),
        (b"<html>not found</html>", "not the expected model"),
        (bytes(YUNET_BYTES), "sha256 differs"),
        (bytes(5_000_000), "far too large"),
    ],
)
def test_unusable_file_is_named_with_cause_and_cure(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(content)

    with pytest.raises(ModelFileError, match=cause) as caught:
        detector(path)

    assert caught.value.path == path
    assert "python -m ml.faces fetch" in caught.value.cure
    assert str(path) in str(caught.value)


def test_truncated_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(yunet_path().read_bytes()[:100_000])

    with pytest.raises(ModelFileError, match="100000 bytes, expected 232589"):
        YuNetDetector(path)


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelFileError, match="cannot be read"):
        YuNetDetector(tmp_path)


def test_threads_share_one_detector(astronaut: np.ndarray, using: Detector) -> None:
    # Given: pictures of several sizes at once, which would mix up an unguarded network
    pictures = [astronaut, astronaut[:400], astronaut[:, :400]] * 2
    alone = [find(picture, using=using) for picture in pictures]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda picture: find(picture, using=using), pictures))

    assert together == alone
