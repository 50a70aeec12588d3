"""Measured traits of songs in a listener's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = tuple[str | Promise, str | Promise]
#: {feature: (much of it, little of it)}, of our own measuring and of imported tables.
SOUNDS: dict[str, Words] = {
    "tempo_bpm": (_("Fast songs"), _("Slow songs")),
    "tempo": (_("Fast songs"), _("Slow songs")),
    "pulse_clarity": (_("A clear beat"), _("A free pulse")),
    "loudness_db": (_("Loud songs"), _("Quiet songs")),
    "loudness": (_("Loud songs"), _("Quiet songs")),
    "dynamic_range_db": (_("Much between loud and soft"), _("An even loudness")),
    "energy": (_("Driving songs"), _("Gentle songs")),
    "onset_rate": (_("Many notes"), _("Few notes")),
    "percussiveness": (_("Drums and plucks"), _("Long soft tones")),
    "centroid_hz": (_("A bright sound"), _("A mellow sound")),
    "brightness": (_("A bright sound"), _("A mellow sound")),
    "flatness": (_("A noisy sound"), _("A pure sound")),
    "low_share": (_("Deep bass"), _("Little bass")),
    "high_share": (_("Shimmering highs"), _("Soft highs")),
    "contrast_db": (_("A transparent sound"), _("A dense sound")),
    "mode": (_("Major keys"), _("Minor keys")),
    "key_strength": (_("A clear key"), _("A floating key")),
    "harmonic_change": (_("Many chords"), _("Few chords")),
    "warmth": (_("A warm sound"), _("A cool sound")),
    "danceability": (_("Songs to dance to"), _("Songs not for dancing")),
    "acousticness": (_("Acoustic instruments"), _("Electronic sounds")),
    "instrumentalness": (_("Without singing"), _("With singing")),
    "speechiness": (_("Spoken words"), _("Few spoken words")),
    "liveness": (_("Live recordings"), _("Studio recordings")),
    "valence": (_("A cheerful sound"), _("A sombre sound")),
}


def sound_of(name: str) -> Words | None:
    """What much and little of a measured trait is called; None for those without common words,
    such as the fine print of timbre.
    """
    return SOUNDS.get(name)
