"""Composing a demo piece: from its specification to a score, by seeded choices within a style."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from ml.audio.basslines import BASSES
from ml.audio.beats import strokes
from ml.audio.catalogue import PieceSpec
from ml.audio.dice import dice
from ml.audio.melody import motif, sing, varied
from ml.audio.patterns import ARPS, COMPING, Bar, Event
from ml.audio.score import Hit, Note, Score, Track
from ml.audio.styles import STYLES, Style
from ml.audio.theory import lead_voices, parse_chord

TAIL_S = 3.5
_METRES = {"4/4": (16, 4), "3/4": (12, 4), "12/8": (12, 3)}
_FORMS = ("", "A", "Aa", "ABa", "AaBA", "AaBAa", "AaBaBA", "AaBAaBA", "AaBAaBAa")
_PLAIN_LOUDNESS_DB, _AROUSAL_DB = -19.0, 4.5
# Where the basses of a mood sit: the sombre moods lie lower.
_BASS_LOW = {"dark": 26, "angry": 28, "sad": 31}


@dataclass(frozen=True, slots=True)
class _Plan:
    """The choices that hold for the whole piece."""

    tempo: float
    metre: str
    tonic: int
    scale: str
    progression: tuple[str, ...]
    bridge: tuple[str, ...]
    lead: str
    comp: tuple[str, str]
    bass: tuple[str, str]
    pad: str
    arp: tuple[str, str]
    beat: str
    form: str
    intro_bars: int


@dataclass(slots=True)
class _Parts:
    """Notes collected while the piece is written, by part."""

    lead: list[Note] = field(default_factory=list)
    comp: list[Note] = field(default_factory=list)
    bass: list[Note] = field(default_factory=list)
    pad: list[Note] = field(default_factory=list)
    arp: list[Note] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)


def _planned(spec: PieceSpec, style: Style, roll: random.Random) -> _Plan:
    metre = roll.choice(style.metres)
    steps, beat = _METRES[metre]
    beats = steps // beat
    # The length is given, so a whole number of two-bar units decides the exact tempo.
    sounding = spec.duration_s - TAIL_S
    units = [
        (count, count * 2 * beats * 60.0 / sounding)
        for count in range(2, 64)
        if style.tempo[0] <= count * 2 * beats * 60.0 / sounding <= style.tempo[1]
    ]
    middle = sum(style.tempo) / 2
    nearest = max(2, round(middle * sounding / (120.0 * beats)))
    count, tempo = roll.choice(units) if units else (nearest, nearest * 2 * beats * 60.0 / sounding)
    phrases = count // 2
    form = _FORMS[phrases] if phrases < len(_FORMS) else ("AaBA" * 8)[:phrases]
    return _Plan(
        tempo=tempo,
        metre=metre,
        tonic=roll.randrange(12),
        scale=roll.choice(style.scales),
        progression=tuple(roll.choice(style.progressions).split()),
        bridge=tuple(roll.choice(style.bridges).split()),
        lead=roll.choice(style.leads),
        comp=roll.choice(style.comping),
        bass=roll.choice(style.basses),
        pad=roll.choice(style.pads),
        arp=roll.choice(style.arps),
        beat=roll.choice(style.beats),
        form=form,
        intro_bars=2 * (count % 2),
    )


def _intensity(index: int, letter: str, count: int, arousal: float) -> float:
    """Return how full a phrase is, 0..1: it grows, thins at a bridge and is full at the end."""
    grown = 0.5 + 0.5 * index / max(1, count - 1)
    if letter == "B":
        grown -= 0.12
    return min(1.0, grown + 0.15 * max(0.0, arousal))


class _Writer:
    """Writes the bars of one piece one after the other."""

    def __init__(self, spec: PieceSpec, style: Style, plan: _Plan, roll: random.Random) -> None:
        self.spec, self.style, self.plan, self.roll = spec, style, plan, roll
        self.steps, self.beat = _METRES[plan.metre]
        self.step_s = 60.0 / plan.tempo / self.beat
        self.parts = _Parts()
        self.voices: tuple[int, ...] | None = None
        self.pad_voices: tuple[int, ...] | None = None
        self.bass_low = _BASS_LOW.get(spec.mood, 33)
        self.motifs = {
            name: motif(roll, self.steps, self.beat, style.busy) for name in ("A", "answer", "B")
        }
        # Machines play on the grid, people near it.
        electronic = spec.mood in ("energetic", "angry")
        self.loose_s = 0.002 if electronic else 0.007

    def when(self, bar: int, step: float) -> float:
        """Return the time in seconds of a step, with a little looseness."""
        time = (bar * self.steps + step) * self.step_s
        return max(0.0, time + self.roll.uniform(0.0, self.loose_s))

    def add(self, part: list[Note], bar: int, events: list[Event], loudness: float) -> None:
        """Write the events of one bar into a part."""
        for event in events:
            start = self.when(bar, event.step)
            length = max(0.06, event.length * self.step_s)
            for number, pitch in enumerate(event.pitches):
                velocity = event.velocity * loudness * self.roll.uniform(0.92, 1.0)
                part.append(Note(start + number * event.roll_s, length, pitch, velocity))

    def bar(
        self, number: int, symbol: str, following: str, first_of_phrase: int, full: float
    ) -> None:
        """Write the accompaniment of one bar at the given fullness."""
        plan, parts = self.plan, self.parts
        root, intervals = parse_chord(symbol)
        root = (root + plan.tonic) % 12
        next_root = (parse_chord(following)[0] + plan.tonic) % 12
        self.voices = lead_voices(self.voices, root, intervals, self.style.comp_centre, 4)
        bar = Bar(
            steps=self.steps, beat=self.beat, voices=self.voices, root=root, intervals=intervals,
            next_root=next_root, bass_low=self.bass_low, tonic=plan.tonic,
            number=number - first_of_phrase,
        )  # fmt: skip
        loudness = 0.72 + 0.28 * full
        self.add(parts.comp, number, COMPING[plan.comp[1]](bar), loudness)
        if plan.bass[0] and full > 0.35:
            self.add(parts.bass, number, BASSES[plan.bass[1]](bar), loudness)
        if plan.pad:
            centre = self.style.comp_centre + 5
            self.pad_voices = lead_voices(self.pad_voices, root, intervals, centre, 3)
            held = [Event(0, self.steps, self.pad_voices, 0.7)]
            self.add(parts.pad, number, held, loudness)
        if plan.arp[0] and full > 0.6:
            self.add(parts.arp, number, ARPS[plan.arp[1]](bar), loudness)
        if plan.beat and full > 0.4:
            self.drums(number, full)

    def drums(self, number: int, full: float) -> None:
        """Write one bar of drums."""
        for drum, step, loud in strokes(self.plan.beat, self.beat == 3, full > 0.75):
            if step >= self.steps:
                continue
            velocity = loud * (0.7 + 0.3 * full) * self.roll.uniform(0.88, 1.0)
            pan = {"hat": 0.3, "shaker": -0.4, "ride": 0.35, "tambourine": -0.3}.get(drum, 0.0)
            self.parts.hits.append(Hit(self.when(number, step), drum, velocity, pan))

    def turn(self, number: int, full: float, first: bool) -> None:
        """Mark the phrase's edge on the drums: a crash to begin it, a fill to lead out of it."""
        if not self.plan.beat or self.spec.arousal < 0.2 or full < 0.55:
            return
        if first:
            self.parts.hits.append(Hit(self.when(number, 0), "crash", 0.22 + 0.15 * full))
            return
        snare = "rock snare" if self.spec.mood == "angry" else "snare"
        fill = [snare, *self.roll.choice((("high tom", "low tom"), ("high tom", snare, "low tom")))]
        for place, drum in enumerate(reversed(fill)):
            at = self.when(number, self.steps - 1 - place)
            self.parts.hits.append(Hit(at, drum, 0.5 * (0.8 + 0.2 * full), 0.3 - 0.2 * place))

    def phrase(self, start: int, letter: str, index: int) -> None:
        """Write four bars: accompaniment and melody."""
        plan, style = self.plan, self.style
        count = len(plan.form)
        full = _intensity(index, letter, count, self.spec.arousal)
        symbols = plan.bridge if letter == "B" else plan.progression
        for offset, symbol in enumerate(symbols):
            following = symbols[(offset + 1) % len(symbols)]
            self.bar(start + offset, symbol, following, start, full)
        self.turn(start, full, first=True)
        self.turn(start + 3, full, first=False)
        call = self.motifs["B" if letter == "B" else "A"]
        answer = self.motifs["answer"] if letter != "B" else varied(self.roll, call)
        if letter == "a":
            answer = varied(self.roll, call)
        low, high = style.lead_range
        lift = 2 if letter == "B" else 0
        chords = [
            ((root + plan.tonic) % 12, intervals) for root, intervals in map(parse_chord, symbols)
        ]
        for note in sing(
            phrase=[call, answer], chords=chords, tonic=plan.tonic, scale=plan.scale,
            compass=(low + lift, high + lift), steps=self.steps, beat=self.beat,
            closed=letter == "a" or index == count - 1,
        ):  # fmt: skip
            at = self.when(start + note.bar, note.step)
            length = max(0.08, note.length * self.step_s * 0.95)
            self.parts.lead.append(Note(at, length, note.pitch, note.velocity * (0.8 + 0.2 * full)))

    def ending(self, bar: int) -> None:
        """Let the tonic chord ring while the piece fades."""
        start = bar * self.steps * self.step_s
        root, intervals = parse_chord(self.plan.progression[0])
        if root != 0:
            root, intervals = parse_chord("I" if "maj" in self.plan.scale else "i")
            if self.plan.scale in ("lydian", "mixolydian"):
                intervals = (0, 4, 7)
        root = (root + self.plan.tonic) % 12
        voices = lead_voices(self.voices, root, intervals, self.style.comp_centre, 4)
        if "chug" in self.plan.comp[1]:
            voices = (40 + (root - 40) % 12, 40 + (root - 40) % 12 + 7)
        for number, pitch in enumerate(voices):
            self.parts.comp.append(Note(start + 0.02 * number, TAIL_S - 0.7, pitch, 0.75))
        low = self.bass_low + (root - self.bass_low) % 12
        if self.plan.bass[0]:
            self.parts.bass.append(Note(start, TAIL_S - 0.8, low, 0.8))
        if self.plan.pad:
            self.parts.pad += [Note(start, TAIL_S - 0.8, pitch, 0.7) for pitch in voices[:3]]
        if self.plan.beat and self.spec.arousal > 0.2:
            kick = "rock kick" if self.spec.mood == "angry" else "kick"
            self.parts.hits += [Hit(start, kick, 0.9), Hit(start, "crash", 0.5)]


