"""How far apart two words are."""

from __future__ import annotations


def edits(one: str, other: str, most: int) -> int:
    """Letters to insert, delete, replace or swap with their neighbour to get from one word to the
    other (optimal string alignment, after Damerau); `most` + 1 where more than `most` are needed.
    """
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        above, row = row, [i]
        for j, against in enumerate(other, 1):
            cost = above[j - 1]
            if letter != against:
                cost = 1 + min(cost, above[j], row[j - 1])
                if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                    cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and min(above) > most:
            return most + 1
        before = above
    return min(row[-1], most + 1)
