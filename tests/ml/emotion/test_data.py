"""The public file formats are read as they are, and what is wrong is named."""

import bz2
import lzma

import numpy as np
import pytest

from ml.emotion import data

PLUS_HEADER = (
    "Usage,Image name,neutral,happiness,surprise,sadness,anger,disgust,fear,contempt,unknown,NF"
)


def fer_csv(*rows: tuple[int, int, str]) -> str:
    lines = [f"{label},{' '.join([str(value)] * 2304)},{usage}" for label, value, usage in rows]
    return "emotion,pixels,Usage\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize("suffix", [".csv", ".csv.bz2", ".csv.xz"])
def test_fer2013_is_read_plain_or_packed(tmp_path, suffix):
    text = fer_csv((3, 7, "Training"), (6, 200, "PublicTest")).encode()
    packed = {".csv": bytes, ".csv.bz2": bz2.compress, ".csv.xz": lzma.compress}[suffix](text)
    path = tmp_path / f"fer{suffix}"
    path.write_bytes(packed)

    faces = data.read_fer2013(path)

    assert faces.pixels.shape == (2, 48, 48)
    assert faces.pixels.dtype == np.uint8
    assert faces.pixels[1, 47, 47] == 200
    assert faces.labels.tolist() == [3, 6]
    assert faces.usage.tolist() == ["Training", "PublicTest"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("label,pixels,Usage\n", "header"),
        ("emotion,pixels,Usage\n", "no rows"),
        ("emotion,pixels,Usage\n3,1 2 3,Training\n", "line 2: 3 pixels"),
        ("emotion,pixels,Usage\n3,Training\n", "line 2: expected 3 columns"),
        (fer_csv((9, 1, "Training")), "line 2: label 9"),
        (fer_csv((1, 1, "Holiday")), "usage 'Holiday'"),
        (fer_csv((1, 300, "Training")), "line 2"),
    ],
)
def test_a_bad_fer2013_file_is_refused_with_its_line(tmp_path, text, words):
    path = tmp_path / "fer.csv"
    path.write_text(text)
    with pytest.raises(data.DataError, match=words):
        data.read_fer2013(path)


def votes_of(*rows: str, tmp_path) -> data.Votes:
    path = tmp_path / "plus.csv"
    path.write_text(PLUS_HEADER + "\n" + "\n".join(rows) + "\n")
    return data.read_ferplus(path)


def test_ferplus_plurality_counts_all_ten_columns_and_ties_go_to_the_first(tmp_path):
    votes = votes_of(
        "Training,a.png,0,10,0,0,0,0,0,0,0,0",  # happiness
        "Training,b.png,4,0,0,4,2,0,0,0,0,0",  # tie of neutral and sadness
        "Training,c.png,0,0,0,4,0,0,0,6,0,0",  # contempt is not one of the seven
        "Training,d.png,0,0,0,4,0,0,0,0,6,0",  # unknown
        tmp_path=tmp_path,
    )
    assert votes.seven_labels().tolist() == [3, 6, -1, -1]


def test_head_targets_drop_lone_votes_and_rows_that_nobody_could_read(tmp_path):
    votes = votes_of(
        "Training,a.png,1,6,3,0,0,0,0,0,0,0",
        "Training,b.png,0,0,0,0,0,0,0,0,0,10",
        tmp_path=tmp_path,
    )
    targets, weights = votes.head_targets()
    assert weights.tolist() == [1.0, 0.0]
    assert targets[0].tolist() == pytest.approx([0, 0, 0, 6 / 9, 0, 3 / 9, 0, 0])
    assert targets.sum(axis=1).tolist() == pytest.approx([1, 1])


def test_files_of_different_length_are_not_paired(tmp_path):
    path = tmp_path / "fer.csv"
    path.write_text(fer_csv((3, 7, "Training"), (6, 200, "Training")))
    votes = votes_of("Training,a.png,0,10,0,0,0,0,0,0,0,0", tmp_path=tmp_path)
    with pytest.raises(data.DataError, match="2 rows in the FER2013 file but 1"):
        data.paired(data.read_fer2013(path), votes, "Training")
    with pytest.raises(data.DataError, match="no rows of usage PrivateTest"):
        data.paired(data.read_fer2013(path), votes, "PrivateTest")


def test_pixel_copies_finds_exact_copies_only():
    seen = np.arange(2 * 2304).reshape(2, 48, 48).astype(np.uint8)
    near = seen[0].copy()
    near[0, 0] += 1
    assert data.pixel_copies(np.stack([seen[1], near]), seen).tolist() == [True, False]
