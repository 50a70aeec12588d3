"""Why a capture gave no reading, in words the listener can act on."""

from __future__ import annotations

#: code -> (title, advice). The codes are stable: API clients may branch on them.
ADVICE: dict[str, tuple[str, str]] = {
    "no_face": (
        "No face found",
        "Look straight into the camera, with your whole face in the picture and nothing before it, "
        "and try again.",
    ),
    "too_dark": (
        "Too dark",
        "Turn towards a window or switch on a lamp in front of you, and try again.",
    ),
    "too_small": (
        "Too far away",
        "Come closer, so that your face fills a good part of the picture, and try again.",
    ),
    "blurred": (
        "Not sharp",
        "Hold still, or wipe the lens, and try again.",
    ),
    "covered": (
        "Face covered",
        "Take the hand, mask, scarf or dark glasses away from your eyes and mouth, and try again.",
    ),
    "several_faces": (
        "More than one face",
        "Make sure that only you are in the picture, and try again.",
    ),
    "unreadable": (
        "Picture could not be read",
        "The picture arrived damaged. Take a new one.",
    ),
    "waited_too_long": (
        "Nobody came to read it",
        "The reader was busy or stopped, and the picture was deleted. Try again in a minute, "
        "or pick your mood by hand.",
    ),
    "consent_withdrawn": (
        "Not read",
        "You withdrew your consent, so the picture was deleted unread.",
    ),
    "failed": (
        "Something broke",
        "We tried three times and could not read this picture; it was deleted. Try another "
        "one, or pick your mood by hand.",
    ),
}

_OTHER = ("Not read", "This picture could not be read. Take another one, or pick by hand.")


def title_of(reason: str) -> str:
    """A short heading for a reason code; "" for none."""
    return ADVICE.get(reason, _OTHER)[0] if reason else ""


def advice_of(reason: str) -> str:
    """What the listener can do about a reason code; "" for none."""
    return ADVICE.get(reason, _OTHER)[1] if reason else ""
