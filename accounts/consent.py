"""The text a listener agrees to before a face is read; page, API and evidence share it.

A change of meaning needs a new version here: standing consents to an older one then no longer
count (`accounts.selectors.consent_standing`) and the listener is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class ConsentText:
    """One version of the notice. Its words are translated when they are shown.

    `points` are (heading, sentences) pairs, in reading order.
    """

    version: int
    title: Any
    summary: Any
    points: tuple[tuple[Any, Any], ...]
    question: Any


CURRENT = ConsentText(
    version=3,
    title=_("May MoodMusic read your expression?"),
    summary=_(
        "If you agree, you can take a picture and MoodMusic suggests songs for the expression on "
        "your face. If you would rather not, choose your mood by hand: you get the same songs, "
        "lists and player."
    ),
    points=(
        (
            _("What is read"),
            _(
                "Only pictures that you choose to send: some frames from your camera or a photo "
                "you upload; and, if you start “Follow my face”, a frame every few seconds until "
                "you stop it. The software on this server finds the face in it and estimates how "
                "its expression divides between seven emotions. It does not recognise who you are."
            ),
        ),
        (
            _("What happens to the picture"),
            _(
                "It is deleted as soon as it has been read, and just the same when no face was "
                "found or something went wrong. It is not sent to any other service."
            ),
        ),
        (
            _("What is kept"),
            _(
                "Seven probabilities, the two mood values worked out from them, the time and the "
                "version of the software that read them, and your correction if you make one. Your "
                "corrections move how your own later pictures are read, and nobody else's."
            ),
        ),
        (
            _("What it cannot know"),
            _(
                "An expression is not a feeling. Software misreads faces, and more often for some "
                "people than for others. You see how sure it is, and your own word always counts "
                "for more."
            ),
        ),
        (
            _("Where it must not be used"),
            _(
                "Not at work and not in a classroom: reading the emotions of staff, pupils or "
                "students is forbidden in the European Union. Send only pictures of yourself."
            ),
        ),
        (
            _("Changing your mind"),
            _(
                "You can withdraw at any time on the privacy page, with one click. From then on no "
                "picture of yours is accepted. We keep a note of when you agreed and when you "
                "withdrew, until you delete your account."
            ),
        ),
    ),
    question=_("I agree that pictures I send are read in this way."),
)
