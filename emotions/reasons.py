"""Why a capture gave no reading, in words the listener can act on."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

#: code -> (title, advice). The codes are stable: API clients may branch on them.
ADVICE: dict[str, tuple[Promise, Promise]] = {
    "no_face": (
        _("No face found"),
        _(
            "Look straight into the camera, with your whole face in the picture and nothing "
            "before it, and try again."
        ),
    ),
    "too_dark": (
        _("Too dark"),
        _("Turn towards a window or switch on a lamp in front of you, and try again."),
    ),
    "too_small": (
        _("Too far away"),
        _("Come closer, so that your face fills a good part of the picture, and try again."),
    ),
    "blurred": (
        _("Not sharp"),
        _("Hold still, or wipe the lens, and try again."),
    ),
    "covered": (
        _("Face covered"),
        _(
            "Take the hand, mask, scarf or dark glasses away from your eyes and mouth, and "
            "try again."
        ),
    ),
    "several_faces": (
        _("More than one face"),
        _("Make sure that only you are in the picture, and try again."),
    ),
    "unreadable": (
        _("Picture could not be read"),
        _("The picture arrived damaged. Take a new one."),
    ),
    "waited_too_long": (
        _("Nobody came to read it"),
        _(
            "The reader was busy or stopped, and the picture was deleted. Try again in a "
            "minute, or pick your mood by hand."
        ),
    ),
    "consent_withdrawn": (
        _("Not read"),
        _("You withdrew your consent, so the picture was deleted unread."),
    ),
    "failed": (
        _("Something broke"),
        _(
            "We tried three times and could not read this picture; it was deleted. Try "
            "another one, or pick your mood by hand."
        ),
    ),
}

#: What keeps a camera from starting: names of the browser's errors, or of our own -> (title,
#: advice). The page's script looks for the name among them.
CAMERA_FAULTS: dict[str, tuple[Promise, Promise]] = {
    "NotAllowedError": (
        _("The camera is blocked"),
        _(
            "Your browser did not allow it. Click the camera sign in the address bar, or open the "
            "site's settings, to allow it, and press the button again. Or go on without."
        ),
    ),
    "NotReadableError AbortError": (
        _("The camera is busy"),
        _("Another program or tab uses it. Close that one and try again."),
    ),
    "NotFoundError OverconstrainedError": (
        _("No camera found"),
        _("This device seems to have none, or it is switched off. Connect one, and try again."),
    ),
    "SecurityError": (
        _("The camera needs a secure address"),
        _(
            "Browsers give the camera only to https pages, or to this very machine (localhost). "
            "Ask whoever runs this server for an https address. A photo works here too."
        ),
    ),
    "lost": (
        _("The camera went away"),
        _("It was unplugged or taken by another program. Start it again."),
    ),
    "other": (
        _("The camera did not start"),
        _("Try again, or go on without it."),
    ),
}

_OTHER = (
    _("Not read"),
    _("This picture could not be read. Take another one, or pick by hand."),
)


def title_of(reason: str) -> str:
    """A short heading for a reason code; "" for none."""
    return str(ADVICE.get(reason, _OTHER)[0]) if reason else ""


def advice_of(reason: str) -> str:
    """What the listener can do about a reason code; "" for none."""
    return str(ADVICE.get(reason, _OTHER)[1]) if reason else ""
