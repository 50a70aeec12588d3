"""Chord progressions of the moods: four chords, one a bar, as symbols of ``theory.parse_chord``.

The plain pools serve main phrases, those ending in ``_B`` the contrasting ones.
"""

from __future__ import annotations

HAPPY = ("I V vi IV", "I IV V IV", "I vi IV V", "I iii IV V", "IV I V vi", "I IV I V", "I IV ii V")
HAPPY_B = ("IV V iii vi", "vi IV I V", "ii V I IV", "IV I IV V")
ENERGY = ("vi IV I V", "I V vi IV", "IV V vi I", "IV I V vi", "vi V IV V", "I bVII IV I")
ENERGY_B = ("ii vi IV V", "IV V vi vi", "vi I IV V")
CALM = (
    "Imaj7 IVmaj7 Imaj7 IVmaj7",
    "Iadd9 vi7 IVmaj7 Isus2",
    "IVmaj7 Iadd9 IVmaj7 vi7",
    "Imaj9 IVmaj9 ii7 Imaj7",
    "Isus2 Iadd9 IVadd9 Iadd9",
    "Imaj7 iii7 IVmaj7 Imaj7",
)
CALM_B = ("IVmaj7 iii7 vi7 IVmaj7", "ii7 IVmaj7 Iadd9 Iadd9", "vi7 IVmaj7 Iadd9 Vsus4")
LOVE = (
    "Imaj7 vi7 ii7 V7",
    "Imaj9 iii7 IVmaj7 V7",
    "IVmaj7 iii7 ii7 Imaj7",
    "Imaj7 IVmaj7 iii7 vi7",
    "Iadd9 V IVmaj7 V7",
    "Imaj7 ii7 iii7 IVmaj7",
    "ii9 V9 Imaj9 vi9",
)
LOVE_B = ("IVmaj7 iv6 iii7 vi7", "vi9 ii9 IVmaj7 V7", "IVmaj7 V7 iii7 vi7")
SAD = (
    "i bVI bIII bVII",
    "i iv bVI v",
    "i bVII bVI v",
    "i v bVI iv",
    "iadd9 bVImaj7 iv7 v",
    "i iv i v",
    "i bIII iv bVI",
)
SAD_B = ("bVI bVII i i", "iv bVII bIII bVI", "bVImaj7 v iv iadd9", "iv i bVI v")
DARK = (
    "i bII i bII",
    "i i bVI bII",
    "i bvi i v",
    "i iidim i bII",
    "i5 bII5 i5 bV5",
    "i bII bvii i",
    "icluster i bII icluster",
)
DARK_B = ("bVI bII i i", "iv bV iv bII", "iidim bII i i")
ANGRY = (
    "i5 bII5 i5 bVII5",
    "i5 bVI5 bII5 i5",
    "i5 i5 bIII5 bII5",
    "i5 bVII5 bVI5 bII5",
    "i5 bV5 iv5 bII5",
    "i5 i5 bVI5 bVII5",
)
ANGRY_B = ("iv5 bV5 iv5 bII5", "bVI5 bVII5 i5 i5", "bII5 i5 bIII5 bII5")
