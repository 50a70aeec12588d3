"""What the composer hands to the synthesiser: notes and drum hits with times in seconds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Note:
    """One note: start and length in seconds, MIDI pitch, velocity 0..1."""

    start_s: float
    duration_s: float
    pitch: int
    velocity: float


@dataclass(frozen=True, slots=True)
class Hit:
    """One stroke on the drum kit: start in seconds, drum name, velocity 0..1, pan -1..1."""

    start_s: float
    drum: str
    velocity: float
    pan: float = 0.0


@dataclass(frozen=True, slots=True)
class Track:
    """One instrument's part.

    Attributes
    ----------
    instrument : name of a patch in ``ml.audio.instruments``
    notes : in any order
    gain : linear
    pan : -1 (left) .. 1 (right)
    reverb : share sent to the room, 0..1
    echo_s, echo : delay of the echo in seconds and its level; no echo at level 0
    drive : amount of distortion, 0 for none
    duck : whether the part gives way to the bass drum
    """

    instrument: str
    notes: tuple[Note, ...]
    gain: float = 1.0
    pan: float = 0.0
    reverb: float = 0.25
    echo_s: float = 0.0
    echo: float = 0.0
    drive: float = 0.0
    duck: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """A whole piece.

    Attributes
    ----------
    slug, mood, seed : from the specification
    duration_s : length in seconds
    tempo : beats per minute (dotted beats in compound time)
    metre : such as ``"4/4"``, ``"3/4"``, ``"12/8"``
    tonic : pitch class 0..11 (0 is C)
    scale : name of the scale
    progression : chord symbols of the main phrase
    lead : instrument that carries the melody
    form : letters of the phrases in order
    loudness_db : level to aim at, RMS in dB below full scale
    room_s : reverberation time in seconds
    tracks, hits : the music
    """

    slug: str
    mood: str
    seed: int
    duration_s: float
    tempo: float
    metre: str
    tonic: int
    scale: str
    progression: tuple[str, ...]
    lead: str
    form: str
    loudness_db: float
    room_s: float
    tracks: tuple[Track, ...]
    hits: tuple[Hit, ...]
