"""The sentences that say why a song is in a list, by their keys.

An item keeps the key and what is put in, so that a list speaks the language of whoever reads it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from emotions.models import Emotion
from recommendations.models.policy import Goal
from recommendations.models.situation import Activity

#: Key -> sentence. What stands in %()s is given with the key; `stars` chooses the plural.
SENTENCES: dict[str, Promise] = {
    # The mood read, or what was wished for
    f"fits_{Emotion.ANGRY}": _("Fits an angry mood"),
    f"fits_{Emotion.DISGUST}": _("Fits a disgusted mood"),
    f"fits_{Emotion.FEAR}": _("Fits a fearful mood"),
    f"fits_{Emotion.HAPPY}": _("Fits a happy mood"),
    f"fits_{Emotion.SAD}": _("Fits a sad mood"),
    f"fits_{Emotion.SURPRISE}": _("Fits a surprised mood"),
    f"fits_{Emotion.NEUTRAL}": _("Fits a neutral mood"),
    f"close_to_{Goal.LIFT}": _("Close to the lift you asked for"),
    f"close_to_{Goal.CALM}": _("Close to the calm you asked for"),
    f"close_to_{Goal.FOCUS}": _("Close to the focus you asked for"),
    "on_the_way": _("A step on the way you asked for"),
    # Other listeners
    "like_minded": _("Listeners with taste like yours rate it highly"),
    "popular": _("Many listeners here come back to it"),
    "liked_in_this_mood": _("Liked by others in this mood"),
    "liked_by_others": _("Liked by others here"),
    # What the listener said, in which situation
    f"said_{Activity.WORKING}": _("What you said of songs while working speaks for it"),
    f"said_{Activity.EXERCISING}": _("What you said of songs while exercising speaks for it"),
    f"said_{Activity.RELAXING}": _("What you said of songs while relaxing speaks for it"),
    f"said_{Activity.TRAVELLING}": _("What you said of songs on the way speaks for it"),
    f"said_{Activity.SOCIAL}": _("What you said of songs with others speaks for it"),
    f"said_{Activity.FALLING_ASLEEP}": _(
        "What you said of songs while falling asleep speaks for it"
    ),
    "said_at_this_time": _("What you said of songs at this time of day speaks for it"),
    # What the listener said of this song, of its artist, or of one like it
    "from_favourite": _("From a favourite that you named"),
    "like_favourite": _("Sounds like a favourite that you named"),
    "by_artist": _("By %(artist)s, whose songs you liked before"),
    "asked_for_it": _("You asked for more like this"),
    "asked_for_like_it": _("You asked for more like %(title)s by %(artist)s"),
    "played": _("You played it to the end before"),
    "rated": ngettext_lazy("You gave it %(stars)d star", "You gave it %(stars)d stars", "stars"),
    "like_liked": _("Like songs you liked before"),
    "like_rated": ngettext_lazy(
        "Like %(title)s by %(artist)s, which you gave %(stars)d star",
        "Like %(title)s by %(artist)s, which you gave %(stars)d stars",
        "stars",
    ),
    "like_played": _("Like %(title)s by %(artist)s, which you played to the end"),
    "unlike_rated": ngettext_lazy(
        "Unlike %(title)s by %(artist)s, which you gave %(stars)d star",
        "Unlike %(title)s by %(artist)s, which you gave %(stars)d stars",
        "stars",
    ),
    "unlike_skipped": _("Unlike %(title)s by %(artist)s, which you skipped"),
    "unlike_turned_down": _("Unlike %(title)s by %(artist)s, which you turned down"),
    # Nobody yet
    "tried": _("One to try: drawn among songs that may suit this mood"),
    "next_best": _("The next best of what is left for this mood"),
}


def sentence_of(key: str, values: Mapping[str, Any]) -> str:
    """The sentence in the language in force, at most 200 characters where names are short ones.

    Raises
    ------
    KeyError
        For a key that is none of SENTENCES, or a value that it needs and lacks.
    """
    return str(SENTENCES[key] % values)
