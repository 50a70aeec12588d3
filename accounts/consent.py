"""The text a listener agrees to before a face is read; page, API and evidence share it.

A change of meaning needs a new version here: standing consents to an older one then no longer
count (`accounts.selectors.consent_standing`) and the listener is asked again.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ConsentText:
    """One version of the notice. `points` are (heading, sentences) pairs, in reading order."""

    version: int
    title: str
    summary: str
    points: tuple[tuple[str, str], ...]
    question: str


CURRENT = ConsentText(
    version=2,
    title="May MoodMusic read your expression?",
    summary=(
        "If you agree, you can take a picture and MoodMusic suggests songs for the expression on "
        "your face. If you would rather not, choose your mood by hand: you get the same songs, "
        "lists and player."
    ),
    points=(
        (
            "What is read",
            "Only pictures that you choose to send: a frame from your camera or a photo you "
            "upload. The software on this server finds the face in it and estimates how its "
            "expression divides between seven emotions. It does not recognise who you are.",
        ),
        (
            "What happens to the picture",
            "It is deleted as soon as it has been read, and just the same when no face was found "
            "or something went wrong. It is not sent to any other service.",
        ),
        (
            "What is kept",
            "Seven probabilities, the two mood values worked out from them, the time and the "
            "version of the software that read them, and your correction if you make one. Your "
            "corrections move how your own later pictures are read, and nobody else's.",
        ),
        (
            "What it cannot know",
            "An expression is not a feeling. Software misreads faces, and more often for some "
            "people than for others. You see how sure it is, and your own word always counts "
            "for more.",
        ),
        (
            "Where it must not be used",
            "Not at work and not in a classroom: reading the emotions of staff, pupils or "
            "students is forbidden in the European Union. Send only pictures of yourself.",
        ),
        (
            "Changing your mind",
            "You can withdraw at any time in the settings, with one click. From then on no "
            "picture of yours is accepted. We keep a note of when you agreed and when you "
            "withdrew, until you delete your account.",
        ),
    ),
    question="I agree that pictures I send are read in this way.",
)