def _tracks(plan: _Plan, style: Style, parts: _Parts, step_s: float) -> tuple[Track, ...]:
    heavy = style.drive > 0
    driven = {"power guitar", "muted guitar", "scream lead"}
    room = style.reverb
    lead_drive = style.drive * 0.6 if heavy and plan.lead in driven else 0.0
    tracks = (
        Track(plan.lead, tuple(parts.lead), 0.62 if not lead_drive else 0.5, 0.06, room * 1.2,
              3 * step_s, style.echo, lead_drive),
        Track(plan.comp[0], tuple(parts.comp), 0.4 if not heavy else 0.7, -0.18, room,
              drive=style.drive if plan.comp[0] in driven else 0.0),
        Track(plan.bass[0], tuple(parts.bass), 0.4, 0.0, room * 0.15, duck=style.duck),
        Track(plan.pad, tuple(parts.pad), 0.42, 0.0, room * 1.3, duck=style.duck),
        Track(plan.arp[0], tuple(parts.arp), 0.3, 0.3, room, 3 * step_s, style.echo * 0.8,
              duck=style.duck),
    )  # fmt: skip
    return tuple(track for track in tracks if track.instrument and track.notes)


def compose(spec: PieceSpec) -> Score:
    """Write the piece that ``spec`` describes.

    Returns
    -------
    Score
        equal for equal specifications; note times lie in 0..``spec.duration_s`` seconds

    Raises
    ------
    KeyError
        if the mood and genre of ``spec`` have no style.
    """
    style = STYLES[spec.mood, spec.genre]
    roll = dice("compose", spec.seed)
    plan = _planned(spec, style, roll)
    writer = _Writer(spec, style, plan, roll)
    for bar in range(plan.intro_bars):
        writer.bar(bar, plan.progression[bar], plan.progression[bar + 1], 0, 0.38)
    for index, letter in enumerate(plan.form):
        writer.phrase(plan.intro_bars + 4 * index, letter, index)
    writer.ending(plan.intro_bars + 4 * len(plan.form))
    return Score(
        slug=spec.slug,
        mood=spec.mood,
        seed=spec.seed,
        duration_s=spec.duration_s,
        tempo=round(plan.tempo, 3),
        metre=plan.metre,
        tonic=plan.tonic,
        scale=plan.scale,
        progression=plan.progression,
        lead=plan.lead,
        form=plan.form,
        loudness_db=_PLAIN_LOUDNESS_DB + _AROUSAL_DB * spec.arousal,
        room_s=style.room_s,
        tracks=_tracks(plan, style, writer.parts, writer.step_s),
        hits=tuple(writer.parts.hits),
    )
