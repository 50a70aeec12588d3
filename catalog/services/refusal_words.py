"""Why a file of music was refused, for people.

`catalog.library` reads files in processes that know no Django, and says why in English; here that
is put into the language of whoever asked for the import.
"""

from __future__ import annotations

import re

from django.utils.translation import gettext, gettext_noop

#: Sentences of `catalog.library` that are always the same, so that they are in the catalogue.
SENTENCES = frozenset(
    {
        gettext_noop("Files of this kind are not read: only MP3, FLAC, OGG, Opus, M4A and WAV."),
        gettext_noop("It is larger than 8 GB."),
        gettext_noop("It is not the audio file that its beginning says."),
        gettext_noop("It says to be longer than it is: it is cut off, or made up."),
        gettext_noop("It was being written to; import it again when that is done."),
        gettext_noop("Its album was cut to 200 characters."),
        gettext_noop("Its artist was cut to 200 characters."),
        gettext_noop("Its content is no audio, whatever its name says."),
        gettext_noop("Its cover has too many pixels."),
        gettext_noop("Its cover is no picture that can be read."),
        gettext_noop("Its cover is too large; it was left out."),
        gettext_noop("Its tags are larger than any honest file's, so they were left."),
        gettext_noop("Its title was cut to 200 characters."),
        gettext_noop("No sound of a known length is in it."),
        gettext_noop("Reading it ended the process that did so."),
        gettext_noop("Reading it took too long, so it was left."),
        gettext_noop("The file is empty."),
        gettext_noop("The picture in its tags is too large; it was left out."),
        gettext_noop("This folder contains itself."),
        gettext_noop("This is no ordinary file."),
        gettext_noop("This link leads back to itself."),
        gettext_noop("This link leads nowhere."),
        gettext_noop("This link leads out of the folder."),
        gettext_noop("This link leads to a folder that it lies in."),
    }
)
#: Those that name what the system or a parser said.
NAMING = (
    gettext_noop("It cannot be opened: %(reason)s."),
    gettext_noop("It cannot be read: %(reason)s."),
    gettext_noop("It could not be understood (%(reason)s)."),
)
_NAMING = [
    (sentence, re.compile(re.escape(sentence).replace(re.escape("%(reason)s"), "(.*)")))
    for sentence in NAMING
]


def refusal_words(detail: str) -> str:
    """The sentence in the language in force; as it is where it is none of those known."""
    if detail in SENTENCES:
        return gettext(detail)
    for sentence, pattern in _NAMING:
        if found := pattern.fullmatch(detail):
            return gettext(sentence) % {"reason": found[1]}
    return detail
