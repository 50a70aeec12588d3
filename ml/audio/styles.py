"""The twenty-eight styles of the demo catalogue: four genres for each of the seven moods.

What a mood means in sound follows the usual findings on expression in music: fast, loud, bright
and dense for high arousal; slow, soft and sparse for low; major colours for pleasant, minor,
phrygian and locrian ones for unpleasant moods.
"""

from __future__ import annotations

from dataclasses import dataclass

from ml.audio.progressions import (
    ANGRY,
    ANGRY_B,
    CALM,
    CALM_B,
    DARK,
    DARK_B,
    ENERGY,
    ENERGY_B,
    HAPPY,
    HAPPY_B,
    LOVE,
    LOVE_B,
    SAD,
    SAD_B,
)


@dataclass(frozen=True, slots=True)
class Style:
    """What a piece of one genre may choose from.

    Attributes
    ----------
    tempo : slowest and fastest beats per minute
    metres, scales : choices
    progressions : main phrases, chords separated by blanks, one chord per bar
    bridges : contrasting phrases
    leads, pads : instruments; an empty text leaves the part out
    comping, basses, arps : (instrument, pattern)
    beats : drum patterns of ``ml.audio.beats``; an empty text for none
    lead_range : lowest and highest melody note, MIDI
    comp_centre : middle of the chord voicing, MIDI
    busy : how many of the possible melody onsets sound, 0..1
    room_s, reverb : reverberation time in seconds and the share sent to it
    echo : level of the melody's echo
    drive : distortion of guitar parts, 0 for none
    duck : whether pads give way to the bass drum
    """

    tempo: tuple[float, float]
    scales: tuple[str, ...]
    progressions: tuple[str, ...]
    bridges: tuple[str, ...]
    leads: tuple[str, ...]
    comping: tuple[tuple[str, str], ...]
    basses: tuple[tuple[str, str], ...]
    pads: tuple[str, ...] = ("",)
    arps: tuple[tuple[str, str], ...] = (("", ""),)
    beats: tuple[str, ...] = ("",)
    metres: tuple[str, ...] = ("4/4",)
    lead_range: tuple[int, int] = (62, 81)
    comp_centre: int = 60
    busy: float = 0.5
    room_s: float = 1.2
    reverb: float = 0.2
    echo: float = 0.0
    drive: float = 0.0
    duck: bool = False


_SINGABLE = (64, 83)

