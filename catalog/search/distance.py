"""How far apart two words are."""

from __future__ import annotations


def edits(one: str, other: str, most: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to get from one word to the
    other (optimal string alignment, after Damerau); `most` + 1 where more than `most` are needed.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    # Only cells that `most` edits can reach are looked at; the others count as too far.
    far = most + 1
    before: list[int] = []
    row = [at if at <= most else far for at in range(len(other) + 1)]
    for i, letter in enumerate(one, 1):
        above, row = row, [far] * (len(other) + 1)
        if i <= most:
            row[0] = i
        nearest = far
        for j in range(max(1, i - most), min(len(other), i + most) + 1):
            cost = above[j - 1]
            if letter != other[j - 1]:
                cost = 1 + min(cost, above[j], row[j - 1])
                if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                    cost = min(cost, before[j - 2] + 1)
            row[j] = cost
            if cost < nearest:
                nearest = cost
        if nearest > most and min(above) > most:
            return far
        before = above
    return min(row[-1], far)
