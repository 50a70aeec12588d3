"""Drum patterns of one bar, for straight and for compound metre.

A line is ``"drum: steps"``: ``X`` loud, ``x`` plain, ``o`` soft, ``.`` silent. A straight bar has
16 steps (four a beat), a compound bar 12 (three a beat); a 3/4 bar uses the first 12 straight
steps. The pattern marks after ``|`` join in only at full intensity.
"""

from __future__ import annotations

_LOUDNESS = {"X": 1.0, "x": 0.8, "o": 0.5}

STRAIGHT: dict[str, str] = {
    "pop": "kick: X.....x.X.......; snare: ....X.......X...; hat: x.o.x.o.x.o.x.o. "
    "| tambourine: ....o.......o.o.",
    "clap pop": "kick: X..x....X..x....; clap: ....X.......X...; shaker: xoxoxoxoxoxoxoxo "
    "| hat: ..x...x...x...x.",
    "stomp": "kick: X...x...X...x...; clap: ....X.......X..x; tambourine: ..x...x...x...x. "
    "| hat: x.x.x.x.x.x.x.x.",
    "shaker": "soft kick: X.......x.......; shaker: x.oox.oox.oox.oo | rim: ....x.......x...",
    "folk": "soft kick: X.....x.X.......; clap: ....o.......o...; tambourine: ..o...o...o...o.",
    "tropical": "kick: X...X...X...X...; clap: ....x.......x...; shaker: o.xoo.xoo.xoo.xo "
    "| conga: ..x..x..x.x..x.x",
    "house": "kick: X...X...X...X...; open hat: ..x...x...x...x.; clap: ....X.......X... "
    "| hat: xoxoxoxoxoxoxoxo",
    "disco": "kick: X...X...X...X...; snare: ....X.......X...; hat: x.x.x.x.x.x.x.x.; "
    "open hat: ..x...x...x...x. | tambourine: xoxoxoxoxoxoxoxo",
    "dance": "kick: X...X...X...X...; clap: ....X.......X..o; hat: ooxoooxoooxoooxo "
    "| open hat: ..x...x...x...x.; snare: ..............oo",
    "break": "kick: X.x.......x..x..; snare: ....X..o.o..X..o; hat: x.x.x.x.x.x.x.x. "
    "| open hat: ......x.......x.; shaker: xoxoxoxoxoxoxoxo",
    "break two": "kick: X..x..x...x.....; snare: ....X.......X.oo; hat: xoxoxoxoxoxoxoxo "
    "| ride: x...x...x...x...",
    "soft": "soft kick: X.......x.......; rim: ....o.......o...; shaker: o.o.o.o.o.o.o.o.",
    "soft ballad": "soft kick: X.....o.x.......; brush: ....x.......x... | hat: o...o...o...o...",
    "bossa": "soft kick: x.....xox.....xo; rim: x..x..x...x..x.. | shaker: oxoooxoooxoooxoo",
    "bossa shaker": "soft kick: x.....xox.....xo; shaker: xoxoxoxoxoxoxoxo | rim: ..x..x....x..x..",
    "brushes": "brush: o...x.o.o...x.o.; soft kick: o.......o....... | ride: o...o.o.o...o.o.",
    "brushes two": "brush: ..o.x.....o.x...; ride: o...o..oo...o..o",
    "slow": "soft kick: x.......o.......; brush: ........x....... | ride: o...o...o...o...",
    "booms": "boom: x............... | low tom: ..............oo",
    "toms": "boom: X...............; low tom: ..x...x...x.x... | high tom: ............x.x.",
    "trip hop": "kick: X..o..x...x.....; snare: ....X.......X...; hat: o.o.o.o.o.oo.o.o "
    "| shaker: o.o.o.o.o.o.o.o.",
    "heavy slow": "rock kick: X.......X.x.....; rock snare: ....X.......X...; "
    "ride: o...o...o...o... | low tom: ..............xx",
    "metal": "rock kick: X.xxX.xxX.xxX.xx; rock snare: ....X.......X...; hat: x...x...x...x... "
    "| crash: x...............",
    "double kick": "rock kick: xxxxxxxxxxxxxxxx; rock snare: ....X.......X...; "
    "ride: x...x...x...x... | crash: X.......x.......",
    "skank": "rock kick: X...x...X.x.x...; rock snare: ..X...X...X...X.; hat: x.x.x.x.x.x.x.x. "
    "| crash: x.......x.......",
    "blast": "rock kick: x.x.x.x.x.x.x.x.; rock snare: .x.x.x.x.x.x.x.x; ride: x.x.x.x.x.x.x.x. "
    "| crash: X.......x.......",
    "industrial": "rock kick: X...X...X...X...; clank: ....X..x....X..x; "
    "hat: xxxxxxxxxxxxxxxx | rock snare: ....X.......X...",
    "machine": "rock kick: X..xX..xX..xX..x; rock snare: ....X.......X...; "
    "clank: ..x...x...x...xx | crash: x...............",
}

COMPOUND: dict[str, str] = {
    "swing": "soft kick: x..o..x..o..; ride: x..x.xx..x.x; brush: ...x.....x.. "
    "| snare: .....o.....o",
    "shuffle": "kick: X.....x.x...; snare: ...X.....X..; hat: x.xx.xx.xx.x | clap: ...x.....x..",
    "stomp": "kick: X.....X.....; clap: ...X.....X..; tambourine: x.xx.xx.xx.x",
    "shaker": "soft kick: X.....x.....; shaker: xooxooxooxoo | rim: ...x.....x..",
    "folk": "soft kick: X....ox.....; clap: ...o.....o..; tambourine: ..o..o..o..o",
    "soft": "soft kick: X.....x.....; rim: ...o.....o..; shaker: o.oo.oo.oo.o",
    "soft ballad": "soft kick: X....ox.....; brush: ...x.....x.. | hat: ooooooooooooo",
    "brushes": "brush: o..x..o..x..; ride: o..o.oo..o.o",
    "brushes two": "brush: ...x.o...x..; ride: o..o..o..o..",
    "slow": "soft kick: x...........; brush: ......x..... | ride: o..o..o..o..",
    "heavy slow": "rock kick: X....x......; rock snare: ......X.....; ride: o..o..o..o..",
    "booms": "boom: x...........",
}


def strokes(name: str, compound: bool, full: bool) -> list[tuple[str, int, float]]:
    """Return (drum, step, loudness 0..1) of one bar of the pattern ``name``.

    Parameters
    ----------
    name : a key of ``STRAIGHT``, or of ``COMPOUND`` when ``compound``
    compound : whether the bar has three steps a beat
    full : whether the additional lines sound too

    Raises
    ------
    KeyError
        if the metre has no such pattern.
    """
    text = (COMPOUND if compound else STRAIGHT)[name]
    main, _, extra = text.partition("|")
    lines = main.split(";") + (extra.split(";") if full and extra else [])
    found = []
    for line in lines:
        drum, _, steps = line.partition(":")
        found += [
            (drum.strip(), number, _LOUDNESS[mark])
            for number, mark in enumerate(steps.strip())
            if mark != "."
        ]
    return found