STYLES: dict[tuple[str, str], Style] = {
    ("happy", "indie pop"): Style(
        (108, 132), ("major",), HAPPY, HAPPY_B, ("whistle", "pluck", "square lead", "flute"),
        (("piano", "pulse"), ("clean guitar", "strum"), ("organ", "offbeat")),
        (("picked bass", "eighths"), ("round bass", "bounce")), ("", "strings"),
        (("pluck", "updown"), ("", "")), ("pop", "clap pop", "stomp"), lead_range=_SINGABLE,
        busy=0.62, echo=0.15,
    ),
    ("happy", "ukulele folk"): Style(
        (104, 126), ("major", "major pentatonic"), HAPPY, HAPPY_B,
        ("whistle", "flute", "marimba", "clarinet"), (("ukulele", "strum"), ("ukulele", "broken")),
        (("upright bass", "two"), ("round bass", "two")), ("",), (("music box", "up"), ("", "")),
        ("shaker", "stomp", "folk"), ("4/4", "12/8"), _SINGABLE, 66, 0.58,
    ),
    ("happy", "tropical"): Style(
        (106, 124), ("major", "mixolydian"), HAPPY, HAPPY_B,
        ("marimba", "pluck", "flute", "kalimba"), (("marimba", "offbeat"), ("pluck", "stab"),
                                                    ("clean guitar", "offbeat")),
        (("round bass", "synco"), ("picked bass", "bounce")), ("", "air pad"),
        (("kalimba", "updown"), ("", "")), ("tropical", "clap pop"), lead_range=(67, 86),
        comp_centre=64, busy=0.6, echo=0.2,
    ),
    ("happy", "swing"): Style(
        (112, 136), ("major", "mixolydian"), ("I6 vi7 ii7 V7", "I6 I6 IV6 V7", "I IV6 I V7",
                                              "I6 IV7 I6 V7"),
        ("IV6 IV6 I6 V7", "ii7 V7 I6 vi7"), ("clarinet", "brass", "vibraphone", "whistle"),
        (("piano", "offbeat"), ("organ", "charleston")), (("upright bass", "walk"),), ("",),
        beats=("swing", "shuffle"), metres=("12/8",), lead_range=_SINGABLE, busy=0.6,
    ),
    ("energetic", "house"): Style(
        (122, 130), ("mixolydian", "major", "major pentatonic"), ENERGY, ENERGY_B,
        ("saw lead", "pluck", "supersaw"), (("supersaw", "stab"), ("piano", "stab")),
        (("synth bass", "offbeat"), ("synth bass", "octaves")), ("warm pad", "supersaw"),
        (("pluck", "updown"), ("acid", "sixteenths")), ("house", "disco"), busy=0.6, echo=0.25,
        duck=True, room_s=1.6,
    ),
    ("energetic", "synth-pop"): Style(
        (124, 138), ("major", "mixolydian"), ENERGY, ENERGY_B,
        ("saw lead", "square lead", "brass"), (("supersaw", "offbeat"), ("supersaw", "pulse")),
        (("synth bass", "eighths"), ("synth bass", "octaves")), ("supersaw", "glass pad"),
        (("chip", "sixteenths"), ("pluck", "updown")), ("disco", "dance"), lead_range=(66, 84),
        busy=0.68, echo=0.2, duck=True,
    ),
    ("energetic", "trance"): Style(
        (132, 142), ("major", "mixolydian"), ENERGY, ENERGY_B, ("saw lead", "supersaw"),
        (("supersaw", "hold"), ("supersaw", "stab")), (("synth bass", "gallop"),
                                                         ("synth bass", "offbeat")),
        ("supersaw", "choir"), (("saw lead", "sixteenths"), ("pluck", "sixteenths")),
        ("house", "dance"), lead_range=(66, 86), busy=0.6, echo=0.3, duck=True, room_s=2.0,
    ),
    ("energetic", "breakbeat"): Style(
        (138, 166), ("major", "mixolydian", "major pentatonic"), ENERGY, ENERGY_B,
        ("square lead", "saw lead", "organ"), (("organ", "stab"), ("supersaw", "stab"),
                                                ("piano", "offbeat")),
        (("synth bass", "synco"), ("synth bass", "eighths")), ("", "supersaw"),
        (("chip", "sixteenths"), ("pluck", "updown")), ("break", "break two"), busy=0.62,
        echo=0.15,
    ),
    ("calm", "ambient"): Style(
        (56, 74), ("major", "lydian", "major pentatonic"), CALM, CALM_B,
        ("glass pad", "kalimba", "flute", "vibraphone"), (("warm pad", "hold"),
                                                           ("glass pad", "hold")),
        (("sub bass", "whole"), ("", "")), ("air pad", "choir", "warm pad"),
        (("kalimba", "slow"), ("harp", "slow"), ("", "")), lead_range=(65, 84), busy=0.16,
        room_s=2.6, reverb=0.5, echo=0.3,
    ),
    ("calm", "piano"): Style(
        (58, 76), ("major", "lydian"), CALM, CALM_B, ("felt piano", "vibraphone"),
        (("felt piano", "broken"), ("felt piano", "rolled")), (("sub bass", "whole"), ("", "")),
        ("", "air pad", "warm pad"), metres=("4/4", "3/4"), lead_range=(67, 86), busy=0.22,
        room_s=2.2, reverb=0.4,
    ),
    ("calm", "new age"): Style(
        (58, 76), ("lydian", "major", "major pentatonic"), CALM, CALM_B,
        ("flute", "harp", "music box", "vibraphone"), (("harp", "broken"), ("kalimba", "broken"),
                                                      ("harp", "rolled")),
        (("sub bass", "whole"), ("low strings", "whole")), ("choir", "air pad", "glass pad"),
        metres=("4/4", "3/4", "12/8"), lead_range=(67, 86), busy=0.22, room_s=2.6, reverb=0.45,
        echo=0.2,
    ),
    ("calm", "acoustic"): Style(
        (60, 78), ("major", "major pentatonic"), CALM, CALM_B,
        ("nylon guitar", "flute", "clarinet", "kalimba"), (("nylon guitar", "broken"),
                                                            ("nylon guitar", "rolled")),
        (("upright bass", "whole"), ("", "")), ("", "air pad"), metres=("4/4", "3/4", "12/8"),
        lead_range=(64, 81), busy=0.24, room_s=1.8, reverb=0.3,
    ),
    ("romantic", "soul"): Style(
        (66, 86), ("major",), LOVE, LOVE_B, ("electric piano", "violin", "flute"),
        (("electric piano", "charleston"), ("electric piano", "broken")),
        (("round bass", "ballad"), ("round bass", "two")), ("strings", "warm pad"), (("", ""),),
        ("soft", "soft ballad"), ("4/4", "12/8"), busy=0.42, room_s=1.6, reverb=0.3, echo=0.12,
    ),
    ("romantic", "bossa nova"): Style(
        (76, 94), ("major", "lydian"), LOVE, LOVE_B, ("flute", "nylon guitar", "clarinet",
                                                        "vibraphone"),
        (("nylon guitar", "bossa"),), (("upright bass", "bossa"),), ("", "strings"), (("", ""),),
        ("bossa", "bossa shaker"), lead_range=(64, 83), busy=0.45, room_s=1.2, reverb=0.25,
    ),
    ("romantic", "chamber"): Style(
        (70, 92), ("major",), LOVE, LOVE_B, ("violin", "cello", "flute"),
        (("piano", "waltz"), ("harp", "broken"), ("piano", "broken")), (("low strings", "whole"),
                                                                         ("upright bass", "two")),
        ("strings", "low strings"), metres=("3/4", "12/8", "4/4"), lead_range=(62, 84), busy=0.4,
        room_s=2.0, reverb=0.35,
    ),
    ("romantic", "jazz ballad"): Style(
        (64, 84), ("major", "lydian"), LOVE, LOVE_B, ("clarinet", "vibraphone", "brass"),
        (("piano", "charleston"), ("electric piano", "hold")), (("upright bass", "walk"),
                                                                 ("upright bass", "two")),
        ("", "strings"), (("", ""),), ("brushes", "brushes two"), ("4/4", "12/8"),
        lead_range=(60, 79), busy=0.42, room_s=1.5, reverb=0.28,
    ),
    ("sad", "piano"): Style(
        (54, 72), ("minor", "harmonic minor"), SAD, SAD_B, ("piano", "felt piano", "cello"),
        (("felt piano", "broken"), ("piano", "rolled")), (("low strings", "whole"), ("", "")),
        ("", "low strings"), metres=("4/4", "3/4"), lead_range=(60, 77), comp_centre=54,
        busy=0.28, room_s=2.0, reverb=0.35,
    ),
    ("sad", "chamber"): Style(
        (54, 70), ("minor", "harmonic minor"), SAD, SAD_B, ("cello", "violin", "clarinet"),
        (("strings", "hold"), ("low strings", "hold")), (("low strings", "whole"),),
        ("low strings", "strings"), (("harp", "slow"), ("", "")), metres=("4/4", "3/4"),
        lead_range=(55, 74), comp_centre=53, busy=0.26, room_s=2.2, reverb=0.4,
    ),
    ("sad", "folk"): Style(
        (60, 78), ("minor", "dorian"), SAD, SAD_B, ("flute", "nylon guitar", "violin",
                                                      "clarinet"),
        (("nylon guitar", "broken"), ("nylon guitar", "rolled")), (("upright bass", "whole"),
                                                                    ("upright bass", "two")),
        ("", "low strings"), metres=("4/4", "3/4", "12/8"), lead_range=(60, 76), comp_centre=55,
        busy=0.32, room_s=1.5, reverb=0.28,
    ),
    ("sad", "slowcore"): Style(
        (58, 74), ("minor", "dorian"), SAD, SAD_B, ("clean guitar", "electric piano",
                                                      "soft organ"),
        (("clean guitar", "broken"), ("electric piano", "rolled")), (("round bass", "whole"),
                                                                      ("picked bass", "two")),
        ("warm pad", "", "soft organ"), (("", ""),), ("", "slow", "brushes"), ("4/4", "12/8"),
        (60, 76), 55, 0.28, 2.2, 0.35, 0.2,
    ),
    ("dark", "dark ambient"): Style(
        (58, 76), ("phrygian", "locrian"), DARK, DARK_B, ("bell", "low strings", "choir"),
        (("dark pad", "hold"), ("choir", "hold")), (("drone", "pedal"),), ("dark pad", "choir"),
        (("bell", "rare"), ("", "")), ("booms", ""), lead_range=(48, 65), comp_centre=48,
        busy=0.12, room_s=2.7, reverb=0.5, echo=0.25,
    ),
    ("dark", "cinematic"): Style(
        (66, 88), ("phrygian", "harmonic minor", "locrian"), DARK, DARK_B,
        ("cello", "low strings", "brass"), (("low strings", "ostinato"), ("low strings", "hold")),
        (("low strings", "pedal"), ("drone", "pedal")), ("dark pad", "choir"),
        (("bell", "rare"), ("", "")), ("booms", "toms"), ("4/4", "3/4"), (48, 67), 48, 0.22, 2.4,
        0.4,
    ),
    ("dark", "trip hop"): Style(
        (68, 86), ("phrygian", "minor", "harmonic minor"), DARK, DARK_B,
        ("electric piano", "bell", "cello"), (("dark pad", "hold"), ("electric piano", "rolled")),
        (("sub bass", "synco"), ("round bass", "synco")), ("dark pad", "low strings"),
        (("bell", "rare"), ("", "")), ("trip hop", "heavy slow"), lead_range=(52, 69),
        comp_centre=50, busy=0.26, room_s=1.8, reverb=0.3, echo=0.3,
    ),
    ("dark", "doom"): Style(
        (58, 74), ("phrygian", "locrian"), DARK, DARK_B, ("organ", "low strings", "choir"),
        (("power guitar", "hold"), ("low strings", "hold")), (("picked bass", "whole"),
                                                               ("drone", "pedal")),
        ("dark pad", "choir"), (("bell", "rare"), ("", "")), ("heavy slow", "booms"),
        ("4/4", "12/8"), (48, 65), 46, 0.18, 2.2, 0.3, 0.0, 2.0,
    ),
    ("angry", "metal"): Style(
        (140, 168), ("phrygian", "minor", "locrian"), ANGRY, ANGRY_B,
        ("scream lead", "power guitar"),
        (("muted guitar", "gallop chug"), ("power guitar", "chug")),
        (("picked bass", "eighths"), ("picked bass", "gallop")), ("",),
        beats=("metal", "double kick"), lead_range=(57, 76), comp_centre=46, busy=0.55,
        room_s=0.9, reverb=0.1, drive=7.0,
    ),
    ("angry", "hardcore"): Style(
        (168, 196), ("minor", "phrygian"), ANGRY, ANGRY_B, ("scream lead", "power guitar"),
        (("power guitar", "pulse chug"), ("power guitar", "chug")), (("picked bass", "eighths"),),
        ("",), beats=("skank", "blast"), lead_range=(57, 74), comp_centre=46, busy=0.5,
        room_s=0.7, reverb=0.08, drive=6.0,
    ),
    ("angry", "industrial"): Style(
        (132, 152), ("phrygian", "phrygian dominant", "locrian"), ANGRY, ANGRY_B,
        ("scream lead", "acid", "brass"),
        (("power guitar", "chug"), ("muted guitar", "pulse chug")),
        (("synth bass", "sixteenths"), ("acid", "gallop")), ("", "dark pad"),
        (("acid", "sixteenths"), ("", "")), ("industrial", "machine"), lead_range=(55, 74),
        comp_centre=46, busy=0.5, room_s=1.0, reverb=0.12, drive=8.0,
    ),
    ("angry", "thrash"): Style(
        (172, 204), ("phrygian", "locrian", "harmonic minor"), ANGRY, ANGRY_B,
        ("scream lead",), (("muted guitar", "gallop chug"), ("muted guitar", "pulse chug")),
        (("picked bass", "gallop"), ("picked bass", "eighths")), ("",),
        beats=("skank", "double kick"), lead_range=(60, 79), comp_centre=45, busy=0.6,
        room_s=0.7, reverb=0.08, drive=8.0,
    ),
}  # fmt: skip
