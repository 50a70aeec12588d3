"""One correction nudges, three decide, and the network keeps a word."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

from ml.emotion.labels import EMOTIONS
from ml.emotion.personal import MOST_CORRECTIONS, Corrections, personal

PAIRS = list(permutations(range(7), 2))
EACH_PAIR = pytest.mark.parametrize(
    ("read", "said"), PAIRS, ids=[f"{EMOTIONS[a]} to {EMOTIONS[b]}" for a, b in PAIRS]
)


def face(read: int, share: float, *, second: int | None = None, of: float = 0.0) -> np.ndarray:
    """A face read with this share, perhaps with a runner-up, and the rest spread evenly."""
    row = np.zeros(7)
    row[read] = share
    if second is not None:
        row[second] = of
    row[row == 0] = (1 - row.sum()) / np.count_nonzero(row == 0)
    return row


def told(*pairs: tuple[np.ndarray, int]) -> Corrections:
    """Corrections of these faces, oldest first."""
    rows = np.array([row for row, _ in pairs]).reshape(-1, 7)
    return Corrections(rows, np.array([said for _, said in pairs], dtype=int))


def faces_of(read: int, said: int) -> list[np.ndarray]:
    """What a network may say of a face: hardly sure to quite sure, the truth second or last."""
    plain = [face(read, share) for share in (0.6, 0.85, 0.95, 0.999)]
    torn = [(0.6, 0.25), (0.65, 0.15), (0.74, 0.25), (0.85, 0.1)]
    close = [face(read, share, second=said, of=of) for share, of in torn]
    return [*plain, *close, face(read, 0.85, second=said, of=1e-6)]


@EACH_PAIR
def test_one_correction_nudges(read: int, said: int) -> None:
    for network in faces_of(read, said):
        found = personal(network, told((network, said)))
        assert found.corrections_used == 1
        assert found.probabilities.argmax() == read
        assert network[said] + 0.1 < found.probabilities[said] < 0.5


@EACH_PAIR
def test_three_decide(read: int, said: int) -> None:
    for network in faces_of(read, said):
        found = personal(network, told(*[(network, said)] * 3))
        assert found.corrections_used == 3
        assert found.probabilities.argmax() == said
        assert found.probabilities[said] > 0.65


@EACH_PAIR
def test_three_faces_that_are_only_alike_decide_too(read: int, said: int) -> None:
    others = [face(read, share) for share in (0.65, 0.8, 0.9)]
    found = personal(face(read, 0.75), told(*[(other, said) for other in others]))
    assert found.probabilities.argmax() == said


def test_without_corrections_it_is_what_the_network_says_to_the_last_bit() -> None:
    network = np.random.default_rng(1).dirichlet(np.ones(7))
    found = personal(network, told())
    assert found.corrections_used == 0
    assert found.probabilities.tobytes() == network.tobytes()


@EACH_PAIR
def test_a_correction_says_nothing_of_another_face(read: int, said: int) -> None:
    # Given ten corrections of sure faces
    corrected = told(*[(face(read, 0.95), said)] * 10)

    # Then a face that is surely another one is read as ever, to the last bit
    for another in set(range(7)) - {read}:
        network = face(another, 0.95)
        found = personal(network, corrected)
        assert found.corrections_used == 0
        assert found.probabilities.tobytes() == network.tobytes()


def test_the_more_alike_the_more_it_moves() -> None:
    network = face(6, 0.8)
    shares = [
        personal(network, told((face(6, share), 4))).probabilities[4] for share in (0.8, 0.6, 0.4)
    ]
    assert shares[0] > shares[1] > shares[2] > network[4]


def test_agreeing_with_the_network_makes_it_surer() -> None:
    network = face(3, 0.7)
    found = personal(network, told((network, 3)))
    assert found.corrections_used == 1
    assert 0.71 < found.probabilities[3] < 1


def test_answers_of_the_kind_the_network_expects_hardly_move_it() -> None:
    # Given a face that is neutral or sad, and 20 answers in just that proportion
    network = face(6, 0.6, second=4, of=0.35)
    answers = [(network, 6)] * 12 + [(network, 4)] * 7 + [(network, 0)]
    mixed = [answers[i] for i in np.random.default_rng(2).permutation(20)]

    # Then it is still both, while 20 answers of one kind are followed
    np.testing.assert_allclose(personal(network, told(*mixed)).probabilities, network, atol=0.15)
    assert personal(network, told(*[(network, 4)] * 20)).probabilities[4] > 0.9


def test_the_network_keeps_a_word_whatever_is_said() -> None:
    network = face(6, 0.9)
    for many in (MOST_CORRECTIONS, 1000):
        found = personal(network, told(*[(network, 4)] * many))
        assert found.probabilities[6] > 0.03


def test_a_listener_who_thinks_otherwise_is_followed() -> None:
    # Given 40 corrections to sad; when the same face is called angry from then on
    network, before = face(6, 0.8), [(face(6, 0.8), 4)] * 40
    labels = [
        personal(network, told(*before, *[(network, 0)] * more)).probabilities.argmax()
        for more in range(8)
    ]

    # Then the first does not turn it, and the seventh has
    assert labels[:2] == [4, 4]
    assert labels[7] == 0


def test_only_the_newest_are_looked_at() -> None:
    # Given one correction of this face, and then as many of another as are looked at, or one fewer
    network, another = face(6, 0.7), face(3, 0.95)
    used = [
        personal(network, told((network, 4), *[(another, 0)] * many)).corrections_used
        for many in (MOST_CORRECTIONS - 1, MOST_CORRECTIONS)
    ]
    assert used == [1, 0]


def test_no_emotion_is_treated_better_than_another() -> None:
    rng = np.random.default_rng(4)
    network, rows = rng.dirichlet(np.ones(7)), rng.dirichlet(np.ones(7), 20)
    said, order = rng.integers(0, 7, 20), rng.permutation(7)
    plain = personal(network, Corrections(rows, said))
    turned = personal(network[order], Corrections(rows[:, order], np.argsort(order)[said]))
    assert plain.corrections_used == turned.corrections_used > 5
    np.testing.assert_allclose(turned.probabilities, plain.probabilities[order], atol=1e-12)


def test_whatever_comes_in_probabilities_come_out() -> None:
    rng = np.random.default_rng(5)
    for _ in range(200):
        n, sharp = int(rng.integers(0, 60)), rng.choice([0.02, 0.3, 3.0])
        rows = rng.dirichlet(np.full(7, sharp), n + 1)  # many of them hold exact zeros
        kept = rows.copy()
        found = personal(rows[0], Corrections(rows[1:], rng.integers(0, 7, n)))
        assert (found.probabilities >= 0).all()
        assert found.probabilities.sum() == pytest.approx(1, abs=1e-9)
        assert 0 <= found.corrections_used <= min(n, MOST_CORRECTIONS)
        np.testing.assert_array_equal(rows, kept)


def test_three_decide_even_what_the_network_held_impossible() -> None:
    network = np.eye(7)[6]
    assert personal(network, told(*[(network, 4)] * 3)).probabilities.argmax() == 4


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"must be \(7,\)"):
        personal(np.full((1, 7), 1 / 7), told())
    with pytest.raises(ValueError, match="2 answers need as many rows"):
        Corrections(np.full((1, 7), 1 / 7), np.array([0, 1]))
